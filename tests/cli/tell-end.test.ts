import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processScreen } from '../../src/cli/screen.ts';
import { tellEnd } from '../../src/cli/tell-end.ts';
import { createProgram } from '../../src/compose/program.ts';
import { BlueprintError, ExitCode, InterruptedError } from '../../src/domain/errors.ts';
import type { RunEvent } from '../../src/domain/event.ts';
import type { Notice } from '../../src/domain/notice.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const key = 'sk-lab-0123456789abcdefghij';
const stamp = { at: '2026-01-01T00:00:00.000Z', run: 'r', version: 2 } as const;
const purpose = { stage: 'ask', feature: 'clamp-1a2b', task: null, attempt: 1, round: 1 };
const called: RunEvent = {
  type: 'call-start',
  ...stamp,
  call: 'c',
  role: 'solver',
  model: 'lab/m',
  purpose,
};
const found: RunEvent = { type: 'gate-outlook', ...stamp, gate: 'tests', found: 'none' };

/** Does work that brings these events and ends so, and gives what a notifier then got. */
async function noticeOf(events: readonly RunEvent[], end: () => { exitCode: ExitCode }) {
  const cwd = await temporaryFolder();
  await writeFile(
    join(cwd, 'told.mjs'),
    `import { appendFileSync, readFileSync } from 'node:fs'; appendFileSync('told', readFileSync(0, 'utf8'));`,
  );
  const env = { LAB_API_KEY: key, BLUEPRINT_NOTIFY_COMMAND: `${process.execPath},told.mjs` };
  const program = await createProgram({
    cwd,
    env,
    flags: {},
    now: () => new Date(),
    warn: () => undefined,
  });
  const lasts: Promise<void>[] = [];
  const { signal } = new AbortController();
  const telling = {
    screen: processScreen({ ...process, env }, { quiet: true, color: false }),
    signal,
    beforeEnd: (last: Promise<void>) => void lasts.push(last),
    program: async () => program,
  };
  const heard: RunEvent[] = [];
  const caller = { signal, listen: (event: RunEvent) => void heard.push(event) };
  const result = await tellEnd(
    { command: 'ask' },
    telling,
    async ({ listen }) => {
      for (const event of events) listen?.(event);
      return end();
    },
    () => 'C1 wins.',
    caller,
  ).catch((error: unknown) => error);
  await Promise.all(lasts);
  expect(heard).toEqual(events);
  const text = await readFile(join(cwd, 'told'), 'utf8').catch(() => null);
  return { result, text, notice: text === null ? null : (JSON.parse(text) as Notice) };
}

test('who looked away is told of work without a feature by its folder', async () => {
  const outcome = { exitCode: ExitCode.needsReview };
  const { result, notice } = await noticeOf([called], () => outcome);
  expect(result).toBe(outcome);
  expect(notice).toEqual({
    command: 'ask',
    feature: null,
    id: 'clamp-1a2b',
    outcome: 'needs-review',
    exitCode: 3,
    message: 'ask clamp-1a2b: needs your review. C1 wins',
    cost: { calls: 0, usd: 0, unpriced: 0 },
  });
});

test.each([
  ['what is ours', new Error('a bug'), 'failed', 1],
  ['the system’s', Object.assign(new Error('full'), { code: 'ENOSPC' }), 'unavailable', 5],
  ['a user’s', new BlueprintError({ code: 'secret-in-file', message: 'no' }), 'failed', 2],
  [
    'a budget’s',
    new BlueprintError({ code: 'budget-reached', message: 'no', exitCode: ExitCode.budget }),
    'budget',
    4,
  ],
  ['an interruption', new InterruptedError(), 'interrupted', 130],
] as const)('a fault that is %s is told and goes on', async (_, error, outcome, exitCode) => {
  const { result, notice } = await noticeOf([called], () => {
    throw error;
  });
  expect(result).toBe(error);
  expect(notice).toMatchObject({ outcome, exitCode });
});

test('a message is one line, and holds no secret and nothing that drives a terminal', async () => {
  const message = `the server said:\n  \u001b[2J${key}\u202e ${'long '.repeat(200)}`;
  const { text, notice } = await noticeOf([called], () => {
    throw new BlueprintError({ code: 'provider', message });
  });
  expect(notice?.message).toMatch(
    /^ask clamp-1a2b: failed\. the server said: \\u\{1b\}\[2J\[redacted\]\\u\{202e\} long .*…$/,
  );
  expect(notice?.message.length).toBeLessThanOrEqual(300);
  expect(text).not.toContain(key);
});

test('nobody is told where no work was begun', async () => {
  const { notice } = await noticeOf([found], () => ({ exitCode: ExitCode.done }));
  expect(notice).toBeNull();
});
