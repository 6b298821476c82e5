import * as z from 'zod';
import type { RunEvent } from '../../domain/event.ts';
import type { Evidence } from './evidence.ts';
import {
  addGate,
  addReview,
  newAttempt,
  workOf,
  type SeenAttempt,
  type SeenJudgement,
  type SeenWork,
} from './seen-work.ts';

type Event<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>;

/** What a journal says of the works in its folder; takes events in their order. */
export interface EvidenceFold {
  follow(event: RunEvent): void;
  /** In the order in which they began. */
  attempts(): readonly SeenAttempt[];
}

const ranksSchema = z.object({
  order: z.array(
    z.object({ candidate: z.string(), score: z.number().nullable(), blockers: z.int() }),
  ),
});
const contentSchema = z.object({ content: z.string() });

/**
 * @param folder `feature`: work by tasks and attempts; `ad-hoc`: an ask or a tournament, which is one attempt
 * whatever task its events name.
 */
export function createEvidenceFold(folder: 'feature' | 'ad-hoc'): EvidenceFold {
  const attempts = new Map<string, SeenAttempt>();
  /** By task: its latest attempt, the edits of the decision that comes next, and that decision. */
  const latest = new Map<string, number>();
  const edits = new Map<string, { readonly run: string; readonly paths: ReadonlySet<string> }>();
  const approvals = new Map<string, Event<'decision'>>();
  const isAdHoc = folder === 'ad-hoc';

  const attemptOf = (task: string | null, attempt: number): SeenAttempt => {
    const [ofTask, number] = isAdHoc ? [null, 1] : [task, attempt];
    const key = JSON.stringify([ofTask, number]);
    const known = attempts.get(key) ?? newAttempt(ofTask, number);
    attempts.set(key, known);
    return known;
  };
  const latestOf = (task: string): SeenAttempt => attemptOf(task, latest.get(task) ?? 1);
  /** What was approved of it last: what a person made of it, or how it ended. */
  const standing = (attempt: SeenAttempt): SeenWork =>
    workOf(attempt, attempt.works.has('edited') ? 'edited' : 'proposed');

  const decided = (event: Event<'decision'>): void => {
    const { task, what, at, run } = event;
    if (task === null) return;
    if (what === 'edit') {
      edits.set(task, { run, paths: new Set(event.files.map(({ path }) => path)) });
      return;
    }
    if (what === 'approve') approvals.set(task, event);
    // Who edits work and then rejects it has not said which of the two they mean.
    if (what === 'reject' && edits.get(task)?.run !== run)
      standing(latestOf(task)).bad.push(byPerson(at));
    if (what !== 'approve') edits.delete(task);
  };

  const approved = (attempt: SeenAttempt, event: Event<'task-finish'>): void => {
    const decision = approvals.get(event.task);
    approvals.delete(event.task);
    if (decision === undefined) {
      const by = attempt.works.get(`round-${event.rounds}`)?.review?.by ?? null;
      const evidence = { kind: 'supervisor', at: event.at, by } as const;
      workOf(attempt, `round-${event.rounds}`).good.push(evidence);
      return;
    }
    const edited = edits.get(event.task);
    edits.delete(event.task);
    if (edited?.run !== decision.run) {
      workOf(attempt, 'proposed').good.push(byPerson(decision.at));
      return;
    }
    const changed = decision.files.filter(({ before, after }) => before !== after);
    // What others changed meanwhile, and was merged in, is no edit of the person's.
    if (changed.length === 0 || !changed.every(({ path }) => edited.paths.has(path))) return;
    workOf(attempt, 'edited').good.push({ kind: 'edit', at: decision.at, by: null });
    workOf(attempt, 'proposed').bad.push({ kind: 'edit', at: decision.at, by: null });
  };

  const ended = (event: Event<'task-finish'>): void => {
    if (isAdHoc) return;
    latest.set(event.task, event.attempt);
    if (event.status === 'done') approved(attemptOf(event.task, event.attempt), event);
  };

  /** What is set back by hand is not approved any more. */
  const setBack = ({ task, by, from, to, at }: Event<'task-status'>): void => {
    if (by === 'person' && from === 'done' && to !== 'done')
      standing(latestOf(task)).bad.push(byPerson(at));
  };

  return {
    attempts: () => [...attempts.values()],
    follow(event) {
      const { type } = event;
      if (type === 'task-start') latest.set(event.task, event.attempt);
      else if (type === 'decision') decided(event);
      else if (type === 'task-status') setBack(event);
      else if (type === 'task-finish') ended(event);
      else if (type === 'step-finish' && event.of === 'tournament') addStep(event);
      else if (type === 'call-finish' || type === 'call-fail')
        addCall(attemptOf(event.purpose.task, event.purpose.attempt), event);
      else if (type === 'judge-finish') addJudgement(attemptOf(event.task, event.attempt), event);
      else if (type === 'gate-finish' || type === 'review-finish' || type === 'candidate-ready')
        addChecks(attemptOf(event.task, event.attempt), event);
    },
  };

  function addStep({ task, step, name, outcome, at, data }: Event<'step-finish'>): void {
    if (task === null && !isAdHoc) return;
    // Steps do not say which attempt they are of: it is the one that runs.
    const attempt = latestOf(task ?? '');
    if (step === 'candidate') {
      const { success, data: found } = contentSchema.safeParse(data);
      if (success) attempt.contents.add(found.content);
    }
    if (step === 'rank') {
      const { success, data: ranks } = ranksSchema.safeParse(data);
      if (success) attempt.ranks = { order: ranks.order, at };
    }
    // In a feature the supervisor says what becomes of a winner.
    if (
      step === 'finish' &&
      isAdHoc &&
      name !== null &&
      isCandidate(name) &&
      outcome === 'approved'
    )
      workOf(attempt, name).good.splice(0, 1, { kind: 'tournament', at, by: null });
  }
}

