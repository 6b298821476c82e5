import type { RunEvent, RunEventBody } from '../../../src/domain/event.ts';

/** An event as the program emits it. */
export function event(body: RunEventBody): RunEvent {
  return { at: '2026-01-01T00:00:00.000Z', run: 'test', version: 2, ...body };
}

const purposeOf = (stage: string, task: string | null) => ({
  stage,
  feature: 'feature',
  task,
  attempt: 1,
  round: 1,
});

const callOf = (stage: string, task: string | null) => ({
  call: `${stage}-${task ?? 'plan'}`,
  role: 'coder' as const,
  model: 'vendor/model',
  purpose: purposeOf(stage, task),
});

export const runStart = (tasks: number): RunEvent =>
  event({ type: 'run-start', command: 'run', feature: 'feature', tasks, concurrency: 4 });

export const taskStart = (task: string, title = `Title of ${task}`): RunEvent =>
  event({ type: 'task-start', task, title, attempt: 1, resumed: false });

export const callStart = (stage: string, task: string | null): RunEvent =>
  event({ type: 'call-start', ...callOf(stage, task) });

export const delta = (stage: string, task: string | null, text: string): RunEvent =>
  event({ type: 'call-delta', text, ...callOf(stage, task) });

export const callFinish = (stage: string, task: string | null): RunEvent =>
  event({
    type: 'call-finish',
    finishReason: 'stop',
    usage: { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 },
    durationMs: 1,
    stored: false,
    servedBy: 'vendor/model',
    ...callOf(stage, task),
  });

export const callRetry = (stage: string, task: string | null): RunEvent =>
  event({
    type: 'call-retry',
    tries: 1,
    kind: 'overloaded',
    delayMs: 1_000,
    ...callOf(stage, task),
  });

export const taskFinish = (
  task: string,
  status: 'done' | 'failed' | 'needs_review' = 'done',
): RunEvent =>
  event({ type: 'task-finish', task, status, reason: 'As tested.', attempt: 1, rounds: 1 });

export const leftPending = (task: string): RunEvent =>
  event({ type: 'task-status', task, from: 'in_progress', to: 'pending', by: 'engine' });
