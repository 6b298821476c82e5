import { makeTemporaryFolder } from '../../files/temporary-folder.ts';
import { toSingleLine } from '../../domain/text.ts';
import { sha256 } from '../../text/sha256.ts';
import { howEnded } from '../../sandbox/sandbox.ts';
import { runLog, succeeded, type Checking } from '../checking.ts';
import { contentStates, entriesBelow, idOf } from '../content-id.ts';
import type { GateInput } from '../gate.ts';
import { lastingMounts, runInCopy, type CopyContext } from '../run-in-copy.ts';
import type { RunnerPlan } from '../runners/runner.ts';
import { shellCommand } from '../runners/shell-command.ts';
import { layOut } from '../stage-copy.ts';
import { errored, type Verdict } from '../verdict.ts';
import { watchCopy } from './copy-changes.ts';
import type { Setup } from './setup.ts';

type Means = Pick<Checking, 'setup' | 'keptSetups'>;

/**
 * Whose copy it is. What a step reads apart from its `reads` may be the work's: what it makes in a copy of the
 * project before the work serves others too, what it makes with the work in it serves the same content alone.
 */
export type CopyOf = 'base' | { readonly base: GateInput['copyTo'] };

/** Steps that are being done in this process, by their keys. */
const running = new Map<string, Promise<unknown>>();

/**
 * Runs the user's own step in the copy, or does what it did where it read the same.
 * @returns null when it was done, or there is none.
 */
export async function setUpCopy(
  { setup, keptSetups }: Means,
  context: CopyContext,
  of: CopyOf,
  signal: AbortSignal,
): Promise<Verdict | null> {
  if (setup === null) return null;
  const { folder, sandbox } = context;
  const plan = await shellCommand(setup.run, 'gates.setup', context);
  const run = (key: string | null) => runStep(setup, plan, context, key, keptSetups, signal);
  // What was made at one place may name it.
  if (sandbox.seenAt(folder) === folder) return run(null);
  const restored = (key: string): Promise<boolean> => keptSetups.restore(key, folder);
  const narrow = setup.reads === null ? null : await keyOf(setup, plan, context, setup.reads);
  if (narrow !== null) {
    if (await restored(narrow)) return null;
    if (of !== 'base') {
      await using base = await makeTemporaryFolder();
      await of.base(base.path, signal);
      const same = { ...context, folder: base.path, keep: keptNowhere };
      if ((await keyOf(setup, plan, same, setup.reads)) === narrow) {
        await setUpCopy({ setup, keptSetups }, same, 'base', signal);
        if (await restored(narrow)) return null;
      }
    }
  }
  const key = narrow !== null && of === 'base' ? narrow : await keyOf(setup, plan, context, null);
  for (;;) {
    if (await restored(key)) return null;
    const other = running.get(key);
    if (other === undefined) break;
    await other.catch(() => undefined);
  }
  const done = run(key);
  running.set(key, done);
  try {
    return await done;
  } finally {
    running.delete(key);
  }
}

const logName = 'setup.log';

async function keptNowhere(): Promise<void> {}

async function runStep(
  setup: Setup,
  plan: RunnerPlan,
  context: CopyContext,
  key: string | null,
  keptSetups: Means['keptSetups'],
  signal: AbortSignal,
): Promise<Verdict | null> {
  const { folder, tools, limits, keep } = context;
  const pristine =
    key === null ? new Map() : await contentStates(folder, (await entriesBelow(folder)).files);
  await layOut(folder, plan);
  const changes = key === null ? null : await watchCopy(folder, pristine, tools);
  const ran = await runInCopy(plan, context, signal);
  await keep(logName, runLog(setup.run, ran, limits));
  if (succeeded(ran)) {
    if (key !== null && changes !== null) await keptSetups.keep(key, folder, await changes());
    return null;
  }
  const words = toSingleLine(ran.stderr.trim().split('\n').at(-1) ?? '', 160);
  return errored(
    `gates.setup did not work (${howEnded(ran.end, limits)}${words === '' ? '' : `: ${words}`})`,
    `Mend the step, or what the work changed below it; its whole output is in ${logName}. By hand: ${setup.run}`,
  );
}

/** @param reads patterns; null: the whole copy. */
async function keyOf(
  { run }: Setup,
  plan: RunnerPlan,
  { folder, tools, sandbox }: CopyContext,
  reads: Setup['reads'],
): Promise<string> {
  const { files } = await entriesBelow(folder);
  const states = await contentStates(folder, reads === null ? files : await matching(files, reads));
  const mounts = lastingMounts(plan, tools);
  const { version, platform, arch } = process;
  const all = [idOf(states), run, reads, mounts, sandbox.name, version, platform, arch];
  return sha256(JSON.stringify(all));
}

async function matching(paths: readonly string[], patterns: readonly string[]): Promise<string[]> {
  const { default: ignore } = await import('ignore');
  const read = ignore().add([...patterns]);
  return paths.filter((path) => read.ignores(path));
}
