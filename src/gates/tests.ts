import { throwIfAborted } from '../domain/errors.ts';
import type { GateStatus } from '../domain/gate-result.ts';
import type { TemporaryFolder } from '../files/temporary-folder.ts';
import { openBase, type BaseRuns } from './base-runs.ts';
import { baseOutlook, uncommittedTests } from './base-outlook.ts';
import type { LastRun } from './first-tests.ts';
import {
  nothingToTell,
  type Gate,
  type GateInput,
  type Outlook,
  type ProjectBefore,
} from './gate.ts';
import { judgePlan, type StagedWork } from './judge-plan.ts';
import type { KnownRuns } from './known-runs.ts';
import { checkerFor } from '../syntax/languages.ts';
import { notRun } from './checking.ts';
import { unheardFrozen } from './frozen-tests.ts';
import { ownershipOf } from './ownership.ts';
import { passedOver, plansFor, type Planning } from './plans.ts';
import { ownFiles, projectBefore, viewOf, withChanges } from './project-view.ts';
import type { Reach } from './reach.ts';
import { safeguard } from './protect/protect.ts';
import { copyContext, runnerInput, type CopyContext } from './run-in-copy.ts';
import { testScript } from '../repository/packages/package-json.ts';
import type { ProjectView } from '../files/project-view.ts';
import { setUpCopy } from './setup/set-up-copy.ts';
import { hasSoundPaths, notLaidOut, stageCopy, unsoundPaths } from './stage-copy.ts';
import { suiteLimits } from './suite-limits.ts';
import { errored, skipped, tampered, type Verdict } from './verdict.ts';

export interface TestsGateOptions extends Planning {
  readonly knownRuns: KnownRuns;
  /** What becomes of a code task where the project has no tests at all: `review` leaves it to a person. */
  readonly whenNone: 'review' | 'accept';
  /** Null: who imports whom is not known, and corrections are checked by what failed before alone. */
  readonly reach: Reach | null;
}

/**
 * Runs the project's tests with the work in it, and compares each with how it came out before the work: what
 * passed must pass, what failed blames nobody, what is new must pass, what is gone blocks.
 */
export function testsGate(options: TestsGateOptions): Gate {
  const lastRuns = new Map<string, LastRun>();
  const deaf = new Set<string>();
  return {
    name: 'tests',
    blocking: true,
    async check(input, signal) {
      if (!hasSoundPaths(input)) return unsoundPaths;
      const commands = [options.setup?.run, options.command].filter(
        (one) => typeof one === 'string',
      );
      const before = await projectBefore(input, signal);
      const safe = await safeguard({
        ...input,
        declared: input.task.files,
        before: before.files,
        check: 'tests',
        commands,
        signal,
      });
      const tampering = safe.findings.length > 0 ? [tampered(safe.findings)] : [];
      const project = withChanges(before, safe.changes);
      const about = await aboutWork(project, input);
      // A copy is made only where something will run in it.
      if (!(await mayHaveTests(project, about, options)))
        return combined([...tampering, noTests(input, options)]);
      const sandbox = await options.sandbox(signal);
      if ('missing' in sandbox) return combined([...tampering, notRun(sandbox)]);
      await using copy = await stageCopy(input, safe.changes, signal);
      if (copy === null) return combined([...tampering, notLaidOut]);
      const view = await viewOf(copy.path);
      const context = copyContext(copy.path, view, sandbox, options, about, input);
      const base = await openBase(input, about, sandbox, options, signal);
      /** The same once more, with nothing that its run has left. */
      const copyAgain = async (): Promise<TemporaryFolder | null> => {
        const again = await stageCopy(input, safe.changes, signal);
        if (again === null) return null;
        const set = { ...context, folder: again.path, keep: () => Promise.resolve() };
        const of = { base: input.copyTo };
        if ((await setUpCopy(options, set, of, signal)) === null) return again;
        await again.remove();
        return null;
      };
      const ownership = ownershipOf(input);
      const { baseKey, task } = input;
      const { changes } = safe;
      const stood = { baseKey, changes, task: task.id };
      const work = { ...stood, context, base, ownership, copyAgain, lastRuns, deaf };
      const verdicts = await runAll(work, input, options, signal);
      const heard = [...lastRuns.values()].filter((last) => last.changes === changes);
      const reports = heard.map(({ report }) => report);
      const isSound = verdicts.every(({ status }) => status === 'passed' || status === 'skipped');
      const frozen = isSound ? await unheardFrozen(input, reports, changes, options, signal) : null;
      const all = [...tampering, ...verdicts, ...(frozen === null ? [] : [frozen])];
      const verdict = combined(isUnproven(all, input) ? [...all, unproven] : all);
      return { ...verdict, isolated: sandbox.isolated };
    },
    async outlook(before, signal) {
      const hidden = uncommittedTests(before.uncommitted);
      const outlook = await outlookOn(before, options, signal);
      return { ...outlook, found: [...hidden, ...outlook.found] };
    },
  };
}

