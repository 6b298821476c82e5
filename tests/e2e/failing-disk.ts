import { cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { watchDisk } from '../../src/files/disk.ts';
import { endProcess, runHere } from '../helpers/in-process.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import type { LoopbackServer, ReceivedRequest, Reply } from '../helpers/loopback/server.ts';
import { textsOf, type CliResult } from '../helpers/run-cli.ts';

/** A project, what is done to it, and with which replies. */
export interface DiskTrial {
  /** A new project; its folder. */
  readonly project: () => Promise<string>;
  readonly reply: (request: ReceivedRequest) => Reply;
  /** From the new project on, and what each ends with. */
  readonly commands: readonly { readonly args: readonly string[]; readonly exitCode: number }[];
  /** Looks and ends what was begun, where the command itself was done already. */
  readonly look: readonly string[];
  /** Of the changes those that are tried; others are another trial's. */
  readonly isTried?: (site: string) => boolean;
  /** What else is as it was after the command, beside the project's files. */
  readonly beside?: (root: string) => Promise<string>;
}

/** How a disk fails from its nth change on: what else fails, and for how long. */
const ways = {
  /** All that takes space. */
  ENOSPC: ({ operation }: Change) => !/^(?:rm|rmdir|unlink|rename|chmod|utimes)$/.test(operation),
  /** Every change. */
  EROFS: () => true,
  /** The changes of this one file or folder. */
  EACCES: ({ path }: Change, first: Change) => path === first.path,
  /** This one change. */
  EIO: (change: Change, first: Change) => change === first,
};
type Way = keyof typeof ways;

interface Change {
  readonly operation: string;
  readonly path: string;
}

/** From the change of that number on. Gives what was changed, and what could not be. */
function failDisk(way: Way, from: number): { changes: Change[]; failed: Change[] } {
  const changes: Change[] = [];
  const failed: Change[] = [];
  watchDisk((operation, path) => {
    const change = { operation, path };
    changes.push(change);
    const first = changes[from];
    if (first === undefined || !ways[way](change, first)) return;
    failed.push(change);
    throw Object.assign(new Error(`${way}: ${operation} '${path}'`), {
      code: way,
      path,
      syscall: operation,
    });
  });
  return { changes, failed };
}

/** A change without what differs from run to run: one for each place in the program. */
function siteOf({ operation, path }: Change, root: string): string {
  const place = path
    .replace(root, '')
    .replace(/[0-9a-f]{12,}/g, '#')
    .replace(/\d+(?:-\d+)*(?=\.tmp$)/, 'N')
    .replace(/(?<=\/)T?\d+(?=\/|$)/g, 'N')
    .replace(/\bT\d/g, 'T')
    .replace(/round-\d/, 'round-N')
    .replace(/[\w.]+-\w{6}$/, 'made');
  return `${operation} ${place}`;
}

/** Of the four steps that write a file whole each way fails one: the others end alike. */
const stepOfFile: Record<Way, string> = {
  ENOSPC: 'writeFile',
  EROFS: 'rename',
  EACCES: 'open',
  EIO: 'sync',
};

/**
 * The tests of a trial: each change of a file that its commands make fails once, in one of the ways, and the
 * next command ends what was begun.
 */
export function failingDisk(name: string, trial: DiskTrial): void {
  const { commands, isTried = () => true } = trial;
  let root = '';
  let server: LoopbackServer;
  const asked: string[] = [];
  /** By command: a copy of the project before it, and what the project is after it. */
  const before: string[] = [];
  const after: Record<string, string>[] = [];
  const sites: { command: number; at: number; change: Change; site: string }[] = [];

  const run = (args: readonly string[]): Promise<CliResult> =>
    runHere(args, {
      cwd: root,
      env: { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_BASE_URL: server.url },
    });

  /** What is there, without what says when and in which run; leases count their takers. */
  async function state(): Promise<Record<string, string>> {
    const texts = Object.entries(await textsOf(root));
    const beside = (await trial.beside?.(root)) ?? '';
    const timeless = (text: string): string =>
      text
        .replace(/"(createdAt|updatedAt|created|at|run|commit)": "[^"]*"/g, '"$1": "…"')
        // By a key of each project's home; none where the disk has no room for one.
        .replace(/,\s*"signature": "[0-9a-f]+"/g, '')
        .replace(/"(?:durationMs|ms)": \d+/g, '');
    const kept = texts.filter(
      ([path]) =>
        !/calls\/\w|journal\.jsonl$|\.fence$|result\.json$|^\.git\/|^\.blueprint\/index\//.test(
          path,
        ),
    );
    return {
      ...Object.fromEntries(kept.map(([path, text]) => [path, timeless(text)])),
      'what is beside': beside,
    };
  }

  beforeAll(async () => {
    server = await startAnthropicServer((request) => {
      asked.push(request.prompt);
      return trial.reply(request);
    });
    root = await trial.project();
    const known = new Set<string>();
    for (const [command, { args, exitCode }] of commands.entries()) {
      const copy = join(dirname(root), `before-${command}`);
      await cp(root, copy, { recursive: true });
      before.push(copy);
      const { changes } = failDisk('EIO', Number.POSITIVE_INFINITY);
      const result = await run(args);
      watchDisk(null);
      expect(result.exitCode, result.stderr).toBe(exitCode);
      for (const [at, change] of changes.entries()) {
        const site = siteOf(change, root);
        if (!known.has(site) && isTried(site)) sites.push({ command, at, change, site });
        known.add(site);
      }
      after.push(await state());
    }
  }, 60_000);

  afterAll(() => server.close());
  afterEach(() => watchDisk(null));

  /** What is wrong after a command whose disk failed at a site, and the next command after it. */
  async function faultsAt({ command, at }: (typeof sites)[number], way: Way): Promise<string[]> {
    const { args = [], exitCode } = commands[command] ?? {};
    await rm(root, { recursive: true, force: true });
    await cp(before[command] ?? '', root, { recursive: true });
    asked.length = 0;
    failDisk(way, at);
    const first = await run(args);
    watchDisk(null);
    await endProcess(root);
    // Whatever the first has done: the next command sweeps.
    const again = await run(first.exitCode === exitCode ? trial.look : args);
    const faults: string[] = [];
    const said = first.stdout + first.stderr;
    if (/\[internal\]|^ {4}at /m.test(said)) faults.push(`it shows a stack: ${said}`);
    if (
      first.exitCode !== exitCode &&
      !/^error\[[\w-]+\] .+\n(?: {2}at: .+\n)? {2}fix: ./m.test(said)
    )
      faults.push(`it says not what to do: ${said}`);
    // It was done but for its last words.
    const isDone = /\[(?:feature-exists|not-in-review)\]|nothing to undo/i;
    if (again.exitCode !== exitCode && !isDone.test(again.stderr + again.stdout))
      faults.push(`the next ends with ${again.exitCode}: ${again.stderr}`);
    const [is, was] = [await state(), after[command] ?? {}];
    for (const path of new Set([...Object.keys(is), ...Object.keys(was)]))
      if (is[path] !== was[path])
        faults.push(`${path} is ${is[path] ?? 'gone'}, not ${was[path] ?? 'gone'}`);
    const twice = asked.filter((prompt, index) => asked.indexOf(prompt) < index).length;
    // The disk stayed full until the command ended: told, and paid again by the next one alone.
    const lost = way !== 'EIO' && said.includes('a reply could not be kept') ? 1 : 0;
    if (twice > lost) faults.push(`${twice} replies were paid twice`);
    return faults;
  }

  const turns = (Object.keys(ways) as Way[]).map((way, turn) => [way, turn] as const);

  describe.each(turns)('a disk that fails by %s', (way, turn) => {
    it(`at any write of ${name}: it is told, and the next command ends it`, async () => {
      const faults: string[] = [];
      for (const [index, each] of sites.entries()) {
        const { operation, path } = each.change;
        // All in all ways takes minutes: as a rule each place fails in one, and neighbours in another.
        if (process.env['BLUEPRINT_ALL_FAULTS'] === undefined && index % 4 !== turn) continue;
        if (path.endsWith('.tmp') && operation !== stepOfFile[way]) continue;
        for (const fault of await faultsAt(each, way)) faults.push(`${each.site}: ${fault}`);
      }
      expect(faults).toEqual([]);
    }, 300_000);
  });
}
