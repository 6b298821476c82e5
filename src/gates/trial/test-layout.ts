import type { ProjectView } from '../../files/project-view.ts';
import type { GateInput, Unavailable, TestLayout } from '../gate.ts';
import { plansByKind, type Planning } from '../plans.ts';
import { projectBefore, withChanges } from '../project-view.ts';
import { runnerInput } from '../run-in-copy.ts';
import type { FoundRunners } from '../runners/detect.ts';
import { nearestTests } from './pick-runners.ts';
import { sampleTests, type SampleTest } from './sample-tests.ts';

/**
 * How tests for a task are to be written so that they run in the project: its runners and where its tests stand, or,
 * where it has none, what a first test would be run by. Nothing is run. @throws InterruptedError
 */
export async function testLayout(
  input: Pick<GateInput, 'task' | 'project'>,
  options: Planning,
  signal: AbortSignal,
): Promise<TestLayout> {
  const project = await projectBefore(input, signal);
  const { files } = input.task;
  const examples = nearestTests(project.files, files);
  const sandbox = await options.sandbox(signal);
  if ('missing' in sandbox) return { runners: [], examples, unavailable: sandbox };
  const runnersOf = (view: ProjectView): Promise<readonly FoundRunners[]> => {
    const about = { declared: [], touched: files, scriptStood: true };
    const asked = runnerInput(view, options, about);
    return plansByKind({ ...asked, has: (program) => sandbox.has(program) }, options);
  };
  const there = await runnersOf(project);
  const wouldBe: Found[] = [];
  // A task's files may not be there yet; where it names none, all of the project's say its languages.
  const known = sampleTests(files.length > 0 ? files : project.files);
  const isOpen = files.length === 0 && known.length === 0;
  for (const samples of isOpen ? sampleTests(ofAnyProject) : known)
    if (!there.some(({ takes }) => samples.some(({ path }) => takes.test(path))))
      wouldBe.push(...(await firstTaken(samples, project, runnersOf)));
  const found = [...there.map((kind) => ({ ...kind, sample: null })), ...wouldBe];
  const isOfTask = ({ takes }: FoundRunners): boolean =>
    sampleTests(files).some((samples) => samples.some(({ path }) => takes.test(path)));
  const sorted = [...found].sort((a, b) => Number(isOfTask(b)) - Number(isOfTask(a)));
  return { runners: sorted.flatMap(wordsOf), examples, unavailable: unavailableOf(found) };
}

/** Where nothing says in which language the work will be: those whose tests run without a manifest. */
const ofAnyProject = ['any.js', 'any.py'];

interface Found extends FoundRunners {
  /** The test that was thought up for it; null where the project has its own. */
  readonly sample: SampleTest | null;
}

/** What would run the first of some tests that anything would run. */
async function firstTaken(
  samples: readonly SampleTest[],
  project: ProjectView,
  runnersOf: (view: ProjectView) => Promise<readonly FoundRunners[]>,
): Promise<Found[]> {
  for (const sample of samples) {
    const view = withChanges(project, new Map([[sample.path, sample.text]]));
    const taking = (await runnersOf(view)).filter(({ takes }) => takes.test(sample.path));
    if (taking.length > 0) return taking.map((kind) => ({ ...kind, sample }));
  }
  return [];
}

function wordsOf({ plans, sample }: Found): string[] {
  return plans.map((plan) => {
    if ('missing' in plan) return `${plan.runner}, which cannot be run: ${plan.missing}`;
    if (sample === null) return `${plan.runner}, by ${plan.from}`;
    return `${plan.runner}, which has no tests here yet, and would run ${sample.path}:\n${sample.text}`;
  });
}

function unavailableOf(found: readonly Found[]): Unavailable | null {
  const plans = found.flatMap((kind) => kind.plans);
  const lacking = plans.flatMap((plan) => ('missing' in plan ? [plan] : []));
  const [first] = lacking;
  if (first !== undefined && lacking.length === plans.length)
    return { missing: `${first.runner}: ${first.missing}`, fix: first.fix };
  if (plans.length > 0) return null;
  return {
    missing: 'no runner of tests is known for this project',
    fix: 'Say how its tests are run: --test-command "…".',
  };
}
