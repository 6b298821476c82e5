import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectAt } from './project-at.ts';
import { checkerFor } from '../src/syntax/languages.ts';
import { withTree } from '../src/syntax/tree-sitter.ts';
import { once } from '../src/text/once.ts';
import { fillPack } from '../src/workflows/fill-pack.ts';
import { median, processMb, processMs, type Measurement } from './measurement.ts';
import { syntheticFiles, writeRepository } from './synthetic-repository.ts';

const program = resolve('dist/main.js');
const query = 'load the session token before the order is priced';
const packTokens = 30_000;
const changedFiles = 20;
const leastForReading = 2_000;

export interface RepositorySizes {
  /** Files of the repository that all but growth and memory are measured in. */
  readonly files: number;
  /** Files of the one that shows how cost grows, and of the one whose memory is measured. */
  readonly more: number;
  readonly most: number;
  readonly runs: number;
}

/** What it costs to know a repository, in made-up ones. */
export async function repositorySpeed(sizes: RepositorySizes): Promise<Measurement[]> {
  const { files, more, most, runs } = sizes;
  const base = await mkdtemp(join(tmpdir(), 'blueprint-bench-'));
  try {
    const root = await made(base, files);
    const cold = await coldMs(root);
    const larger = await coldMs(await made(base, more));
    const warm = await warmRatio(root, files, runs);
    return [
      // Of a few files the start takes most of the time.
      ...(files < leastForReading
        ? []
        : [
            {
              what: `a map of ${files} files never read before, over reading and parsing them once`,
              measured: cold / (await readOnceMs(root, files)),
              bar: 3,
            },
          ]),
      {
        what: `the same of ${more} files, a file, over that of ${files}`,
        measured: larger / more / (cold / files),
        bar: 1.3,
      },
      {
        what: `blueprint map of ${files} files with ${changedFiles} changed, over bare node`,
        measured: warm,
        bar: 10,
      },
      {
        what: `a map and a pack of ${packTokens} tokens after that`,
        measured: await packMs(root, runs),
        unit: 'ms',
        bar: 100,
      },
      {
        what: `resident memory of blueprint map of ${most} files never read before`,
        measured: processMb([program, 'map', query], { cwd: await made(base, most) }),
        unit: 'MB',
        bar: 400,
      },
    ];
  } finally {
    await rm(base, { recursive: true });
  }
}

async function made(base: string, files: number): Promise<string> {
  const root = join(base, String(files));
  await rm(root, { recursive: true, force: true });
  await writeRepository(root, files);
  for (const command of ['init --quiet', 'add --all'])
    execFileSync('git', command.split(' '), { cwd: root, stdio: 'ignore' });
  return root;
}

async function coldMs(root: string): Promise<number> {
  await rm(join(root, '.blueprint'), { recursive: true, force: true });
  return processMs([program, 'map', query], { cwd: root });
}

async function readOnceMs(root: string, files: number): Promise<number> {
  const paths = [...syntheticFiles(files)].map(({ path }) => path);
  const read = async (some: readonly string[]): Promise<void> => {
    for (const path of some) {
      const text = await readFile(join(root, path), 'utf8');
      const checker = checkerFor(path);
      const grammar = checker?.kind === 'code' ? checker.grammars[0] : undefined;
      if (grammar !== undefined) await withTree(grammar, text, 10_000, () => null);
    }
  };
  // The grammars are loaded.
  await read(paths.slice(0, 8));
  const started = performance.now();
  await read(paths);
  return performance.now() - started;
}

/** Each time with other changes, of files all over the repository. */
async function warmRatio(root: string, files: number, runs: number): Promise<number> {
  const paths = [...syntheticFiles(files)]
    .map(({ path }) => path)
    .filter((path) => !path.endsWith('.md'));
  const step = Math.floor(paths.length / changedFiles);
  const changed = paths.filter((_, at) => at % step === 0).slice(0, changedFiles);
  const ratios: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    for (const path of changed) await appendFile(join(root, path), '\n');
    const warm = processMs([program, 'map', query], { cwd: root });
    ratios.push(warm / processMs(['-e', '0']));
  }
  return median(ratios);
}

async function packMs(root: string, runs: number): Promise<number> {
  const project = projectAt(root);
  const [named = ''] = (await project.paths()).filter((path) => path.endsWith('.ts'));
  await project.map('', 1_000);
  const times: number[] = [];
  for (let run = 0; run < Math.max(3, runs); run += 1) {
    const started = performance.now();
    await project.map(`${query} ${run}`, 4_000);
    const around = await project.around(
      { named: [named], produced: [], text: query },
      project.read,
    );
    await fillPack(
      around.map(({ path }) => {
        const text = once(() => project.read(path));
        return {
          path,
          whole: text,
          outline: async () => project.outline(path, (await text()) ?? ''),
        };
      }),
      packTokens,
    );
    times.push(performance.now() - started);
  }
  return median(times);
}
