import { derivedStates, type DerivedState } from '../domain/graph.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { specState, type SpecState } from '../executor/spec-state.ts';
import { criteriaCount, type CriteriaCount } from '../report/criteria.ts';
import { progressOf, type Progress } from '../report/progress.ts';
import { readFeatures, unfinishedCommand } from './list.ts';
import type { Caller, Program } from './program.ts';
import { workState, type WorkState } from './apply.ts';

export interface FeatureStatus {
  readonly feature: string;
  readonly document: FeatureDocument;
  readonly progress: Progress;
  /** Ids of tasks; so in all below. */
  readonly needsReview: readonly string[];
  readonly ready: readonly string[];
  readonly failed: readonly string[];
  readonly inProgress: readonly string[];
  /** Those that have ended by the file's word alone (`FeatureStore.saidByFile`). */
  readonly saidByFile: readonly string[];
  /** How many criteria were seen to hold; null where no task has asked. */
  readonly criteria: CriteriaCount | null;
  /** How its spec stands to the plan. */
  readonly spec: SpecState;
}

export interface Status {
  readonly features: readonly FeatureStatus[];
  /** Features whose plan is unfinished, with the command that goes on with it. */
  readonly unplanned: readonly { readonly feature: string; readonly command: string }[];
  /** Of the one feature that was asked for: comparing every file of all of them would be slow. */
  readonly work: WorkState | null;
}

/** Counts, progress and what waits for whom, of one feature or all. */
export async function status(
  { feature }: { feature: string | null },
  program: Program,
  caller: Caller,
): Promise<Status> {
  const features: FeatureStatus[] = [];
  const unplanned: { feature: string; command: string }[] = [];
  for (const { slug, document, saidByFile } of await readFeatures(feature, program)) {
    if (document !== null) {
      const spec = await specState(slug, document, program.artefacts);
      features.push(statusOf(slug, document, spec, saidByFile));
    } else unplanned.push({ feature: slug, command: await unfinishedCommand(slug, program) });
  }
  const work = feature === null ? null : await workState({ feature }, program, caller);
  return { features, unplanned, work };
}

function statusOf(
  feature: string,
  document: FeatureDocument,
  spec: SpecState,
  saidByFile: ReadonlySet<string>,
): FeatureStatus {
  const states = derivedStates(document.tasks);
  const idsIn = (state: DerivedState): string[] =>
    document.tasks.filter(({ id }) => states.get(id) === state).map(({ id }) => id);
  return {
    feature,
    document,
    progress: progressOf(document.tasks, saidByFile),
    needsReview: idsIn('needs_review'),
    ready: idsIn('ready'),
    failed: idsIn('failed'),
    inProgress: idsIn('in_progress'),
    saidByFile: [...saidByFile],
    criteria: criteriaCount(document),
    spec,
  };
}
