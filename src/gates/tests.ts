import { throwIfAborted } from '../domain/errors.ts';
import type { GateStatus } from '../domain/gate-result.ts';
import type { Finding } from '../domain/review.ts';
import type { Gate, GateInput } from './gate.ts';
import { detectRunners } from './runners/detect.ts';
import { testScript } from './runners/package-json.ts';
import type { ProjectView } from './runners/runner.ts';
import { shellCommand } from './runners/shell-command.ts';
import { notRun, type Checking } from './checking.ts';
import { ownFiles, projectBefore, viewOf, withChanges } from './project-view.ts';
import { safeguard } from './protect/protect.ts';
import { copyContext, prepareCopy, runnerInput, type CopyContext } from './run-in-copy.ts';
import { runPlan, silenced } from './run-plan.ts';
import { hasSoundPaths, stageCopy, unsoundPaths } from './stage-copy.ts';
import { errored, skipped, type Verdict } from './verdict.ts';

export interface TestsGateOptions extends Checking {
  /** The user's command, run by a shell; null: the runners are found by the project's files. */
  readonly command: string | null;
}

/**
 * Runs the project's tests with the work in it: those that were there before the task as they were, and
 * those that the work brings.
 */
export function testsGate(options: TestsGateOptions): Gate {
  return {
    name: 'tests',
    blocking: true,
    async check(input, signal) {
      if (!hasSoundPaths(input)) return unsoundPaths;
      const commands = options.command === null ? [] : [options.command];
      const before = await projectBefore(input, signal);
      const work = { ...input, declared: input.task.files };
      const safe = await safeguard({ ...work, before: before.files, check: 'tests', commands });
      const tampering = safe.findings.length > 0 ? [tampered(safe.findings)] : [];
      const project = withChanges(before, safe.changes);
      // A copy is made only where something will run in it.
      const stood = (view: ProjectView): Promise<boolean> => scriptStood(view, input);
      if (!(await mayHaveTests(project, input.bundle.tests, stood, options)))
        return combined([...tampering, skipped(await nothingFound(project))]);
      const sandbox = await options.sandbox(signal);
      if ('missing' in sandbox) return combined([...tampering, notRun(sandbox)]);
      await using copy = await stageCopy(input, safe.changes, signal);
      if (copy === null) return unsoundPaths;
      const view = await viewOf(copy.path);
      const context = copyContext(copy.path, view, sandbox, options, input);
      const verdicts = await runAll(context, input, options, signal);
      return { ...combined([...tampering, ...verdicts]), isolated: sandbox.isolated };
    },
    async hindrance(all, signal) {
      const project = ownFiles(all);
      if (!(await mayHaveTests(project, [], untouched, options))) return null;
      const sandbox = await options.sandbox(signal);
      if ('missing' in sandbox) return sandbox;
      if (options.command !== null) return null;
      const has = (program: string): Promise<boolean> => sandbox.has(program);
      const input = { ...runnerInput(project, options.host, [], []), has };
      const lacking = (await detectRunners(input, true)).find((plan) => 'missing' in plan);
      return lacking === undefined
        ? null
        : { missing: `${lacking.runner}: ${lacking.missing}`, fix: lacking.fix };
    },
  };
}

/** Whether a runner knows the project by its files, or would if it could read all that it looks into. */
async function mayHaveTests(
  project: ProjectView,
  declared: readonly string[],
  scripted: (project: ProjectView) => Promise<boolean>,
  { command, host }: TestsGateOptions,
): Promise<boolean> {
  if (command !== null) return true;
  let unread = false;
  const read = async (path: string): Promise<string | null> => {
    const text = await project.read(path);
    unread ||= text === null && project.files.has(path);
    return text;
  };
  const watched = { files: project.files, read };
  const found = await detectRunners(
    runnerInput(watched, host, declared, []),
    await scripted(watched),
  );
  return found.length > 0 || unread;
}

async function runAll(
  context: CopyContext,
  input: GateInput,
  { command, prepare }: TestsGateOptions,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const { project } = context;
  const plans =
    command === null
      ? await detectRunners(context, await scriptStood(project, input))
      : [await shellCommand(command, context)];
  if (plans.length === 0) return [skipped(await nothingFound(project))];
  const unprepared = await prepareCopy(prepare, context, signal);
  if (unprepared !== null) return [unprepared];
  const verdicts: Verdict[] = [];
  for (const plan of plans) {
    throwIfAborted(signal);
    if ('missing' in plan) verdicts.push(errored(`${plan.runner}: ${plan.missing}`, plan.fix));
    else {
      const verdict = await runPlan(plan, context, signal);
      const cheat = verdict.doubtful ? await silenced(plan, context, prepare, input, signal) : null;
      verdicts.push(cheat ?? verdict);
    }
  }
  return verdicts;
}

/** Before there is any work, the project's scripts are its own. */
const untouched = (): Promise<boolean> => Promise.resolve(true);

/** Whether package.json's `test` script is what it was, or is the task's own to change. */
async function scriptStood(project: ProjectView, { base, task }: GateInput): Promise<boolean> {
  const script = await testScript(project);
  if (task.files.includes('package.json')) return true;
  const before = await base('package.json');
  const files = new Set(before === null ? [] : ['package.json']);
  return script === (await testScript({ files, read: async () => before }));
}

async function nothingFound(project: ProjectView): Promise<string> {
  const script = await testScript(project);
  return script === null
    ? 'no tests that a known runner would run'
    : 'the work brings its own npm test, which proves nothing; name the command with --test-command';
}

function tampered(findings: readonly Finding[]): Verdict {
  const [first] = findings;
  const what = `${first?.location ?? ''}: ${first?.evidence ?? ''}`;
  return { status: 'failed', summary: `tampering: ${what}`, findings };
}

const order: readonly GateStatus[] = ['failed', 'errored', 'passed', 'skipped'];

/** The worst of several, with the words of all. */
function combined(verdicts: readonly Verdict[]): Verdict {
  const sorted = [...verdicts].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return {
    status: sorted[0]?.status ?? 'skipped',
    summary: sorted.map(({ summary }) => summary).join('; '),
    findings: sorted.flatMap(({ findings }) => findings),
  };
}
