import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { taskSchema } from '../src/domain/task.ts';
import type { GateInput } from '../src/gates/gate.ts';
import { syntaxGate } from '../src/gates/syntax.ts';
import { grammarErrors } from '../src/syntax/tree-sitter.ts';
import type { Measurement } from './measurement.ts';

const megabyte = 1_000_000;

/** Own CPU of the syntax gate for a megabyte of this program's sources, once the grammar is loaded. */
export async function syntaxSpeed(megabytes: number): Promise<Measurement[]> {
  const sources = await readSources('src');
  const changes = new Map<string, string>();
  let bytes = 0;
  for (let copy = 0; bytes < megabytes * megabyte; copy++)
    for (const [path, source] of sources) {
      if (bytes >= megabytes * megabyte) break;
      // No two are the same: the gate does not read a text again that it knows.
      const text = `${source}// ${copy}\n`;
      changes.set(`${copy}/${path}`, text);
      bytes += Buffer.byteLength(text);
    }
  const gate = syntaxGate();
  const check = async (files: ReadonlyMap<string, string>): Promise<void> => {
    const { status, summary } = await gate.check(inputOf(files), new AbortController().signal);
    if (status !== 'passed')
      throw new Error(`The syntax gate ${status} on its own sources: ${summary}`);
  };
  // The engine compiles the parser better once it has run for a while.
  const first = sources.slice(0, changes.size);
  await check(new Map(first));
  const ofGate = await cpuMs(() => check(changes));
  const parse = async (texts: Iterable<string>): Promise<void> => {
    for (const text of texts) await grammarErrors('typescript', text, 20_000);
  };
  await parse(first.map(([, source]) => source));
  const ofParser = await cpuMs(() => parse(changes.values()));
  return [
    {
      what: 'own CPU of the syntax gate for a megabyte of TypeScript, after load',
      measured: ofGate / (bytes / megabyte),
      unit: 'ms',
      bar: 200,
    },
    {
      what: 'the same over the parser alone, which is not ours',
      measured: ofGate / ofParser,
      bar: 1.5,
    },
  ];
}

async function cpuMs(work: () => Promise<void>): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

function inputOf(changes: ReadonlyMap<string, string>): GateInput {
  return {
    task: taskSchema.parse({ id: 'T1', title: 'Sources', type: 'code' }),
    bundle: { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' },
    changes,
    base: async () => null,
    baseKey: {},
    project: async () => ({ files: new Set(), read: async () => null }),
    copyTo: async () => undefined,
    checkedOut: async () => new Map(),
    frozen: new Map(),
    keep: async () => undefined,
  };
}

async function readSources(folder: string): Promise<[string, string][]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.filter((name) => name.endsWith('.ts')).sort();
  return Promise.all(
    paths.map(async (path): Promise<[string, string]> => [
      path,
      await readFile(join(folder, path), 'utf8'),
    ]),
  );
}
