import { throwIfAborted } from '../../domain/errors.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Unavailable, TrialResult, TriedFile } from '../gate.ts';
import { plansByKind } from '../plans.ts';
import type { CopyContext } from '../run-in-copy.ts';
import { runnersByKind, type FoundRunners } from '../runners/detect.ts';
import { nearestTests, ofLanguages, pickRunners } from './pick-runners.ts';
import { planTrial, type Lasted, type TrialOptions } from './plan-trial.ts';
import { openStage, type Tests, type TrialInput } from './stage.ts';
import { unsoundness } from './unsound.ts';

export type TryTests = (input: TrialInput, signal: AbortSignal) => Promise<TrialResult>;

/** Runs test files by themselves, as `Gates.tryTests` says. */
export function testTrials(options: TrialOptions): TryTests {
  const lasted: Lasted = new Map();
  return async (input, signal) => {
    const tried = new Map<string, TriedFile>();
    for (const [path, text] of input.tests) {
      throwIfAborted(signal);
      const problem = await unsoundness(path, text, signal);
      if (problem !== null) tried.set(path, { path, problem, tests: [] });
    }
    const sound = new Map([...input.tests].filter(([path]) => !tried.has(path)));
    if (sound.size > 0) {
      const sandbox = await options.sandbox(signal);
      if ('missing' in sandbox) return { unavailable: sandbox };
      const ran = await runAll(sound, input, sandbox, options, lasted, signal);
      if ('missing' in ran) return { unavailable: ran };
      for (const file of ran) tried.set(file.path, file);
    }
    return { files: [...input.tests.keys()].flatMap((path) => tried.get(path) ?? []) };
  };
}

async function runAll(
  tests: Tests,
  input: TrialInput,
  sandbox: Sandbox,
  options: TrialOptions,
  lasted: Lasted,
  signal: AbortSignal,
): Promise<readonly TriedFile[] | Unavailable> {
  const stage = await openStage(input, sandbox, options, signal);
  await using place = await stage.copy(tests);
  if ('unavailable' in place) return place.unavailable;
  const kinds = await kindsFor(place.context, options);
  const own = [...place.context.project.files].filter((path) => !tests.has(path));
  const ofProject = ofLanguages([...own, ...input.task.files]);
  const { picked, left } = pickRunners(kinds, [...tests.keys()].filter(ofProject));
  const examples = nearestTests(own, [...tests.keys()]);
  const foreign = [...tests.keys()].filter((path) => !ofProject(path));
  const tried = [...left, ...foreign].map((path) => untaken(path, kinds, examples));
  const lacking: Unavailable[] = [];
  for (const { plan, files } of picked) {
    throwIfAborted(signal);
    if ('missing' in plan) {
      const missing = `${plan.runner}: ${plan.missing}`;
      lacking.push({ missing, fix: plan.fix });
      for (const path of files)
        tried.push({ path, problem: { kind: 'no_runner', text: missing }, tests: [] });
      continue;
    }
    const texts = new Map([...tests].filter(([path]) => files.includes(path)));
    const given = { input, stage, place, sandbox, options, lasted, tests };
    const ran = await planTrial(plan, texts, given, signal);
    if ('missing' in ran) lacking.push(ran);
    else tried.push(...ran);
  }
  const [unavailable] = lacking;
  const isNothing =
    unavailable !== undefined && lacking.length === picked.length && left.length === 0;
  return isNothing ? unavailable : tried;
}

/** A command of the user's may name no test: what the project's files say of its runners comes before it. */
async function kindsFor(context: CopyContext, options: TrialOptions): Promise<FoundRunners[]> {
  const asked = await plansByKind(context, options);
  return options.command === null ? [...asked] : [...(await runnersByKind(context)), ...asked];
}

/** In words by which whoever wrote the file can write it anew. */
function untaken(
  path: string,
  kinds: readonly FoundRunners[],
  examples: readonly string[],
): TriedFile {
  const runners = kinds.flatMap(({ plans }) =>
    plans.map((plan) => ('missing' in plan ? plan.runner : `${plan.runner} (by ${plan.from})`)),
  );
  const has =
    runners.length === 0
      ? 'nothing here says how tests are run'
      : `the project's tests are run by ${runners.join(', ')}`;
  const there = examples.length === 0 ? '' : `; its tests are files like ${examples.join(', ')}`;
  const text = `no runner of the project takes ${path} for a test: ${has}${there}`;
  return { path, problem: { kind: 'no_runner', text }, tests: [] };
}
