import type { RunEvent } from '../../domain/event.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import type { Review } from '../../domain/review.ts';
import type { TaskStatus } from '../../domain/task.ts';
import type { Span } from './spans.ts';

/** What the checks and a reviewer said of a piece of work, and who then corrected it. */
export interface RoundReading {
  /** From 1. */
  readonly round: number;
  /** Paths of the work. */
  readonly files: readonly string[];
  /** Each as it came out last. */
  readonly gates: readonly GateResult[];
  readonly review: {
    readonly reviewer: string;
    readonly sameFamily: boolean;
    readonly said: Review;
  } | null;
  /** `provider/model` that was asked to correct what was found. */
  readonly correctedBy: string | null;
}

/** A part of work that takes several models. */
export type StepReading = Pick<
  Extract<RunEvent, { type: 'step-finish' }>,
  'of' | 'step' | 'name' | 'outcome' | 'detail'
>;

export type ContextReading = Omit<
  Extract<RunEvent, { type: 'context-pack' }>,
  'type' | 'task' | 'at' | 'run' | 'version'
>;

/** One try at a task. */
export interface AttemptReading {
  readonly number: number;
  /** When it was worked at; several where it was interrupted. */
  readonly spans: readonly Span[];
  readonly context: ContextReading | null;
  readonly rounds: readonly RoundReading[];
  readonly steps: readonly StepReading[];
  /** How it ended; null where it did not, or was cut off. */
  readonly status: TaskStatus | null;
  readonly reason: string | null;
}

interface Growing {
  readonly number: number;
  readonly spans: Span[];
  open: { from: number; to: number } | null;
  context: ContextReading | null;
  readonly rounds: Map<number, GrowingRound>;
  readonly steps: Map<string, StepReading>;
  status: TaskStatus | null;
  reason: string | null;
}

interface GrowingRound {
  files: readonly string[];
  readonly gates: Map<string, GateResult>;
  review: RoundReading['review'];
  correctedBy: string | null;
}

/** Gathers what events tell of attempts, in their order. */
export function createAttempts() {
  const tasks = new Map<string, Map<number, Growing>>();
  const latest = new Map<string, Growing>();

  const attemptOf = (task: string, number: number): Growing => {
    const attempts = tasks.get(task) ?? new Map<number, Growing>();
    tasks.set(task, attempts);
    const attempt = attempts.get(number) ?? newAttempt(number);
    attempts.set(number, attempt);
    return attempt;
  };
  const roundOf = (event: { task: string; attempt: number; round: number }): GrowingRound => {
    const { rounds } = attemptOf(event.task, event.attempt);
    const round = rounds.get(event.round) ?? newRound();
    rounds.set(event.round, round);
    return round;
  };
  const close = (attempt: Growing | undefined): void => {
    if (attempt?.open) attempt.spans.push(attempt.open);
    if (attempt !== undefined) attempt.open = null;
  };

  const record = (event: RunEvent, current: Growing | undefined): void => {
    if (event.type === 'context-pack' && current !== undefined) current.context = contextOf(event);
    if (event.type === 'step-finish') {
      const { of, step, name, outcome, detail } = event;
      // What is resumed is told again.
      current?.steps.set(`${of} ${step} ${name ?? ''}`, { of, step, name, outcome, detail });
    }
    if (event.type === 'candidate-ready') roundOf(event).files = event.files;
    if (event.type === 'gate-finish' && event.candidate === null)
      roundOf(event).gates.set(event.result.gate, event.result);
    if (event.type === 'review-finish') {
      const { reviewer, sameFamily, review: said } = event;
      roundOf(event).review = { reviewer, sameFamily, said };
    }
    if (event.type === 'correction-start') roundOf(event).correctedBy = event.by;
    if (event.type === 'task-finish') {
      const attempt = attemptOf(event.task, event.attempt);
      attempt.status = event.status;
      attempt.reason = event.reason;
      close(current);
    }
  };

  return {
    /** @param now ms since the epoch */
    follow(event: RunEvent, now: number): void {
      const task = taskOf(event);
      if (task === null) return;
      const current = latest.get(task);
      if (event.type === 'task-start') {
        close(current);
        const attempt = attemptOf(task, event.attempt);
        attempt.open = { from: now, to: now };
        attempt.status = null;
        latest.set(task, attempt);
        return;
      }
      if (current?.open) current.open.to = now;
      record(event, current);
    },

    readings(): ReadonlyMap<string, readonly AttemptReading[]> {
      for (const attempt of latest.values()) close(attempt);
      return new Map(
        [...tasks].map(([task, attempts]) => [
          task,
          [...attempts.values()].sort((a, b) => a.number - b.number).map(readingOf),
        ]),
      );
    },
  };
}

/** The task that an event is about; null for those of none. */
function taskOf(event: RunEvent): string | null {
  if ('purpose' in event) return event.purpose.task;
  return 'task' in event ? event.task : null;
}

function newAttempt(number: number): Growing {
  return {
    number,
    spans: [],
    open: null,
    context: null,
    rounds: new Map(),
    steps: new Map(),
    status: null,
    reason: null,
  };
}

function newRound(): GrowingRound {
  return { files: [], gates: new Map(), review: null, correctedBy: null };
}

function contextOf({ tokens, parts, leftOut, files = [] }: ContextReading): ContextReading {
  return { tokens, parts, leftOut, files };
}

function readingOf({
  number,
  spans,
  context,
  rounds,
  steps,
  status,
  reason,
}: Growing): AttemptReading {
  const ordered = [...rounds].sort(([a], [b]) => a - b);
  return {
    number,
    spans,
    context,
    rounds: ordered.map(([round, { files, gates, review, correctedBy }]) => ({
      round,
      files,
      gates: [...gates.values()],
      review,
      correctedBy,
    })),
    steps: [...steps.values()],
    status,
    reason,
  };
}
