import { BlueprintError, ExitCode, InterruptedError } from '../domain/errors.ts';
import { isRules } from '../domain/model-role.ts';
import { isSettled, type FeatureDocument, type Task, type TaskStatus } from '../domain/task.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { TaskDependencies } from './task-dependencies.ts';
import { FeatureRun, type RunDependencies, type RunInput } from './feature-run.ts';
import { specState, usableSpec, type SpecState } from './spec-state.ts';
import { specChangedText } from '../text/spec-changes.ts';
import { decisionOrNull } from '../supervisor/work.ts';
import {
  checkSelection,
  isRunnable,
  isSelected,
  type MayPass,
  type Selection,
} from './selection.ts';

export interface RunReport {
  readonly document: FeatureDocument;
  /** Tasks that this run brought to an end, with their final status. */
  readonly settled: readonly { readonly task: string; readonly status: TaskStatus }[];
  /** The faults of provider or budget that left tasks undone, by task. */
  readonly unavailable: readonly { readonly task: string; readonly error: BlueprintError }[];
  readonly exitCode: ExitCode;
  /** How the spec stands to the plan at the end. */
  readonly spec: SpecState;
}

/**
 * Runs the graph with bounded concurrency, longest remaining path first. The task list is read again
 * before each decision, so that other processes and people may change it meanwhile.
 * @throws BlueprintError of `usableSpec`, of `checkSelection`, or the fault that ended the run; the tasks that it cut off
 * are resumable. @throws InterruptedError when the signal ended it.
 */
export async function runFeature(
  input: RunInput,
  dependencies: RunDependencies &
    Pick<TaskDependencies, 'router' | 'workflows'> & {
      readonly artefacts: Pick<ArtefactStore, 'read' | 'path'>;
    },
): Promise<RunReport> {
  const { slug, selection } = input;
  const { store, emit, signal } = dependencies;
  const first = await store.look(slug);
  const { changes } = await usableSpec(slug, first, dependencies.artefacts);
  const mayPass = scaffoldsPass(dependencies.router);
  checkSelection(slug, first, selection, mayPass);
  const wanted = first.tasks.filter((task) => isSelected(task, selection) && isRunnable(task));
  emit({
    type: 'run-start',
    command: 'run',
    feature: slug,
    tasks: wanted.length,
    concurrency: input.concurrency,
  });
  if (changes !== null) {
    const message = specChangedText(changes);
    emit({ type: 'warning', code: 'spec-changed', message, task: null });
  }
  const run = new FeatureRun(input, dependencies, first, mayPass);
  const often = store.changedOften(slug);
  await run.untilNothingIsReady();
  await often[Symbol.asyncDispose]();

  const { settled, unavailable, stop, fatal } = run;
  const document = await store.get(slug).catch((error: unknown) => {
    throw fatal ?? error;
  });
  const spec = await specState(slug, document, dependencies.artefacts);
  const settledCode = exitCodeOf(document, selection, { fatal, signal, stop, unavailable });
  const isAsPlanned = spec.changes === null && spec.problem === null;
  // What is done was done for another spec.
  const exitCode =
    settledCode === ExitCode.done && !isAsPlanned ? ExitCode.needsReview : settledCode;
  emit({ type: 'run-finish', feature: slug, exitCode, states: countStates(document.tasks) });
  if (fatal !== null) throw fatal;
  if (signal.aborted) throw new InterruptedError(`Interrupted. To go on: blueprint run ${slug}`);
  return { document, settled, unavailable, exitCode, spec };
}

/** Derived from the final states of what was selected. */
function exitCodeOf(
  document: FeatureDocument,
  selection: Selection,
  ended: {
    fatal: unknown;
    signal: AbortSignal;
    stop: BlueprintError | null;
    unavailable: RunReport['unavailable'];
  },
): ExitCode {
  const { fatal, signal, stop, unavailable } = ended;
  if (fatal !== null) return fatal instanceof BlueprintError ? fatal.exitCode : ExitCode.failed;
  if (signal.aborted) return ExitCode.interrupted;
  if (stop !== null) return stop.exitCode;
  const selected = document.tasks.filter((task) => isSelected(task, selection));
  const open = selected.filter(({ status }) => !isSettled(status));
  if (open.some(({ status }) => status === 'failed')) return ExitCode.failed;
  const unreached = new Set(unavailable.map(({ task }) => task));
  if (open.some(({ id }) => unreached.has(id))) return ExitCode.unavailable;
  return open.length === 0 ? ExitCode.done : ExitCode.needsReview;
}

function countStates(tasks: readonly Task[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/**
 * With no model at all, scaffolds may stand on scaffolds, so that a person sees the whole outline at once.
 * With a model, unapproved work holds back what depends on it.
 */
function scaffoldsPass(router: ModelRouter): MayPass {
  const decision = decisionOrNull(router, 'coder');
  // Not even rules: the task that needs a model reports it.
  const byRules = decision !== null && isRules(decision.chosen);
  return ({ status, result }) =>
    byRules && status === 'needs_review' && isRules(result?.author ?? '');
}
