import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { someOf } from '../text/counted.ts';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Diagnostic, ExitCode } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import { formatModelRef, isRules, roleOfType } from '../domain/model-role.ts';
import type { FeatureDocument, Task, TaskStatus } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { setTaskStatus } from '../executor/by-hand.ts';
import { findTask } from '../executor/find-task.ts';
import type { SpecState } from '../executor/spec-state.ts';
import { runFeature } from '../executor/run-feature.ts';
import { isRunnable, isSelected, type Selection } from '../executor/selection.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { CostReport } from '../report/cost.ts';
import { decisionOrNull } from '../supervisor/work.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { saidByFileText } from '../text/said-by-file.ts';
import { countedCost } from './counted-cost.ts';
import { settledByFile } from './list.ts';
import type { Caller, Program, Session } from './program.ts';

export interface RunInput {
  readonly feature: string;
  /** Ids of the only tasks to run; all when absent or empty. */
  readonly tasks?: Selection['tasks'] | undefined;
  /** Only tasks of these types. */
  readonly types?: Selection['types'] | undefined;
  /** Tasks at the same time; what the config says when absent. */
  readonly concurrency?: number | undefined;
  /** Stop all when one task fails. */
  readonly failFast?: boolean | undefined;
  /** Scaffolds that rules wrote, and that wait for a person, are written anew by a model. */
  readonly replaceScaffolds?: boolean | undefined;
}

export interface RunSummary {
  /** Derived from the final states of what was selected. */
  readonly exitCode: ExitCode;
  /** Tasks that this run brought to an end, with their final status. */
  readonly settled: readonly { readonly task: string; readonly status: TaskStatus }[];
  /** The faults of provider or budget that left tasks undone. */
  readonly unavailable: readonly { readonly task: string; readonly error: Diagnostic }[];
  /** Where the approved files are, in words. */
  readonly place: string;
  readonly cost: CostReport;
}

export interface RunOutcome extends RunSummary {
  readonly document: FeatureDocument;
  /** How the spec stands to the plan at the end. */
  readonly spec: SpecState;
  /** Tasks whose scaffold rules wrote, though a model can be reached by now. */
  readonly replaceable: readonly string[];
}

/** Runs the graph, or the selected part of it. @throws BlueprintError as `runFeature`; InterruptedError */
export async function run(
  { feature, tasks = [], types = [], concurrency, ...flags }: RunInput,
  program: Program,
  caller: Caller,
): Promise<RunOutcome> {
  const { store, config } = program;
  const { counted, report } = await countedCost(caller, program);
  return program.inFolder({ feature }, counted, async (session) => {
    const first = await store.get(feature);
    for (const id of tasks) findTask(first, id);
    const workspace = await session.workspace();
    const engine = await session.engine();
    const router = await session.router();
    await warnOfUnseen(feature, workspace, program, session.emit);
    const selection = { tasks, types };
    let document = first;
    if (flags.replaceScaffolds === true) {
      const byHand = { ...session, store, now: program.now };
      for (const { id } of replaceable(first, router).filter((task) => isSelected(task, selection)))
        await setTaskStatus(feature, id, 'pending', byHand);
      document = await store.get(feature);
    }
    const asked = modelled(document, selection, router);
    await warnOfForeign(workspace, session.emit);
    const said = await settledByFile(feature, document, selection, program);
    if (said.length > 0)
      session.emit({
        type: 'warning',
        code: 'said-by-file',
        message: saidByFileText(said),
        task: null,
      });
    warnOfStandIns(asked, router, config, session.emit);
    if (asked.length > 0) await tellOutlooks(asked, workspace, session);
    const { unavailable, ...ended } = await runFeature(
      {
        slug: feature,
        run: session.run,
        selection,
        concurrency: concurrency ?? config.executor.concurrency,
        failFast: flags.failFast ?? false,
      },
      { ...session, store, engine, router },
    );
    return {
      ...ended,
      replaceable: replaceable(ended.document, router).map(({ id }) => id),
      unavailable: unavailable.map(({ task, error }) => ({ task, error: error.toJSON() })),
      place: workspace.place(),
      cost: report(),
    };
  });
}

/** Tasks that wait with a scaffold by rules, where a model would write their work now. */
function replaceable({ tasks }: FeatureDocument, router: ModelRouter): Task[] {
  return tasks.filter(
    (task) =>
      task.status === 'needs_review' &&
      isRules(task.result?.author ?? '') &&
      isForModel(task, router),
  );
}

