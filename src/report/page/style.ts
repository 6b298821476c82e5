import { literal } from './html.ts';

/** The one style sheet of a page. Its hash is in the page's policy, so nothing else styles it. */
export const style = literal`
:root {
  color-scheme: light dark;
  --ground: #fbfbfa; --card: #ffffff; --text: #1c1f23; --quiet: #5b626b; --line: #dfe2e6; --soft: #f1f2f4;
  --accent: #2f5fd0; --good: #1a7042; --bad: #b3261e; --warn: #8a5a00;
  --good-soft: #e3f3ea; --bad-soft: #fbe7e5; --warn-soft: #fbf0d9; --accent-soft: #d9e3fa;
  --call: #5b84e0; --gate: #3f9d84; --planning: #b9a5e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14161a; --card: #1b1e24; --text: #e6e8eb; --quiet: #a0a8b3; --line: #31363f; --soft: #23272e;
    --accent: #8fb0ff; --good: #7fd1a3; --bad: #ff9d94; --warn: #e8bf6a;
    --good-soft: #17352a; --bad-soft: #43211f; --warn-soft: #3a2f17; --accent-soft: #26365c;
    --call: #6f97f0; --gate: #56b39a; --planning: #7d6bb0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
main, header, footer { max-width: 1060px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
footer { padding-bottom: 48px; color: var(--quiet); font-size: 13px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 0 0 12px; }
h3 { font-size: 15px; margin: 20px 0 8px; }
h4 { font-size: 14px; margin: 16px 0 6px; }
h5 { font-size: 12px; margin: 12px 0 4px; color: var(--quiet); font-weight: 600; }
p { margin: 0 0 10px; }
main > section { margin: 40px 0; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.88em; }
span, strong, code, a, h1, h3 { unicode-bidi: isolate; }
.prose { white-space: pre-line; }
.note, .aside, .sub { color: var(--quiet); font-size: 13px; }
.id { font-weight: 600; }
ul { margin: 4px 0 10px; padding-left: 20px; }
li { margin: 3px 0; }
nav { margin: 18px 0 0; font-size: 14px; }
nav a { margin-right: 16px; white-space: nowrap; }
.scroll { overflow-x: auto; max-width: 100%; }
.scroll.tall { overflow-y: auto; max-height: 860px; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 1px; margin: 24px 0 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.figures div { box-shadow: 0 0 0 1px var(--line); padding: 12px 16px; }
.figures dt { color: var(--quiet); font-size: 12px; margin: 0; }
.figures dd { margin: 2px 0 0; font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dd small { display: block; font-size: 12px; font-weight: 400; color: var(--quiet); }

.chip { display: inline-block; padding: 0 8px; border-radius: 10px; font-size: 12px; line-height: 20px; background: var(--soft); color: var(--quiet); white-space: nowrap; }
.chip.good, .chip.done { background: var(--good-soft); color: var(--good); }
.chip.bad, .chip.failed { background: var(--bad-soft); color: var(--bad); }
.chip.warn, .chip.needs_review, .chip.said { background: var(--warn-soft); color: var(--warn); }
.chip.in_progress, .chip.ready { background: var(--accent-soft); color: var(--accent); }
.attention { border-left: 3px solid var(--warn); background: var(--warn-soft); padding: 10px 16px; border-radius: 0 6px 6px 0; margin-top: 20px; }
.attention p { margin: 0; }

table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--quiet); font-size: 12px; white-space: nowrap; }
tbody th { min-width: 150px; } td { min-width: 60px; } td code { display: inline-block; min-width: 150px; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding: 7px 0 7px 14px; }
.line { white-space: nowrap; margin-bottom: 3px; }
dl { display: grid; grid-template-columns: 130px 1fr; gap: 3px 16px; margin: 8px 0 12px; font-size: 14px; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; }
dd ul { margin: 0; padding-left: 16px; }

summary { cursor: pointer; }
details > summary { color: var(--quiet); font-size: 13px; margin: 4px 0; }
details.task { border: 1px solid var(--line); border-radius: 8px; background: var(--card); margin: 8px 0; }
details.task > summary { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; padding: 10px 16px; margin: 0; color: inherit; list-style: none; }
details.task > summary::-webkit-details-marker { display: none; }
details.task > summary h3 { margin: 0; font-size: 15px; font-weight: 500; flex: 1 1 300px; }
details.task[open] > summary { border-bottom: 1px solid var(--line); }
.body { padding: 14px 16px 8px; }
.round { border-left: 2px solid var(--line); padding-left: 14px; margin: 8px 0 12px; font-size: 14px; }
.gates { list-style: none; padding-left: 0; }
.diff { margin-top: 14px; }
.plus { color: var(--good); } .minus { color: var(--bad); }
pre { margin: 6px 0; padding: 10px 0; background: var(--soft); border-radius: 6px; font-size: 12.5px; line-height: 1.5; tab-size: 4; overflow-wrap: normal; }
pre:not(:has(code)) { padding: 10px 14px; white-space: pre-wrap; }
pre code { display: inline-block; min-width: 100%; font-size: inherit; }
pre span { display: block; white-space: pre; padding: 0 14px; height: 1.5em; }
pre .added { background: var(--good-soft); } pre .removed { background: var(--bad-soft); }
pre .hunk { color: var(--accent); } pre .file { font-weight: 600; }
blockquote { margin: 4px 0; padding: 2px 12px; border-left: 2px solid var(--line); color: var(--quiet); }
.debate { margin-bottom: 28px; }

svg { display: block; font-family: inherit; }
svg text { fill: var(--text); font-size: 12px; }
svg .id { font-size: 12px; font-weight: 600; } svg .title { font-size: 12px; } svg .state-word { font-size: 11px; fill: var(--quiet); }
.node rect { fill: var(--card); stroke: var(--line); } .node.strong rect { stroke: var(--text); stroke-width: 1.5; }
.node rect.state { stroke: none; fill: var(--line); }
.node.done rect.state { fill: var(--good); } .node.failed rect.state { fill: var(--bad); } .node.needs_review rect.state { fill: var(--warn); }
.node.in_progress rect.state, .node.ready rect.state { fill: var(--accent); }
a:hover .node rect { stroke: var(--accent); }
.edge { fill: none; stroke: var(--quiet); stroke-opacity: 0.5; } .tip { fill: var(--quiet); fill-opacity: 0.6; }
.edge.far { stroke-opacity: 0.18; } .edge.strong { stroke: var(--text); stroke-opacity: 0.9; stroke-width: 1.75; } .tip.strong { fill: var(--text); fill-opacity: 0.9; }
.grid { stroke: var(--line); } svg .tick { font-size: 11px; fill: var(--quiet); }
svg .lane { fill: var(--quiet); } svg .lane.strong { fill: var(--text); font-weight: 600; } svg .on-bar { fill: var(--ground); font-size: 11px; font-weight: 600; }
.critical { fill: var(--text); } .rest { stroke: var(--warn); stroke-dasharray: 3 3; }
rect.attempt { fill: var(--accent-soft); } rect.stage { fill: var(--planning); fill-opacity: 0.45; } rect.call { fill: var(--call); } rect.gate { fill: var(--gate); } rect.failed-call { fill: var(--bad); }
.legend { margin-top: 8px; font-size: 12px; color: var(--quiet); }
.key { margin-right: 16px; white-space: nowrap; } .key::before { content: ""; display: inline-block; width: 12px; height: 10px; border-radius: 2px; margin-right: 6px; background: var(--line); }
.key.attempt::before { background: var(--accent-soft); } .key.stage::before { background: var(--planning); } .key.call::before { background: var(--call); } .key.gate::before { background: var(--gate); } .key.failed-call::before { background: var(--bad); }
.key.rest::before { background: none; border-left: 2px dashed var(--warn); border-radius: 0; width: 4px; }

@media (max-width: 600px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 24px; }
  dl { grid-template-columns: 1fr; gap: 0; } dl:not(.figures) dt { margin-top: 6px; font-size: 12px; }
}
@media print {
  body { background: none; font-size: 11pt; }
  nav { display: none; }
  .scroll, .scroll.tall { overflow: visible; max-height: none; } svg { max-width: 100%; height: auto; } pre span { white-space: pre-wrap; height: auto; }
  details::details-content { content-visibility: visible; block-size: auto; }
  details.task, tr { break-inside: avoid-page; }
}
`;
