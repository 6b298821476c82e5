import type { ResolvedConfig } from '../config/resolved-config.ts';
import { answerText, deliveredFiles, type Deliverable } from '../domain/deliverable.ts';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { isRules } from '../domain/model-role.ts';
import { routeRounds, type Route, type RoutePolicy } from '../domain/route.ts';
import type { TaskResult } from '../domain/task.ts';
import { withoutControls } from '../domain/text.ts';
import { draftName } from '../files/draft-name.ts';
import { repositoryFor } from '../executor/try-task.ts';
import { deriveFeatureName } from '../pipeline/feature-slug.ts';
import type { CostReport } from '../report/cost.ts';
import { filesBelow } from '../supervisor/steps.ts';
import { decisionOrNull } from '../supervisor/work.ts';
import { jsonText } from '../text/json-as.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import type { StrategyInput } from '../strategies/strategy.ts';
import type { Project } from '../repository/project.ts';
import { nothingToAnswerFrom } from '../workflows/rag/rag-qa.ts';
import { projectSources, type Sources } from '../workflows/rag/sources.ts';
import { emitRoute, route as routeOf } from '../workflows/route/route.ts';
import { preferring } from '../workflows/route/prefer-workers.ts';
import { workflowOf } from '../workflows/workflow-of.ts';
import type { WorkflowEnd } from '../workflows/workflow.ts';
import { taskResult } from '../workflows/task-result.ts';
import { adHocWork, filesOf } from './ad-hoc-work.ts';
import { countedCost } from './counted-cost.ts';
import { textsBefore } from './diff.ts';
import { givenTests, withTests } from './given-tests.ts';
import type { Caller, Program, Session } from './program.ts';
import { projectParts, type ShownProject } from './project-parts.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { askingFor } from './route-task.ts';
import { checkRounds, impliedWorkflow, type SolveInput } from './solve-input.ts';
import { aloneIn, solveTaskOf } from './solve-task.ts';

/** What `blueprint solve --json` prints. */
export interface SolveOutcome {
  /** Names its folder below `.blueprint/solves/`. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  readonly exitCode: 0 | 3;
  readonly route: Route;
  readonly status: 'done' | 'needs_review';
  readonly reason: string;
  readonly rounds: number;
  readonly author: string | null;
  readonly reviewer: string | null;
  /** What was checked, and how it came out. */
  readonly evidence: TaskResult['gates'];
  /** What its authors saw beside the task; null where they looked for it themselves. */
  readonly context: ShownProject | null;
  readonly deliverable: Deliverable;
  /** The files against the project, as a patch; empty for an answer. */
  readonly diff: string;
  readonly out: { readonly folder: string; readonly files: readonly string[] } | null;
  readonly cost: Pick<CostReport, 'total' | 'byModel' | 'avoided'>;
}

/** Corrections of files, at most, where nobody says. */
const usualFixes = 2;

/**
 * Solves a task that belongs to no feature, by the workflow that suits it. Nothing is written to the project
 * but what `.blueprint/solves/` keeps, and `out`. The same again over the same project repeats no finished call.
 * @throws BlueprintError `no-model`, `workflow-unknown`, `budget-reached`, `tests-…`, `sources-…`, `out-…`, `work-held`.
 * @throws ModelError when there is no usable reply
 */
export async function solve(
  input: SolveInput,
  program: Program,
  caller: Caller,
): Promise<SolveOutcome> {
  const { text, tests, rounds } = input;
  checkRounds(input);
  const workflow = impliedWorkflow(input);
  const config = tests === null ? program.config : withTests(program.config);
  const policy = input.policy ?? config.routing.policy;
  refuseSecrets('The task', text, program.redactor);
  const frozen = tests === null ? new Map() : await givenTests(config.root, tests);
  const { byModel, sources } = input;
  const inputs = { text, workflow, policy, rounds, byModel, sources, tests: [...frozen] };
  const { counted, report } = await countedCost(caller, program);
  const name = deriveFeatureName(text);
  return program.inFolder({ kind: 'solves', name, inputs, config }, counted, async (session) => {
    await requireModel(session);
    const out = input.out === null ? null : await session.outFolder(input.out);
    await out?.check();
    const route = await routed({ ...input, workflow, policy }, session, program);
    const { end, context } = await run({ input, route, frozen }, session, config, program);
    const { deliverable } = end;
    const status = end.status === 'done' ? 'done' : 'needs_review';
    const result = taskResult(program.now, { ...end.result, run: session.run, attempt: 1 });
    const changes = deliveredFiles(deliverable);
    const base = (await session.workspace()).project();
    const before = await textsBefore(base, changes);
    const written =
      out === null || status !== 'done'
        ? null
        : await out.write(
            deliverable.kind === 'answer'
              ? new Map([['answer.md', Buffer.from(withoutControls(answerText(deliverable)))]])
              : await base.checkedOut(changes),
          );
    const { total, byModel, avoided } = report();
    const outcome: SolveOutcome = {
      id: session.name,
      folder: session.folder,
      exitCode: status === 'done' ? ExitCode.done : ExitCode.needsReview,
      route,
      status,
      reason: result.reason,
      rounds: result.rounds,
      author: result.author,
      reviewer: result.reviewer,
      evidence: result.gates,
      context,
      deliverable,
      diff: unifiedDiff(before.texts, changes, before.noText),
      out: out === null || written === null ? null : { folder: out.path, files: written },
      cost: { total, byModel, avoided },
    };
    await keep(session, outcome, changes);
    return outcome;
  });
}