function byPerson(at: string): Evidence {
  return { kind: 'person', at, by: null };
}

function addJudgement(attempt: SeenAttempt, event: Event<'judge-finish'>): void {
  const judgement = judgementOf(event);
  const { first, second, evidence } = judgement;
  attempt.judgements.set(JSON.stringify([first, second, evidence.by]), judgement);
}

function judgementOf(event: Event<'judge-finish'>): SeenJudgement {
  const { first, second, orders, outcome, flipped, judge, at } = event;
  const evidence = { kind: 'judge', at, by: judge } as const;
  const held = orders.length === 2 && orders.every((order) => order.outcome === outcome);
  const verdict = flipped ? 'flip' : held ? outcome : 'tie';
  return { first, second, outcome: verdict, evidence };
}

const repair = ':repair';

/** The works that a call's reply is, or may be: of an ensemble's answers and a single author's both. */
function namesOf({ purpose }: Event<'call-finish' | 'call-fail'>): string[] {
  const { stage, round, candidate, critic } = purpose;
  const base = stage.endsWith(repair) ? stage.slice(0, -repair.length) : stage;
  if (critic !== undefined) return [];
  if (base === 'correct') return [`round-${round + 1}`];
  if (base === 'merge') return ['round-1'];
  if (base !== 'execute' && base !== 'ask') return [];
  if (candidate !== undefined) return isCandidate(candidate) ? [candidate] : [];
  return [`answer-${round}`, ...(round === 1 ? ['round-1'] : [])];
}

function addCall(attempt: SeenAttempt, event: Event<'call-finish' | 'call-fail'>): void {
  const names = namesOf(event);
  if (event.type === 'call-fail') {
    if (names.length > 0 && event.kind === 'truncated') attempt.truncated.add(event.call);
    if (names.length > 0 && event.kind === 'refused') attempt.refused.add(event.call);
    return;
  }
  const { call, model, finishReason, purpose } = event;
  for (const name of names) workOf(attempt, name).calls.set(call, { call, model, finishReason });
  const isFirst = purpose.stage === 'execute' || purpose.stage === 'ask';
  if (isFirst && names.length > 0) attempt.call ??= call;
}

function addChecks(
  attempt: SeenAttempt,
  event: Event<'gate-finish' | 'review-finish' | 'candidate-ready'>,
): void {
  if (event.type === 'candidate-ready') {
    if (event.content !== null) attempt.contents.add(event.content);
    return;
  }
  if (event.type === 'review-finish') {
    addReview(workOf(attempt, `round-${event.round}`), event);
    return;
  }
  const name = checkedName(attempt, event);
  if (name !== null) addGate(workOf(attempt, name), event);
}

/** What is kept as a file of its own; a synthesis, `S1`, is not. */
function isCandidate(name: string): boolean {
  return /^C\d{1,4}$/.test(name);
}

/** Which work gates have checked; null for what is kept nowhere by itself, as a merge. */
function checkedName(
  { works }: SeenAttempt,
  { candidate, round }: Event<'gate-finish'>,
): string | null {
  if (candidate === null) return `round-${round}`;
  if (isCandidate(candidate)) return candidate;
  const answers = [...works.values()].filter(({ name }) => name.startsWith('answer-'));
  const answer = answers.find(({ calls }) =>
    [...calls.values()].some(({ model }) => model === candidate),
  );
  return answer?.name ?? null;
}
