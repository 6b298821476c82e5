import { chmod, lstat, mkdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entriesBelow, inGroups } from '../../src/gates/content-id.ts';
import { sha256 } from '../../src/text/sha256.ts';
import type { Sandbox, SandboxJob, SandboxRun } from '../../src/sandbox/sandbox.ts';

/** Names that are made anew for each run: of the folder for tools, and the mark of reports. */
const fresh = /blueprint-[0-9a-f]{16}|\b[0-9a-f]{32}\b/g;
const ofTools = /^(?:[^/]+\/)*\.git\/blueprint-[0-9a-f]{16}\//;

interface Remembered {
  readonly run: SandboxRun;
  /** What the run made and changed in the copy, by path, with its mode. */
  readonly written: ReadonlyMap<string, { readonly text: string; readonly mode: number }>;
  readonly removed: readonly string[];
}

/**
 * A sandbox that runs a command once for copies of one content, and then tells the same of each: for tests of
 * what follows from a run, of which many lead to the very same one. Not for commands that come out by turns.
 */
export function rememberingSandbox(sandbox: Sandbox): Sandbox {
  const known = new Map<string, Remembered>();
  return {
    ...sandbox,
    async run(job) {
      // Where the copy stands would be part of what is told.
      if (!sandbox.isolated) return sandbox.run(job);
      const names = new Names(job);
      const before = await statesOf(job.copy, names);
      const { command, env, mounts, fixed, limits } = job;
      const asked = JSON.stringify([[...before], command, env, mounts, fixed, limits]);
      const key = sha256(names.taken(asked));
      const found = known.get(key);
      if (found !== undefined) return replay(found, job, names);
      const run = await sandbox.run(job);
      const after = await statesOf(job.copy, names);
      const changed = [...after].filter(([path, state]) => before.get(path) !== state);
      const isPlain = changed.every(([, state]) => !special.test(state));
      if (run.end.kind !== 'exited' || !isPlain) return run;
      const written = new Map<string, { text: string; mode: number }>();
      for (const [path] of changed) {
        const place = join(job.copy, names.given(path));
        const text = names.taken(await readFile(place, 'latin1'));
        written.set(path, { text, mode: (await lstat(place)).mode & 0o777 });
      }
      const removed = [...before.keys()].filter((path) => !after.has(path));
      const told = { stdout: names.taken(run.stdout), stderr: names.taken(run.stderr) };
      known.set(key, { run: { ...run, ...told }, written, removed });
      return run;
    },
  };
}

async function replay(
  { run, written, removed }: Remembered,
  job: SandboxJob,
  names: Names,
): Promise<SandboxRun> {
  for (const path of removed) await rm(join(job.copy, names.given(path)), { force: true });
  for (const [path, { text, mode }] of written) {
    const place = join(job.copy, names.given(path));
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, names.given(text), 'latin1');
    await chmod(place, mode);
  }
  const stdout = names.given(run.stdout);
  job.onOutput?.(Buffer.from(stdout));
  return { ...run, stdout, stderr: names.given(run.stderr) };
}

const special = /^(?:link|other)/;

/** What stands at each path of a copy, both without fresh names. */
async function statesOf(copy: string, names: Names): Promise<Map<string, string>> {
  const { files } = await entriesBelow(copy);
  const states = new Map<string, string>();
  for (const path of files.filter((one) => ofTools.test(one)))
    names.learn(`${path} ${await readFile(join(copy, path), 'latin1').catch(() => '')}`);
  await inGroups(files, async (path) => {
    const place = join(copy, path);
    const stat = await lstat(place);
    const state = stat.isSymbolicLink()
      ? `link ${await readlink(place)}`
      : stat.isFile()
        ? `${stat.mode & 0o111} ${sha256(names.taken(await readFile(place, 'latin1')))}`
        : 'other';
    states.set(names.taken(path), names.taken(state));
  });
  return new Map([...states].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The fresh names of one run, and what stands for each in what is remembered. */
class Names {
  readonly #order: string[] = [];

  constructor({ command, env }: SandboxJob) {
    this.learn(JSON.stringify([command, env]));
  }

  learn(text: string): void {
    for (const [name] of text.matchAll(fresh))
      if (!this.#order.includes(name)) this.#order.push(name);
  }

  taken(text: string): string {
    return this.#order.reduce((left, name, index) => left.replaceAll(name, `«${index}»`), text);
  }

  given(text: string): string {
    return this.#order.reduce((left, name, index) => left.replaceAll(`«${index}»`, name), text);
  }
}
