import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { renderFencedBundle } from '../src/text/bundle/render-fenced.ts';
import { exactKey } from '../src/text/content-key.ts';
import { sha256 } from '../src/text/sha256.ts';
import type { Measurement } from './measurement.ts';

const events = 100_000;
/** Of a task that was refused once and then approved. */
const perTask = 14;

/** Writes to its fourth stream the most memory that a process had resident, in kilobytes, when it ends. */
const reportMemory = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`,
)}`;

/** The memory of the exports of a feature whose journal holds 100,000 events, as whole processes. */
export async function exports(): Promise<Measurement[]> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  try {
    await writeFeature(join(root, 'features/large'));
    const pairs = ['export', 'preferences', 'large', '--format', 'openai', '--out', 'pairs.jsonl'];
    const trace = ['export', 'trace', 'large', '--out', 'trace.jsonl'];
    return [
      {
        what: `resident memory of an export of pairs from a journal of ${events} events`,
        measured: await residentMb(root, pairs),
        unit: 'MB',
        bar: 300,
      },
      {
        what: `resident memory of an export of the calls of the same`,
        measured: await residentMb(root, trace),
        unit: 'MB',
        bar: 300,
      },
    ];
  } finally {
    await rm(root, { recursive: true });
  }
}

async function residentMb(cwd: string, args: readonly string[]): Promise<number> {
  const main = resolve('dist/main.js');
  const { stdio, stderr } = await execa(
    process.execPath,
    ['--import', reportMemory, main, ...args],
    { cwd, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const found = Math.floor(events / perTask);
  if (args.includes('preferences') && !String(stderr).includes(`${found} pairs`))
    throw new Error(`not every pair was found: ${String(stderr)}`);
  return (Number(stdio[3]) * 1_024) / 1_000_000;
}

/** A feature of so many tasks, each with a work that was refused and one that was approved. */
async function writeFeature(folder: string): Promise<void> {
  await mkdir(join(folder, 'calls/parts'), { recursive: true });
  const journal = createWriteStream(join(folder, 'journal.jsonl'));
  const context = 'What the project holds.\n'.repeat(400);
  await writeFile(join(folder, `calls/parts/${sha256(context)}.txt`), context);
  for (let number = 1; number <= Math.floor(events / perTask); number++) {
    const lines = await taskOf(folder, `T${number}`, context);
    if (!journal.write(lines)) await once(journal, 'drain');
  }
  journal.end();
  await once(journal, 'close');
}

/** Its files, and its part of the journal. */
async function taskOf(folder: string, task: string, context: string): Promise<string> {
  const question = `Write src/${task}.js.`;
  const calls = [1, 2, 3, 4].map((index) => sha256(`${task} ${index}`));
  await writeFile(join(folder, `calls/parts/${sha256(question)}.txt`), question);
  for (const call of calls)
    await writeFile(join(folder, `calls/${call}.json`), keptCall([context, question]));
  const attempt = join(folder, `partial/${task}/1`);
  await mkdir(join(attempt, 'gates'), { recursive: true });
  for (const round of [1, 2]) {
    const content = `export const round = ${round};\n`.repeat(200);
    const files = [{ path: `src/${task}.js`, content }];
    const work = { files, edits: [], deletions: [], tests: [], commands: [], notes: '' };
    const key = exactKey(new Map([[`src/${task}.js`, content]]));
    await mkdir(join(attempt, `round-${round}`));
    await writeFile(join(attempt, `round-${round}/candidate.md`), renderFencedBundle(work));
    await writeFile(join(attempt, `gates/${key.slice(0, 16)}.json`), JSON.stringify({ key }));
  }
  const stamp = { at: '2026-01-01T00:00:00.000Z', run: 'r', version: 2 };
  const call = (index: number, stage: string, round: number): object[] => {
    const purpose = { stage, feature: 'large', task, attempt: 1, round };
    const about = { call: calls[index], role: 'coder', model: 'one/author', purpose };
    const usage = { input: 9, cachedInput: 0, cacheWrite: 0, output: 9, reasoning: 0 };
    const end = { finishReason: 'stop', usage, durationMs: 1, stored: false, servedBy: 'x' };
    return [
      { type: 'call-start', ...about },
      { type: 'call-finish', ...end, ...about },
    ];
  };
  const of = { task, attempt: 1 };
  const gate = (round: number): object => ({
    type: 'gate-finish',
    ...of,
    round,
    candidate: null,
    result: { gate: 'tests', status: 'passed', summary: 'x', findings: [], durationMs: 1 },
  });
  const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
  const review = (round: number): object => ({
    type: 'review-finish',
    ...of,
    round,
    review: { verdict: round === 1 ? 'revise' : 'accept', summary: 'x', scores, findings: [] },
    reviewer: 'two/reviewer',
    sameFamily: false,
  });
  const bodies: object[] = [
    { type: 'task-start', task, title: 'x', attempt: 1, resumed: false },
    ...call(0, 'execute', 1),
    gate(1),
    ...call(1, 'review', 1),
    review(1),
    ...call(2, 'correct', 1),
    gate(2),
    ...call(3, 'review', 2),
    review(2),
    { type: 'task-finish', task, status: 'done', reason: 'x', attempt: 1, rounds: 2 },
  ];
  if (bodies.length !== perTask) throw new Error(`a task has ${bodies.length} events`);
  return bodies.map((body) => `${JSON.stringify({ ...stamp, ...body })}\n`).join('');
}

function keptCall(parts: readonly string[]): string {
  const asked = parts.map((part) => ({
    role: 'user',
    name: 'x',
    hash: sha256(part),
    cache: false,
  }));
  const request = { role: 'coder', parts: asked, schema: null, maxOutputTokens: 9 };
  return JSON.stringify({
    version: 2,
    request: { ...request, effort: null, salt: null },
    text: 'x',
    finishReason: 'stop',
    rawFinishReason: null,
    usage: { input: 9, cachedInput: 0, cacheWrite: 0, output: 9, reasoning: 0 },
    identity: { ref: { provider: 'one', model: 'author' }, family: 'one' },
    servedBy: 'x',
    warnings: [],
    at: '2026-01-01',
    durationMs: 1,
  });
}
