import type { CallPurpose, RunEvent, RunEventBody } from '../../../src/domain/event.ts';
import type { GateStatus } from '../../../src/domain/gate-result.ts';
import type { Finding, Review } from '../../../src/domain/review.ts';
import { noUsage } from '../../../src/domain/usage.ts';

/** Events with times that follow each other, from second 1 on. */
export function timed(bodies: readonly RunEventBody[], run = 'r1'): RunEvent[] {
  return bodies.map((body, index) => ({ at: at(index + 1), run, version: 2, ...body }));
}

export function at(second: number): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
}

type Purpose = Partial<CallPurpose>;

const purposeOf = (purpose: Purpose): CallPurpose => ({
  stage: 'execute',
  feature: 'f',
  task: 'T1',
  attempt: 1,
  round: 1,
  ...purpose,
});

export function called(
  purpose: Purpose,
  { call = 'c1', model = 'one/author', finishReason = 'stop' } = {},
): RunEventBody {
  return {
    type: 'call-finish',
    call,
    role: 'coder',
    model,
    purpose: purposeOf(purpose),
    finishReason,
    usage: noUsage,
    durationMs: 1,
    stored: false,
    servedBy: 'x',
  };
}

export function failed(
  purpose: Purpose,
  kind: 'truncated' | 'refused' | 'network',
  call = 'c1',
): RunEventBody {
  const about = { call, role: 'coder', model: 'one/author', purpose: purposeOf(purpose) } as const;
  return { type: 'call-fail', kind, message: 'no', durationMs: 1, ...about };
}

export const blocker: Finding = {
  category: 'correctness',
  severity: 'blocker',
  evidence: 'it is wrong',
  location: null,
  fixHint: 'mend it',
};

interface Place {
  readonly task?: string;
  readonly attempt?: number;
  readonly round?: number;
  readonly candidate?: string | null;
}

export function gate(
  status: GateStatus,
  place: Place = {},
  { name = 'syntax', findings = status === 'failed' ? [blocker] : [] } = {},
): RunEventBody {
  const { task = 'T1', attempt = 1, round = 1, candidate = null } = place;
  const result = { gate: name, status, summary: status, findings, durationMs: 1 };
  return { type: 'gate-finish', task, attempt, round, candidate, result };
}

export function reviewed(
  verdict: Review['verdict'],
  place: Place = {},
  findings: Review['findings'] = verdict === 'revise' ? [blocker] : [],
): RunEventBody {
  const { task = 'T1', attempt = 1, round = 1 } = place;
  const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
  const review = { verdict, summary: 'so', scores, findings };
  const about = { task, attempt, round, reviewer: 'two/reviewer', sameFamily: false };
  return { type: 'review-finish', review, ...about };
}

export function begun(attempt = 1, task = 'T1'): RunEventBody {
  return { type: 'task-start', task, title: 'x', attempt, resumed: false };
}

export function ended(
  status: 'done' | 'needs_review' | 'failed',
  { task = 'T1', attempt = 1, rounds = 1 } = {},
): RunEventBody {
  return { type: 'task-finish', task, status, reason: 'x', attempt, rounds };
}

export function decided(
  what: 'approve' | 'reject' | 'edit' | 'set-status',
  files: readonly (readonly [path: string, before: string, after: string])[] = [],
  task = 'T1',
): RunEventBody {
  return {
    type: 'decision',
    task,
    what,
    feedback: what === 'reject' ? 'No.' : null,
    detail: '',
    files: files.map(([path, before, after]) => ({ path, before, after })),
  };
}

type Outcome = 'first' | 'second' | 'tie';

/** @param orders what the judge said in each; null for no usable verdict. */
export function judged(
  first: string,
  second: string,
  orders: readonly [Outcome | null, Outcome | null],
  task: string | null = 'T1',
): RunEventBody {
  const [one, other] = orders;
  const held = one === other && one !== null ? one : 'tie';
  return {
    type: 'judge-finish',
    task,
    attempt: 1,
    judge: 'three/judge',
    first,
    second,
    orders: orders.map((outcome) => ({ outcome, said: '' })),
    outcome: held,
    flipped: one !== other && one !== null && other !== null && one !== 'tie' && other !== 'tie',
  };
}

export function step(
  of: string,
  name: string,
  data: Record<string, unknown>,
  about: { task?: string | null; name?: string; outcome?: string } = {},
): RunEventBody {
  const { task = 'T1', outcome = 'x' } = about;
  return {
    type: 'step-finish',
    task,
    of,
    step: name,
    name: about.name ?? null,
    outcome,
    detail: '',
    data,
  };
}
