import type { RunEvent } from '../../domain/event.ts';
import { isBlocking, type Review } from '../../domain/review.ts';
import type { Evidence } from './evidence.ts';

/** A call whose reply is a work, or a part of one. */
export interface AuthorCall {
  /** Hash of the request. */
  readonly call: string;
  /** `provider/model`. */
  readonly model: string;
  readonly finishReason: string;
}

interface SeenGate {
  readonly verdict: 'passed' | 'failed' | 'neither';
  /** Of the same work it has passed and failed. */
  readonly unsteady: boolean;
  readonly at: string;
}

/** What a journal says of one work of an attempt. */
export interface SeenWork {
  /** `C1`, `answer-2`, `round-1`, `proposed` (how the attempt ended), `edited` (what a person made of that). */
  readonly name: string;
  readonly calls: Map<string, AuthorCall>;
  readonly gates: Map<string, SeenGate>;
  review: Evidence | null;
  readonly good: Evidence[];
  readonly bad: Evidence[];
}

/** Two works of an attempt by their content, as a judge saw them in both orders. */
export interface SeenJudgement {
  readonly first: string;
  readonly second: string;
  readonly outcome: 'first' | 'second' | 'tie' | 'flip';
  readonly evidence: Evidence;
}

/** A candidate's place among the others of its tournament. */
export interface SeenRank {
  readonly candidate: string;
  readonly score: number | null;
  readonly blockers: number;
}

export interface SeenAttempt {
  /** Null for work that belongs to no task. */
  readonly task: string | null;
  readonly attempt: number;
  readonly works: Map<string, SeenWork>;
  /** By the two and who judged: what is resumed is judged once. */
  readonly judgements: Map<string, SeenJudgement>;
  ranks: { readonly order: readonly SeenRank[]; readonly at: string };
  /** Hashes of works, as of `candidate-ready`, that the journal names. */
  readonly contents: Set<string>;
  /** The first call of an author, whose prompt is the attempt's. */
  call: string | null;
  /** Author's calls that gave nothing, by hash. */
  readonly truncated: Set<string>;
  readonly refused: Set<string>;
}

export function newAttempt(task: string | null, attempt: number): SeenAttempt {
  return {
    task,
    attempt,
    works: new Map(),
    judgements: new Map(),
    ranks: { order: [], at: '' },
    contents: new Set(),
    call: null,
    truncated: new Set(),
    refused: new Set(),
  };
}

export function workOf({ works }: SeenAttempt, name: string): SeenWork {
  const known = works.get(name);
  if (known !== undefined) return known;
  const work = { name, calls: new Map(), gates: new Map(), review: null, good: [], bad: [] };
  works.set(name, work);
  return work;
}

/** The last run of a gate counts; one that came out both ways is remembered as such. */
export function addGate(
  { gates }: SeenWork,
  { at, result }: Extract<RunEvent, { type: 'gate-finish' }>,
): void {
  const { gate, status, findings } = result;
  const before = gates.get(gate);
  const verdict =
    status === 'passed'
      ? 'passed'
      : status === 'failed' && findings.some(isBlocking)
        ? 'failed'
        : 'neither';
  const turned = before !== undefined && isDecided(before.verdict) && isDecided(verdict);
  const unsteady = before?.unsteady === true || (turned && before.verdict !== verdict);
  // A gate that had nothing to judge, as `skipped`, keeps nobody from passing.
  if (status === 'skipped') gates.delete(gate);
  else gates.set(gate, { verdict, unsteady, at });
}

function isDecided(verdict: SeenGate['verdict']): boolean {
  return verdict !== 'neither';
}

/** What all gates of a work say together: passed all, failed one with what blocks, or nothing to go by. */
export function gatesSay({ gates }: SeenWork): {
  readonly verdict: SeenGate['verdict'] | 'unsteady';
  readonly at: string;
} {
  const all = [...gates.values()];
  const at = all.map((gate) => gate.at).reduce((a, b) => (a > b ? a : b), '');
  if (all.some(({ unsteady }) => unsteady)) return { verdict: 'unsteady', at };
  if (all.some(({ verdict }) => verdict === 'failed')) return { verdict: 'failed', at };
  const passed = all.length > 0 && all.every(({ verdict }) => verdict === 'passed');
  return { verdict: passed ? 'passed' : 'neither', at };
}

/** Of several reviews of a round the last one counts. */
export function addReview(
  work: SeenWork,
  { at, reviewer, review }: Extract<RunEvent, { type: 'review-finish' }>,
): void {
  const before = work.review === null ? -1 : work.bad.indexOf(work.review);
  if (before !== -1) work.bad.splice(before, 1);
  work.review = { kind: 'review', at, by: reviewer };
  if (refuses(review)) work.bad.push(work.review);
}

/** Whether a review refuses work: by a finding that blocks, or by its verdict without any. */
function refuses({ verdict, findings }: Review): boolean {
  return findings.some(isBlocking) || (verdict === 'revise' && findings.length === 0);
}
