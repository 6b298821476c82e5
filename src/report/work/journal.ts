import type { RunEvent } from '../../domain/event.ts';
import { createAttempts, type AttemptReading } from './attempts.ts';
import type { Bar, Span } from './spans.ts';

/** What a person decided, or did to the plan. */
export type Decision = Pick<
  Extract<RunEvent, { type: 'decision' }>,
  'at' | 'task' | 'what' | 'feedback' | 'detail'
> & { readonly files: readonly string[] };

/** A warning, as often as it was given. */
export interface WarningReading {
  /** The last time. */
  readonly at: string;
  readonly code: string;
  readonly message: string;
  readonly task: string | null;
  readonly times: number;
}

/** Approved work written into the project, or taken back. */
export interface ApplyReading {
  readonly at: string;
  readonly what: 'apply' | 'undo';
  readonly files: readonly string[];
}

/** What a journal tells of a piece of work. */
export interface JournalReading {
  /** Of each task, by its number. */
  readonly attempts: ReadonlyMap<string, readonly AttemptReading[]>;
  /** Planning, attempts, calls and checks, each with its time. */
  readonly bars: readonly Bar[];
  readonly decisions: readonly Decision[];
  readonly warnings: readonly WarningReading[];
  readonly applied: readonly ApplyReading[];
  /** How the project's own tests came out before any work, as it was said last. */
  readonly outlooks: readonly { readonly gate: string; readonly found: string }[];
  /** Null where nothing happened. */
  readonly first: string | null;
  readonly last: string | null;
}

/** Takes a journal's events in their order. */
export interface JournalFold {
  follow(event: RunEvent): void;
  reading(): JournalReading;
}

export function createJournalFold(): JournalFold {
  const attempts = createAttempts();
  const calls: Bar[] = [];
  const started = new Map<string, number>();
  const stages: Bar[] = [];
  let stage: { name: string; from: number } | null = null;
  const decisions: Decision[] = [];
  const warnings = new Map<string, WarningReading>();
  const applied: ApplyReading[] = [];
  /** Of the last run. */
  let outlooks: { readonly gate: string; readonly found: string }[] = [];
  let first: string | null = null;
  let last: string | null = null;
  let time = 0;

  const endStage = (): void => {
    if (stage !== null) stages.push(barOf('stage', null, stage.name, stage.from, time));
    stage = null;
  };

  /** What took time. */
  const record = (event: RunEvent): void => {
    if (event.type === 'stage-start') stage = { name: event.stage, from: time };
    if (event.type === 'stage-finish') endStage();
    if (event.type === 'call-start') started.set(`${event.run} ${event.call}`, time);
    if (event.type === 'call-finish' || event.type === 'call-fail') {
      const key = `${event.run} ${event.call}`;
      const from = Math.max(started.get(key) ?? 0, time - event.durationMs);
      started.delete(key);
      if (event.type === 'call-finish' && event.stored) return;
      const name = `${event.purpose.stage}, ${event.model}`;
      const kind = event.type === 'call-fail' ? 'failed-call' : 'call';
      calls.push(barOf(kind, event.purpose.task, name, from, time));
    }
    if (event.type === 'gate-finish') {
      const { gate, status, durationMs } = event.result;
      calls.push(barOf('gate', event.task, `${gate}: ${status}`, time - durationMs, time));
    }
  };

  const recordForPeople = (event: RunEvent): void => {
    if (event.type === 'decision') {
      const { at, task, what, feedback, detail } = event;
      const files = event.files.map(({ path }) => path);
      decisions.push({ at, task, what, feedback, detail, files });
    }
    if (event.type === 'warning') {
      const { at, code, message, task } = event;
      const key = JSON.stringify([code, message, task]);
      const times = (warnings.get(key)?.times ?? 0) + 1;
      warnings.set(key, { at, code, message, task, times });
    }
    if (event.type === 'apply-finish' || event.type === 'undo-finish')
      applied.push({
        at: event.at,
        what: event.type === 'apply-finish' ? 'apply' : 'undo',
        files: event.files.map(({ path, change }) => `${change} ${path}`),
      });
    if (event.type === 'run-start') outlooks = [];
    if (event.type === 'gate-outlook') outlooks.push({ gate: event.gate, found: event.found });
  };

  return {
    follow(event) {
      const at = Date.parse(event.at);
      // A stamp that is no time, or that goes back: clocks are set.
      const now = Number.isNaN(at) ? time : Math.max(time, at);
      // A stage that a killed process left ended when something was heard of it last.
      if (event.type === 'stage-start' || event.type === 'run-start') endStage();
      time = now;
      if (!Number.isNaN(at)) {
        first ??= event.at;
        last = event.at;
      }
      attempts.follow(event, time);
      record(event);
      recordForPeople(event);
    },

    reading() {
      endStage();
      const all = attempts.readings();
      const bars = [...stages, ...attemptBars(all), ...calls];
      return {
        attempts: all,
        bars: bars.sort((a, b) => a.from - b.from),
        decisions,
        warnings: [...warnings.values()],
        applied,
        outlooks,
        first,
        last,
      };
    },
  };
}

function attemptBars(all: ReadonlyMap<string, readonly AttemptReading[]>): Bar[] {
  return [...all].flatMap(([task, attempts]) =>
    attempts.flatMap(({ number, spans, status }) =>
      spans.map(({ from, to }: Span) =>
        barOf('attempt', task, `attempt ${number}: ${status ?? 'not ended'}`, from, to),
      ),
    ),
  );
}

function barOf(
  kind: Bar['kind'],
  task: string | null,
  name: string,
  from: number,
  to: number,
): Bar {
  return { kind, task, name, from, to };
}
