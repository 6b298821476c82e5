import type { RunEventBody } from '../../src/domain/event.ts';
import { withoutControls } from '../../src/domain/text.ts';
import { noUsage } from '../../src/domain/usage.ts';
import { renderFencedBundle } from '../../src/text/bundle/render-fenced.ts';
import { exactKey } from '../../src/text/content-key.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { timed } from '../report/preferences/events.ts';

type Files = Record<string, string>;

/** `journal.jsonl`. */
export function journal(...bodies: readonly RunEventBody[]): Files {
  const lines = timed(bodies).map((event) => `${JSON.stringify(event)}\n`);
  return { 'journal.jsonl': lines.join('') };
}

/** A finished call with the texts of its prompt, named `system…` or after its part. */
export function keptCall(
  hash: string,
  prompt: Readonly<Record<string, string>>,
  text: string,
  schema: string | null = null,
): Files {
  const parts = Object.entries(prompt).map(([name, part]) => ({
    role: name.startsWith('system') ? 'system' : 'user',
    name,
    hash: sha256(part),
    cache: false,
  }));
  const request = { role: 'coder', parts, schema, maxOutputTokens: 9, effort: null, salt: null };
  const call = {
    version: 2,
    request,
    text,
    finishReason: 'stop',
    rawFinishReason: null,
    usage: noUsage,
    identity: { ref: { provider: 'one', model: 'author' }, family: 'one' },
    servedBy: 'x',
    warnings: [],
    at: '2026-01-01',
    durationMs: 1,
  };
  const texts = Object.values(prompt).map((part) => [`calls/parts/${sha256(part)}.txt`, part]);
  return { [`calls/${hash}.json`]: JSON.stringify(call), ...Object.fromEntries(texts) };
}

/** What is kept of a work of one file, `src/a.js`, with what proves that gates saw it. */
export function keptWork(file: string, gates: string, content: string, notes = ''): Files {
  const bundle = bundleOf(content);
  const key = exactKey(new Map([['src/a.js', content]]));
  const said = notes === '' ? '' : `\nIts author’s notes:\n\`\`\`\n${notes}\n\`\`\`\n`;
  return {
    [file]: withoutControls(`${renderFencedBundle(bundle)}${said}`),
    [`${gates}/${key.slice(0, 16)}.json`]: JSON.stringify({ key, value: [] }),
  };
}

/** As an export has it. */
export function exported(content: string): string {
  return renderFencedBundle(bundleOf(content)).trimEnd();
}

export function bundleOf(content: string) {
  const files = [{ path: 'src/a.js', content }];
  return { files, edits: [], deletions: [], tests: [], commands: [], notes: '' };
}

/** The outcome of an attempt, as it is kept. */
export function outcome(content: string): string {
  const result = {
    at: '2026-01-01T00:00:00.000Z',
    run: null,
    attempt: 1,
    outcome: 'not_approved',
    by: 'supervisor',
    reason: 'x',
    rounds: 1,
    author: null,
    reviewer: null,
    files: [],
    gates: [],
    review: null,
    feedback: null,
  };
  return JSON.stringify({
    version: 2,
    about: 'x',
    status: 'needs_review',
    again: 'no',
    result,
    author: null,
    deliverable: { kind: 'files', bundle: bundleOf(content) },
    seen: [],
    base: [],
  });
}

/** All files below a folder. */
export function below(folder: string, ...all: readonly Files[]): Files {
  return Object.fromEntries(
    all.flatMap((files) =>
      Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text] as const),
    ),
  );
}