async function outlookOn(
  before: ProjectBefore,
  options: TestsGateOptions,
  signal: AbortSignal,
): Promise<Outlook> {
  const { files, read } = ownFiles(await before.project(signal));
  const wanted = new Set([...files, ...before.planned]);
  // What is still to be written is there, and cannot be read.
  const project = {
    files: wanted,
    read: async (path: string) => (files.has(path) ? read(path) : null),
  };
  if (!(await mayHaveTests(project, everything, options))) return nothingToTell;
  const sandbox = await options.sandbox(signal);
  if ('missing' in sandbox) return { ...nothingToTell, unavailable: [sandbox] };
  const has = (program: string): Promise<boolean> => sandbox.has(program);
  const input = { ...runnerInput(project, options, everything), has };
  const lacking = (await plansFor(input, options)).flatMap((plan) =>
    'missing' in plan ? [{ missing: `${plan.runner}: ${plan.missing}`, fix: plan.fix }] : [],
  );
  const { found, unavailable } = await baseOutlook(
    await openBase(before, everything, sandbox, options, signal),
    suiteLimits(options.limits, options.timeoutMs),
    await passedOver(input, options),
  );
  const refused = notMounted(options.host);
  return {
    found: refused === null ? found : [...found, refused],
    unavailable: [...lacking, ...unavailable],
  };
}

const mostRefused = 3;

/** What is installed and is not there for the tests, in words; null where all is. */
function notMounted({ refused }: Planning['host']): string | null {
  if (refused.size === 0) return null;
  const words = [...refused].map(([path, why]) => `${path} is not shown to the tests: ${why}`);
  const more = words.length > mostRefused ? [`${words.length - mostRefused} more`] : [];
  return [...words.slice(0, mostRefused), ...more].join('; ');
}

type AboutWork = Pick<CopyContext, 'declared' | 'touched' | 'scriptStood'>;

/** Before there is any work, the project's scripts are its own. */
const everything: AboutWork = { declared: [], touched: [], scriptStood: true };

async function aboutWork(project: ProjectView, input: GateInput): Promise<AboutWork> {
  const { bundle, changes, task, frozen } = input;
  return {
    declared: [...new Set([...bundle.tests, ...frozen.keys()])],
    touched: [...new Set([...changes.keys(), ...task.files, ...frozen.keys()])],
    scriptStood: await scriptStood(project, input),
  };
}

/** Whether a runner knows the project by its files, or would if it could read all that it looks into. */
async function mayHaveTests(
  project: ProjectView,
  about: AboutWork,
  options: TestsGateOptions,
): Promise<boolean> {
  let unread = false;
  const read = async (path: string): Promise<string | null> => {
    const text = await project.read(path);
    unread ||= text === null && project.files.has(path);
    return text;
  };
  const watched = { files: project.files, read };
  const found = await plansFor(runnerInput(watched, options, about), options);
  return found.length > 0 || unread;
}

async function runAll(
  work: StagedWork,
  input: GateInput,
  options: TestsGateOptions,
  signal: AbortSignal,
): Promise<Verdict[]> {
  const { context, base } = work;
  const plans = await plansFor(context, options);
  if (plans.length === 0 && base.plans.size === 0) return [noTests(input, options)];
  const unprepared = await setUpCopy(options, context, { base: input.copyTo }, signal);
  if (unprepared !== null) return [unprepared];
  const verdicts: Verdict[] = [];
  for (const plan of plans) {
    throwIfAborted(signal);
    verdicts.push(await judgePlan(plan, work, options, signal));
  }
  const found = new Set(plans.map(({ runner }) => runner));
  for (const runner of base.plans.keys())
    if (!found.has(runner)) verdicts.push(await goneRunner(runner, [...found], base));
  return verdicts;
}

/** Of a runner that has nothing to run any more. Another one may have come in its place. */
async function goneRunner(
  runner: string,
  found: readonly string[],
  base: BaseRuns,
): Promise<Verdict> {
  const what = `${runner}, which ran tests before, has none to run now`;
  if (found.some((one) => !base.plans.has(one))) return skipped(what);
  const before = await base.of(runner);
  const passed = before === null || 'unprepared' in before ? 0 : before.report.passed;
  return passed === 0 ? skipped(what) : errored(what, 'Look at the work and approve it');
}

/** Whether package.json's `test` script is what it was, or is the task's own to change. */
async function scriptStood(project: ProjectView, { base, task }: GateInput): Promise<boolean> {
  if (task.files.includes('package.json')) return true;
  const script = await testScript(project);
  const before = await base('package.json');
  const files = new Set(before === null ? [] : ['package.json']);
  return script === (await testScript({ files, read: async () => before }));
}

function noTests(
  { task, changes, forPerson = false }: GateInput,
  { whenNone }: TestsGateOptions,
): Verdict {
  const reason = 'no tests that a known runner would run';
  if (forPerson || whenNone === 'accept' || task.type !== 'code' || !changesCode(changes))
    return skipped(reason);
  return errored(
    `the project has ${reason}, so nothing shows that the code works`,
    'Look at the work and approve it, have the task write tests, or set gates.tests.whenNone to "accept"',
  );
}

function changesCode(changes: GateInput['changes']): boolean {
  return [...changes.keys()].some((path) => checkerFor(path)?.kind === 'code');
}

/** Code was changed in a project that has tests, and none of them was executed. */
function isUnproven(verdicts: readonly Verdict[], { changes }: GateInput): boolean {
  return verdicts.every(({ status }) => status === 'skipped') && changesCode(changes);
}

const unproven = errored(
  'none of the project’s tests was executed, so nothing shows that the code works',
  'Look at the work and approve it, or name the tests’ command with --test-command "…"',
);

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
