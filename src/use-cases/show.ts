import type { Deliverable } from '../domain/deliverable.ts';
import { derivedStates, type DerivedState } from '../domain/graph.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { attemptOf } from '../executor/attempt.ts';
import { specState, type SpecState } from '../executor/spec-state.ts';
import { findTask } from '../executor/find-task.ts';
import { criteriaMatrix, type RequirementRow } from '../report/criteria.ts';
import { reviewSchema, type Review } from '../domain/review.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { markedPaths, type MarkedPath } from './marked-paths.ts';
import type { Program } from './program.ts';

export type { SpecState };

export interface ShownFeature {
  readonly document: FeatureDocument;
  /** By task id. */
  readonly states: Readonly<Record<string, DerivedState>>;
  /** Ids of tasks that have ended by the file's word alone (`FeatureStore.saidByFile`). */
  readonly saidByFile: ReadonlySet<string>;
  /** Requirement → criterion → test → run → task → commit. */
  readonly criteria: readonly RequirementRow[];
  /** How its spec stands to the plan. */
  readonly spec: SpecState;
}

/** A feature's task list. @throws BlueprintError `feature-not-found`, `feature-not-planned` */
export async function show(
  { feature }: { feature: string },
  program: Program,
): Promise<ShownFeature> {
  const document = await program.store.get(feature);
  const spec = await specState(feature, document, program.artefacts);
  const saidByFile = await program.store.saidByFile(feature, document.tasks);
  const states = Object.fromEntries(derivedStates(document.tasks));
  return { document, states, saidByFile, criteria: criteriaMatrix(document), spec };
}

export interface ShownTask {
  readonly document: FeatureDocument;
  readonly task: Task;
  readonly state: DerivedState;
  /** It has ended by the file's word alone (`FeatureStore.saidByFile`). */
  readonly isSaidByFile: boolean;
  /** What its last attempt ended in; null where none ended, or its folder is gone. */
  readonly deliverable: Deliverable | null;
  /** The files that it names, and which of them are in the project now. */
  readonly paths: readonly MarkedPath[];
  /** How the spec stands to the plan. */
  readonly spec: SpecState;
  /** What each review of its last attempt found; a round that was edited or removed is missing. */
  readonly rounds: readonly ReviewRound[];
}

export interface ReviewRound {
  /** From 1. */
  readonly round: number;
  readonly review: Review;
}

/** One task of it. @throws BlueprintError `task-not-found` besides */
export async function showTask(
  { feature, task: id }: { feature: string; task: string },
  program: Program,
): Promise<ShownTask> {
  const { document, states, saidByFile, spec } = await show({ feature }, program);
  const task = findTask(document, id);
  const outcome = await attemptOf(feature, task, program)?.outcome();
  const deliverable = outcome?.deliverable ?? null;
  const rounds = await roundsOf(feature, task, program);
  const state = states[task.id] ?? task.status;
  const isSaidByFile = saidByFile.has(task.id);
  const paths = await markedPaths(task, program);
  return { document, task, state, isSaidByFile, deliverable, paths, rounds, spec };
}

async function roundsOf(
  feature: string,
  { id, result }: Task,
  { artefacts }: Program,
): Promise<ReviewRound[]> {
  if (result === null) return [];
  const folder = `partial/${id}/${result.attempt}`;
  // Not by the number of rounds that the task list says: it may have come from anywhere.
  const names = await artefacts.list(feature, folder);
  const kept = names.flatMap((name) => /^round-([1-9][0-9]{0,3})$/.exec(name)?.[1] ?? []);
  const rounds: ReviewRound[] = [];
  for (const round of kept.map(Number).sort((one, other) => one - other)) {
    if (round > result.rounds) break;
    const path = `${folder}/round-${round}/review.json`;
    const review = parseJsonAs(await artefacts.read(feature, path), reviewSchema);
    if (review !== null) rounds.push({ round, review });
  }
  return rounds;
}

/** The feature's spec, as Markdown; null where there is none. */
export async function showSpec(
  { feature }: { feature: string },
  program: Program,
): Promise<string | null> {
  await program.store.get(feature);
  return program.artefacts.read(feature, 'spec.md');
}