/** Rules answer no question and write no solution. */
async function requireModel({ router }: Session): Promise<void> {
  const decision = decisionOrNull(await router(), 'solver');
  if (decision !== null && !isRules(decision.chosen)) return;
  const reasons = decision?.passedOver.map(({ model, reason }) => `${model}: ${reason}`) ?? [];
  throw new BlueprintError({
    code: 'no-model',
    message: `A task is solved by models, and none can be asked${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}`,
    target: 'roles.solver',
    fix: 'Set the key of a provider that roles.solver, or roles.coder, names; see blueprint doctor.',
    exitCode: ExitCode.unavailable,
  });
}

async function routed(
  { text, workflow, byModel, policy, rounds }: SolveInput & { policy: RoutePolicy },
  session: Session,
  program: Program,
): Promise<Route> {
  const asking = await askingFor(session, program.config);
  const found = await routeOf({
    text,
    workflow: workflow ?? undefined,
    policy,
    pool: await session.pool([]),
    priceOf: (await program.prices()).of,
    asking: byModel && workflow === null ? asking : null,
  });
  const { least, most } = routeRounds;
  const maxRounds = Math.min(most, Math.max(least, rounds ?? found.controls.maxRounds));
  const route = { ...found, controls: { ...found.controls, maxRounds } };
  emitRoute(asking, route);
  return route;
}

interface Solving {
  readonly input: SolveInput;
  readonly route: Route;
  readonly frozen: ReadonlyMap<string, string>;
}

async function run(
  { input, route, frozen }: Solving,
  session: Session,
  config: ResolvedConfig,
  program: Program,
): Promise<{
  end: Exclude<WorkflowEnd, { moved: string }>;
  context: ShownProject | null;
}> {
  const { emit, signal, options } = session;
  const task = solveTaskOf(input.text, route.workflow);
  const document = aloneIn(task, program.now());
  const { requirements } = document;
  const of = { task, of: task.id, requirements, words: input.text };
  const about = { ...of, stage: 'execute', prompt: [] };
  const adHoc: StrategyInput = await adHocWork(session, config, { ...about, folder: 'partial' });
  const { work } = adHoc;
  const router = route.workflow === 'coding' ? preferring(work.router, route.workers) : work.router;
  const view = (await session.workspace()).project();
  const project = await session.project();
  const answerFrom = await answerSources(input, route, session, project);
  // Questions go to several models: what they name goes with them. Files are written for the project as it is.
  const isQuestion = route.workflow === 'reasoning' || route.workflow === 'science';
  const onlyNamed = isQuestion && config.repository.use === null;
  const words = { task: task.id, words: input.text, context: [] };
  const named = onlyNamed ? await projectParts(session, program, words) : null;
  const sources = {
    document,
    answerFrom,
    spec: '',
    base: work.base,
    named,
    repository: onlyNamed ? null : repositoryFor(view, { project, options }, signal),
  };
  let context: ShownProject | null = null;
  const workflow = await workflowOf(task, session.workflows);
  emit({ type: 'task-start', task: task.id, title: task.title, attempt: 1, resumed: false });
  const end = await workflow.run({
    work: { ...work, router },
    document,
    view,
    files: adHoc.files,
    parts: {
      ...(await session.workflowParts()),
      sources: answerFrom,
      maxIterations: (input.rounds ?? usualFixes) + 1,
    },
    route,
    checked: { words: input.text, frozen, forPerson: true },
    // The project as it stands decides: where it is as it was, so are the words, and nothing is asked again.
    begin: async () => {
      const { parts, pack } = await workflow.prompt(task, sources, options);
      const { tokens } = pack;
      const shown = { leftOut: [...pack.leftOut], files: [...pack.files] };
      context = { tokens, ...shown };
      const names = pack.parts.map(({ name }) => name);
      emit({ type: 'context-pack', task: task.id, tokens, parts: names, ...shown });
      return { prompt: parts, shown: pack.shownFiles };
    },
    keepRound: async (round, record) => {
      const files = filesBelow(filesOf(session), `partial/round-${round}`);
      if (record.gates !== undefined) await files.write('gates.json', jsonText(record.gates));
      if (record.review !== undefined) await files.write('review.json', jsonText(record.review));
      if (record.unusable !== undefined)
        await files.write(`${record.unusable.of}-reply.txt`, record.unusable.rawReply);
    },
    rejected: async () => null,
    authorsOf: async () => [],
  });
  if ('moved' in end) throw new RangeError(`Nothing of it can have moved: ${end.moved}`);
  const { reason, rounds = 0 } = end.result;
  emit({ type: 'task-finish', task: task.id, status: end.status, reason, attempt: 1, rounds });
  await named?.finish(ExitCode.done);
  return { end, context };
}

/** Null where nothing is looked for. @throws BlueprintError `sources-…` */
async function answerSources(
  { sources: folders }: SolveInput,
  { workflow }: Route,
  session: Session,
  project: Project | null,
): Promise<Sources | null> {
  if (workflow !== 'rag_qa') return null;
  const own = project === null ? null : projectSources(project);
  const sources = folders.length === 0 ? own : await session.sources(folders);
  if (sources === null || !(await sources.isEmpty())) return sources;
  throw new BlueprintError({
    code: 'sources-empty',
    message: nothingToAnswerFrom,
    target: '--sources',
    fix: 'Give a folder that holds texts with --sources.',
  });
}

/** What came of it, as files that people read. */
async function keep(
  { name, artefacts }: Session,
  outcome: SolveOutcome,
  changes: ReadonlyMap<string, string | null>,
): Promise<void> {
  for (const [path, content] of changes)
    if (content !== null) await artefacts.write(name, `files/${draftName(path)}`, content);
  const { deliverable } = outcome;
  if (deliverable.kind === 'answer')
    await artefacts.write(name, 'answer.md', withoutControls(answerText(deliverable)));
  await artefacts.write(name, 'result.json', jsonText(outcome));
}