/** The open tasks among those selected that a model would write. */
function modelled({ tasks }: FeatureDocument, selection: Selection, router: ModelRouter): Task[] {
  return tasks.filter(
    (task) => isRunnable(task) && isSelected(task, selection) && isForModel(task, router),
  );
}

/** Whether a model would write it now. */
function isForModel({ type }: Task, router: ModelRouter): boolean {
  const decision = decisionOrNull(router, roleOfType[type]);
  return decision !== null && !isRules(decision.chosen);
}

/**
 * Says before the first call what keeps a gate from checking the work, which would be paid and wait; and how
 * the project's tests come out without it.
 */
async function tellOutlooks(
  asked: readonly Task[],
  workspace: Workspace,
  { gates, emit, signal }: Session,
): Promise<void> {
  const planned = asked.flatMap(({ files }) => files);
  const files = { planned, uncommitted: await workspace.unseen() };
  const { outlooks } = await gates();
  for (const { gate, unavailable, found } of await outlooks(workspace.base(), files, signal)) {
    for (const line of found) emit({ type: 'gate-outlook', gate, found: line });
    for (const { missing, fix } of unavailable) {
      const message = `the gate ${gate} cannot check the work, which will wait for you: ${missing}. ${fix}`;
      emit({ type: 'warning', code: 'gate-cannot-run', message: message.trim(), task: null });
    }
  }
}

/**
 * Says before the first call which model reviews that the role does not name: those that it names would judge
 * their own work, and what stands in costs money as well.
 */
function warnOfStandIns(
  asked: readonly Task[],
  router: ModelRouter,
  { roles }: Pick<ResolvedConfig, 'roles'>,
  emit: Emit,
): void {
  const named = new Set(roles.reviewer.models.filter((ref) => !isRules(ref)).map(formatModelRef));
  const said = new Set<string>();
  for (const { type } of asked) {
    const author = decisionOrNull(router, roleOfType[type]);
    if (author === null || isRules(author.chosen)) continue;
    const avoidModels = [author.chosen];
    const chosen = decisionOrNull(router, 'reviewer', { avoidModels })?.chosen;
    if (chosen === undefined || isRules(chosen) || named.has(chosen) || said.has(chosen)) continue;
    said.add(chosen);
    const message = `${chosen} reviews, though roles.reviewer does not name it: what it names, ${[...named].join(', ')}, would review its own work. Name another there if ${chosen} is not to be paid`;
    emit({ type: 'warning', code: 'reviewer-stands-in', message, task: null });
  }
}

/** Says which approved files, that the work stands on, nobody approved here. */
async function warnOfForeign(workspace: Workspace, emit: Emit): Promise<void> {
  const foreign = await workspace.foreign();
  if (foreign.length === 0) return;
  const message = `the work stands on files that came with the repository as approved, and that you did not approve on this machine: ${somePaths(foreign)}`;
  emit({ type: 'warning', code: 'state-foreign', message, task: null });
}

function somePaths(paths: readonly string[]): string {
  return someOf(
    paths.map((path) => toSingleLine(path, 100)),
    5,
  );
}

/** Says which files of the user the work will not see, if there are any. */
async function warnOfUnseen(
  feature: string,
  workspace: Workspace,
  { artefacts, config }: Program,
  emit: Emit,
): Promise<void> {
  const changed = await workspace.unseen();
  const brief = await artefacts.read(feature, 'brief.md');
  const asText = (text: string): string => text.replaceAll('\r\n', '\n').trim();
  const isBrief = async (path: string): Promise<boolean> =>
    brief !== null &&
    /\.(?:md|markdown|txt)$/i.test(path) &&
    (await readFile(join(config.root, path), 'utf8').then(
      (text) => asText(text) === asText(brief),
      () => false,
    ));
  // The brief is known: the feature was made from it.
  const others = await Promise.all(changed.map(async (path) => !(await isBrief(path))));
  const unseen = changed.filter((_, index) => others[index]);
  if (unseen.length === 0) return;
  emit({
    type: 'warning',
    code: 'changes-not-seen',
    message: `the work stands on what is committed; not seen are your changes of ${somePaths(unseen)}`,
    task: null,
  });
}
