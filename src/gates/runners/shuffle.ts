import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxRun } from '../../sandbox/sandbox.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { filesWith, manifestSays, type RunnerPlan } from './runner.ts';

/** The variable by which a starter of ours is asked for an order; the runner does not get it. */
export const seedVariable = 'BLUEPRINT_SEED';

/** A starter that tells the runner to shuffle says so by these words and the seed; where it cannot, it does not. */
export const shuffledWords = 'blueprint: tests in random order, seed ';

/** The same, said in a shell. */
export const sayShuffled = `echo "${shuffledWords}$${seedVariable}" >&2`;

/** For a plan whose starter knows the variable. */
export function bySeed(plan: RunnerPlan): (seed: number) => RunnerPlan {
  return (seed) => ({ ...plan, env: { ...plan.env, [seedVariable]: String(seed) } });
}

/** Whether a runner was told to shuffle its tests, which is found out where it is started. */
export function wasShuffled(run: Pick<SandboxRun, 'stdout' | 'stderr'>, seed: number): boolean {
  return `${run.stderr}\n${run.stdout}`.includes(`${shuffledWords}${seed}`);
}

/** A command behind one that says it in its place. */
export function sayingShuffled(seed: number, command: readonly string[]): readonly string[] {
  const script = 'echo "$1" >&2; shift; exec "$@"';
  return ['/bin/sh', '-c', script, 'sh', `${shuffledWords}${seed}`, ...command];
}

const jestLike = {
  vitest: {
    since: [1, 0],
    options: (seed: string) => ['--sequence.shuffle', `--sequence.seed=${seed}`],
  },
  jest: { since: [29, 5], options: (seed: string) => ['--randomize', `--seed=${seed}`] },
} as const;

/** Options of vitest or jest for a seed; null where the installed version may not know them. */
export async function jestLikeShuffle(
  runner: keyof typeof jestLike,
  installed: string | null,
): Promise<((seed: number) => readonly string[]) | null> {
  const { since, options } = jestLike[runner];
  const version = installed === null ? null : await versionIn(installed);
  return version !== null && isSince(version, since) ? (seed) => options(String(seed)) : null;
}

/**
 * In a shell, for a `$kind` of runner whose program is `$word`: its options for the seed come into `$order`, a line
 * each; none where its version may not know them, or the command has an order of its own.
 */
export const jestLikeShuffleInShell = `order=
if [ -n "$${seedVariable}" ] && [ -n "$kind" ]; then
  place=$(readlink -f "$word")
  while place=\${place%/*}; [ -n "$place" ] && [ ! -f "$place/package.json" ]; do :; done
  read -r major minor <<end
$(sed -n 's/^ *"version": *"\\([0-9][0-9]*\\)\\.\\([0-9][0-9]*\\)\\..*/\\1 \\2/p' "$place/package.json" | head -n 1)
end
  since() { [ "\${major:-0}" -gt "$1" ] || { [ "\${major:-0}" -eq "$1" ] && [ "$minor" -ge "$2" ]; }; }
  case "$kind $*" in
    *--sequence* | *--randomize* | *--seed* | *--testSequencer*) ;;
${(['vitest', 'jest'] as const).map(shellCase).join('\n')}
  esac
  if [ -n "$order" ]; then ${sayShuffled}; fi
  unset ${seedVariable}
fi`;

function shellCase(runner: keyof typeof jestLike): string {
  const { since, options } = jestLike[runner];
  return `    ${runner}*) if since ${since.join(' ')}; then order='${options("'$" + seedVariable + "'").join('\n')}'; fi ;;`;
}

/** Whether a package's own script may start vitest or jest, with nothing to say in which order tests run. */
export async function canShuffle(project: ProjectView, folder: string): Promise<boolean> {
  const isNamed = await manifestSays(project, folder, /\b(?:vitest|jest)\b/);
  return isNamed && !(await fixesOrder(project));
}

/** Whether settings of vitest or jest say in which order tests run: that is the project's own. */
export async function fixesOrder(project: ProjectView): Promise<boolean> {
  const settings = [...project.files].filter((path) =>
    /(?:^|\/)(?:(?:vitest|vite|jest)\.[\w.-]+|package\.json)$/.test(path),
  );
  return (await filesWith(project, settings, orderSetting)).length > 0;
}

/** Not a script of `package.json`, which is looked at where it is run. */
const orderSetting = /^(?!.*--).*\b(?:sequence|sequencer|testSequencer|randomize)['"]?\s*[:=(]/m;

type Version = readonly [number, number];

function isSince([major, minor]: Version, [sinceMajor, sinceMinor]: Version): boolean {
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}

/** Of a package that is installed on this machine; null where it does not say. */
async function versionIn(folder: string): Promise<Version | null> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
  const found = /^ *"version": *"(\d+)\.(\d+)\./m.exec(text);
  return found === null ? null : [Number(found[1]), Number(found[2])];
}
