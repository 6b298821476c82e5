import { derivedStates } from '../domain/graph.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { specState } from '../executor/spec-state.ts';
import { counted } from '../text/counted.ts';
import { specChangedText, specProblemText } from '../text/spec-changes.ts';
import { readFeatures, unfinishedCommand, type ListedFeature } from './list.ts';
import type { Caller, Program } from './program.ts';
import { workState, type WorkState } from './apply.ts';

/** What a person does next; no command: what to wait for, or that nothing is left to do. */
export interface Step {
  readonly feature: string;
  readonly task: Task | null;
  readonly reason: string;
  readonly command: string | null;
}

/** The next step in one feature, or in the first that has one; null when there is no feature. */
export async function next(
  { feature }: { feature: string | null },
  program: Program,
  caller: Caller,
): Promise<Step | null> {
  let step: Step | null = null;
  for (const listed of await readFeatures(feature, program)) {
    const found = await stepIn(listed, program, caller);
    if (step === null || found.command !== null) step = found;
    if (found.command !== null) break;
  }
  return step;
}

async function stepIn(
  { slug: feature, document, saidByFile }: Pick<ListedFeature, 'slug' | 'document' | 'saidByFile'>,
  program: Program,
  caller: Caller,
): Promise<Step> {
  if (document === null) {
    const command = await unfinishedCommand(feature, program);
    return { feature, task: null, reason: 'Its plan is not finished.', command };
  }
  const spec = await specState(feature, document, program.artefacts);
  // Whatever comes next may be for nothing.
  if (spec.changes !== null)
    return {
      feature,
      task: null,
      reason: `${specChangedText(spec.changes)}.`,
      command: `blueprint new --again ${feature}`,
    };
  const step = stepWithTask(feature, document, saidByFile);
  // What is approved can be applied without it; a run needs it.
  if (spec.problem !== null && step?.command === `blueprint run ${feature}`)
    return { feature, task: null, reason: specProblemText(spec.problem), command: null };
  if (step !== null) return step;
  const work = await workState({ feature }, program, caller);
  return { feature, task: null, ...stepAfterAll(feature, work) };
}

/** What waits for a person comes first: it may hold up all the rest. */
function stepWithTask(
  feature: string,
  document: FeatureDocument,
  saidByFile: ReadonlySet<string>,
): Step | null {
  const states = derivedStates(document.tasks);
  const first = (...wanted: string[]): Task | undefined =>
    document.tasks.find((task) => wanted.includes(states.get(task.id) ?? ''));
  const review = first('needs_review');
  if (review !== undefined && saidByFile.has(review.id))
    return {
      feature,
      task: review,
      reason: 'needs review, says the file: its work came with the repository and is not used',
      command: `blueprint task set-status ${feature} ${review.id} pending, then blueprint run ${feature}`,
    };
  if (review !== undefined)
    return {
      feature,
      task: review,
      reason: `waits for your review: ${review.result?.reason ?? ''}`,
      command: `blueprint diff ${feature} ${review.id}, then approve or reject`,
    };
  const runnable = first('in_progress', 'ready', 'failed');
  if (runnable !== undefined)
    return {
      feature,
      task: runnable,
      reason: `${states.get(runnable.id)?.replace('_', ' ')}, ${runnable.type}`,
      command: `blueprint run ${feature}`,
    };
  const blocked = first('blocked');
  if (blocked !== undefined)
    return {
      feature,
      task: blocked,
      reason: `blocked by ${blocked.dependsOn.join(', ')}`,
      command: null,
    };
  return null;
}

/** What is left when all tasks are settled: their files into the project. */
function stepAfterAll(
  feature: string,
  { state, files, edited, canMerge }: WorkState,
): Pick<Step, 'reason' | 'command'> {
  const some = counted(files, 'file');
  switch (state) {
    case 'ready':
      return {
        reason: `All tasks are settled; ${some} wait to be applied.`,
        command: `blueprint apply ${feature}`,
      };
    case 'blocked':
      return {
        reason: `All tasks are settled, but ${files === 1 ? 'a file of yours is' : `${files} files of yours are`} in the way of the work.`,
        command: `blueprint apply ${feature}${canMerge ? ' --merge' : ''} --check`,
      };
    case 'foreign':
      return {
        reason:
          'All tasks are settled, but the work came with the repository and was not approved by you on this machine.',
        command: `blueprint apply ${feature} --check`,
      };
    case 'interrupted':
      return {
        reason: 'An apply was cut short.',
        command: `blueprint apply ${feature}, or blueprint undo ${feature}`,
      };
    case 'applied':
      return {
        reason:
          edited === 0
            ? 'All tasks are settled, and your files hold the work.'
            : `All tasks are settled, and the work was applied; you have changed ${counted(edited, 'file')} of it since.`,
        command: null,
      };
    case 'nothing':
      return { reason: 'All tasks are settled.', command: null };
  }
}
