import type { CallPurpose, RunEvent } from '../domain/event.ts';
import type { ModelRole } from '../domain/model-role.ts';

/** What the money for a call was good for. */
export type Judgement = 'useful' | 'open' | 'failed' | 'malformed' | 'not-approved';

/** A call that was paid for, or may have been. */
export interface CallRecord {
  /** How many events came before it. */
  readonly at: number;
  readonly call: string;
  readonly role: ModelRole;
  readonly model: string;
  readonly purpose: CallPurpose;
  readonly failed: boolean;
}

/**
 * Each call by what became of what it was for. An attempt is useful once it is approved; wasted once it
 * is given up, rejected, or followed by another; open until then. A planning stage is useful once it ends.
 */
export function judgeCalls(
  records: readonly CallRecord[],
  events: readonly RunEvent[],
): readonly Judgement[] {
  const isMalformed = malformedReplies(records);
  const attempts = attemptVerdicts(events);
  const finishedStages = new Set(
    events.flatMap((event) =>
      event.type === 'stage-finish' && !event.resumed ? [event.stage] : [],
    ),
  );
  return records.map((record) => {
    if (record.failed) return 'failed';
    if (isMalformed(record)) return 'malformed';
    const { stage, task, attempt } = record.purpose;
    if (task !== null) return attempts(task, attempt);
    return finishedStages.has(baseOf(stage)) ? 'useful' : 'open';
  });
}

const repair = ':repair';

function baseOf(stage: string): string {
  return stage.endsWith(repair) ? stage.slice(0, -repair.length) : stage;
}

/**
 * A reply is malformed when its repair was asked for after it; a repair is, when the first question was
 * then asked again.
 */
function malformedReplies(records: readonly CallRecord[]): (record: CallRecord) => boolean {
  const key = ({ stage, task, attempt, round, candidate, critic }: CallPurpose): string =>
    JSON.stringify([stage, task, attempt, round, candidate ?? null, critic ?? null]);
  const last = new Map<string, number>();
  for (const { purpose, at } of records) last.set(key(purpose), at);
  return ({ purpose, at }) => {
    const base = baseOf(purpose.stage);
    const next = base === purpose.stage ? `${base}${repair}` : base;
    return (last.get(key({ ...purpose, stage: next })) ?? -1) > at;
  };
}

function attemptVerdicts(
  events: readonly RunEvent[],
): (task: string, attempt: number) => 'useful' | 'not-approved' | 'open' {
  const approved = new Map<string, Set<number>>();
  const refused = new Map<string, Set<number>>();
  const latest = new Map<string, number>();
  const mark = (verdicts: Map<string, Set<number>>, task: string, attempt: number): void => {
    verdicts.set(task, (verdicts.get(task) ?? new Set()).add(attempt));
  };
  for (const event of events) {
    if (event.type === 'task-start') latest.set(event.task, event.attempt);
    if (event.type === 'task-finish') {
      if (event.status === 'done') mark(approved, event.task, event.attempt);
      if (event.status === 'failed' || event.status === 'skipped')
        mark(refused, event.task, event.attempt);
    }
    // A person who takes work on does it by approval, which follows as a task-finish of its own.
    if (event.type === 'task-status' && event.by === 'person' && event.from === 'needs_review')
      mark(refused, event.task, latest.get(event.task) ?? 1);
  }
  return (task, attempt) => {
    if (approved.get(task)?.has(attempt) === true) return 'useful';
    const over =
      refused.get(task)?.has(attempt) === true || attempt < (latest.get(task) ?? attempt);
    return over ? 'not-approved' : 'open';
  };
}
