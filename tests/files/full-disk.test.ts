import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { watchDisk } from '../../src/files/disk.ts';
import { endProcess, runHere } from '../helpers/in-process.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { projects, textsOf, type CliResult } from '../helpers/run-cli.ts';
import { adderReply, brief, stageOf, taskOf } from '../e2e/conversation.ts';

/** What the tests do from an empty folder on, and what each command ends with. */
const commands = [
  { args: ['new', 'brief.md'], exitCode: 0 },
  { args: ['run', 'adder', '--gates', 'paths,syntax'], exitCode: 0 },
  { args: ['apply', 'adder'], exitCode: 0 },
  { args: ['undo', 'adder'], exitCode: 0 },
] as const;

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

function failingDisk(way: Way, from: number): { changes: Change[]; failed: Change[] } {
  const changes: Change[] = [];
  const failed: Change[] = [];
  watchDisk((operation, path) => {
    const change = { operation, path };
    changes.push(change);
    const first = changes[from];
    if (first === undefined || !ways[way](change, first)) return;
    failed.push(change);
    throw Object.assign(new Error(`${way}: it is so, ${operation} '${path}'`), {
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
    .replace(/\d+(?:-\d+)?(?=\.tmp$)/, 'N')
    .replace(/(?<=\/)T?\d+(?=\/|$)/g, 'N')
    .replace(/\bT\d/g, 'T')
    .replace(/round-\d/, 'round-N')
    .replace(/[\w.]+-\w{6}$/, 'made');
  return `${operation} ${place}`;
}

const createProject = projects();
let root = '';
let server: Awaited<ReturnType<typeof startAnthropicServer>>;
const asked: string[] = [];
/** Copies of the project before each command, and what it then is in the end. */
const before: string[] = [];
const after: Record<string, string>[] = [];
const sites: { command: number; at: number; site: string }[] = [];

const run = (args: readonly string[]): Promise<CliResult> =>
  runHere(args, {
    cwd: root,
    env: { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_BASE_URL: server.url },
  });

async function state(): Promise<Record<string, string>> {
  const texts = await textsOf(root);
  const lasting = Object.entries(texts).filter(
    ([path]) => !/calls\/|journal\.jsonl$|partial\/.*gates|leases\//.test(path),
  );
  return Object.fromEntries(
    lasting.map(([path, text]) => [
      path,
      text
        .replace(/"(createdAt|updatedAt|at|run)": "[^"]*"/g, '"$1": "…"')
        .replace(/"durationMs": \d+/g, ''),
    ]),
  );
}

async function restore(copy: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
  await cp(copy, root, { recursive: true });
}

beforeAll(async () => {
  server = await startAnthropicServer((request) => {
    asked.push(request.prompt);
    return adderReply(request);
  });
  root = await createProject({ 'brief.md': brief });
  const known = new Set<string>();
  for (const [command, { args, exitCode }] of commands.entries()) {
    const copy = join(dirname(root), `before-${command}`);
    await mkdir(copy);
    await cp(root, copy, { recursive: true });
    before.push(copy);
    const { changes } = failingDisk('EIO', Number.POSITIVE_INFINITY);
    const result = await run(args);
    watchDisk(null);
    expect(result.exitCode, result.stderr).toBe(exitCode);
    for (const [at, change] of changes.entries()) {
      const site = siteOf(change, root);
      if (!known.has(site)) sites.push({ command, at, site });
      known.add(site);
    }
    after.push(await state());
  }
  console.log(sites.length);
}, 60_000);

afterEach(() => watchDisk(null));

describe.each(Object.keys(ways) as Way[])('a disk that fails by %s', (way) => {
  it('at any write', async () => {
    const problems: string[] = [];
    for (const { command, at, site } of sites) {
      const step = commands[command];
      if (step === undefined) throw new Error();
      await restore(before[command] ?? '');
      const askedBefore = asked.length;
      const { failed } = failingDisk(way, at);
      const result = await run(step.args);
      watchDisk(null);
      const note = (what: string) => problems.push(`${way} ${step.args[0]} ${at} ${site}: ${what}`);
      if (failed.length === 0) continue;
      const said = result.stdout + result.stderr;
      if (/\[internal\]|^ {4}at /m.test(said)) note(`STACK ${result.exitCode} ${said.slice(0, 700)}`);
      else if (/\[system-|reports E/.test(said)) note(`RAW ${said.match(/error.*\n.*/)?.[0]}`);
      await endProcess(root);
      const again = await run(step.args);
      const done = again.exitCode === step.exitCode || (result.exitCode === 0);
      if (!done && !/feature-exists|nothing to undo|is applied/.test(again.stderr)) note(`AGAIN ${again.exitCode} ${again.stderr.slice(-600)}`);
      const now = await state();
      const want = after[command] ?? {};
      const differ = [...new Set([...Object.keys(now), ...Object.keys(want)])].filter((p) => now[p] !== want[p]);
      if (differ.length > 0) note(`STATE ${differ.join(' ')} first exit ${result.exitCode} ${result.stderr.slice(-300)}`);
      const mine = asked.slice(askedBefore);
      const twice = mine.filter((p, i) => mine.indexOf(p) < i);
      if (twice.length > 0) note(`PAID ${twice.length} first exit ${result.exitCode} ${result.stderr.slice(-200)}`);
    }
    console.log(problems.join('\n'));
    console.log(way, sites.length, problems.length);
  }, 600_000);
});
