import { counted } from '../../text/counted.ts';
import { durationText } from '../../text/duration.ts';
import { usdText } from '../cost.ts';
import { stateWords } from '../progress.ts';
import type { FeaturePart, ReportDocument } from '../work/document.ts';
import { html, type Markup, type Shown } from './html.ts';
import { numberText, taskLink, timeText } from './parts.ts';

/** What it is about, how far it is, what it has cost, and what waits for a person. */
export function headSection(document: ReportDocument): Markup {
  const { subject, feature } = document;
  return html`<header>
    <p class="sub">blueprint · ${subject.kind} <code>${subject.name}</code></p>
    <h1>${subject.title}</h1>
    ${feature && html`<p class="sub">${stateLine(feature)}</p>`}
    <dl class="figures">
      ${figures(document).map(
        ([name, value, note]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}<small>${note}</small></dd>
          </div>`,
      )}
    </dl>
    ${feature && attention(feature)}
    <nav aria-label="Sections">
      ${sections(document).map(([id, name]) => html`<a href="#${id}">${name}</a>`)}
    </nav>
  </header>`;
}

function stateLine({ progress, first, last }: FeaturePart): string {
  const { settled, total, states } = progress;
  const others = (['in_progress', 'ready', 'blocked', 'needs_review', 'failed'] as const)
    .filter((state) => (states[state] ?? 0) > 0)
    .map((state) => `${states[state]} ${stateWords(state)}`);
  const words =
    total > 0 && settled === total
      ? 'All tasks are settled'
      : [`${settled} of ${total} settled`, ...others].join(', ');
  if (first === null || last === null) return words;
  return `${words} · ${timeText(first)} to ${timeText(last)} UTC`;
}

function figures({ feature, debates, cost }: ReportDocument): [string, string, string][] {
  const { total, useful, wasted } = cost;
  const { input, output } = total.tokens;
  const all: [string, string, string][] = [];
  if (feature !== null) {
    const { progress, requirements, criticalPath, workedMs } = feature;
    const met = requirements.filter(({ coverage }) => coverage === 'met').length;
    const said = progress.saidByFile > 0 ? `, ${progress.saidByFile} as the file says` : '';
    all.push(
      ['Tasks', `${progress.settled} / ${progress.total}`, `settled${said}`],
      ['Requirements', `${met} / ${requirements.length}`, 'met'],
      ['Time', durationText(workedMs), `critical path ${durationText(criticalPath.ms)}`],
    );
  } else {
    const position = debates[0]?.position;
    all.push(
      ['Verdict', position?.verdict ?? '–', position ? 'final' : 'not finished'],
      ['Issues', String(position?.issues.length ?? 0), 'raised'],
    );
  }
  all.push(
    ['Cost', usdText(total), `useful ${usdText(useful)}, wasted ${usdText(wasted)}`],
    ['Calls', numberText(total.calls), `${numberText(input)} tokens in, ${numberText(output)} out`],
  );
  return all;
}

/** What a person has to look at, first. */
function attention({ tasks, requirements }: FeaturePart): Shown {
  const waiting = tasks.filter(({ state }) => state === 'needs_review');
  const failed = tasks.filter(({ state }) => state === 'failed');
  const uncovered = requirements.filter(({ coverage }) => coverage === 'uncovered');
  const most = 20;
  const named = (some: typeof tasks): Shown => [
    some.slice(0, most).map(({ id }) => html` ${taskLink(id)}`),
    some.length > most && ' …',
  ];
  const parts: Markup[] = [];
  if (waiting.length > 0)
    parts.push(
      html`<p>
        <strong>${counted(waiting.length, 'task')} to be reviewed by you:</strong>${named(waiting)}
      </p>`,
    );
  if (failed.length > 0) parts.push(html`<p><strong>Failed:</strong>${named(failed)}</p>`);
  if (uncovered.length > 0)
    parts.push(
      html`<p>
        <strong>Covered by no task:</strong> ${uncovered
          .slice(0, most)
          .map(({ id }) => id)
          .join(', ')}
      </p>`,
    );
  return parts.length > 0 && html`<div class="attention">${parts}</div>`;
}

function sections({ feature, debates, works }: ReportDocument): [string, string][] {
  const ofFeature: [string, string][] = [
    ['graph', 'Graph'],
    ['time', 'Timeline'],
    ['coverage', 'Requirements'],
    ['tasks', 'Tasks'],
  ];
  return [
    ...(feature === null ? [] : ofFeature),
    ...(debates.length > 0 ? [['debates', 'Debates'] satisfies [string, string]] : []),
    ...((feature?.decisions.length ?? 0) + (feature?.applied.length ?? 0) > 0
      ? [['decisions', 'Decisions'] satisfies [string, string]]
      : []),
    ['cost', 'Cost'],
    ...(works.length > 0 ? [['works', 'Other work'] satisfies [string, string]] : []),
  ];
}
