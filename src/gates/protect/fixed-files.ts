import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdir } from '../../files/disk.ts';
import { readLeft } from '../../files/read-left.ts';
import type { FixedParts } from '../../sandbox/sandbox.ts';
import { sha256 } from '../../text/sha256.ts';
import { folderOf } from '../../files/slash-paths.ts';
import type { RunnerPlan } from '../runners/runner.ts';
import { protectedPath } from './protected-path.ts';
import { sectionsOf } from './sections.ts';

/** Files of a copy that decide what its tests say, so that nobody may change them while these run. */
export function decidingFiles(files: ReadonlySet<string>): string[] {
  return [...files].filter((path) => {
    const kind = protectedPath(path)?.kind;
    return kind === 'test' || kind === 'config' || sectionsOf(path, []) !== null;
  });
}

/** Each costs a mount, and each mount looks at those before it. */
const mostMounts = 500;
/** What tests work on rather than consist of: some write there, and put it back. */
const data = /(?:^|\/)(?:testdata|fixtures|__fixtures__)\//;
/** Programs of ours; what else a runner has in its folder it may write. */
const ourProgram = /\.(?:[cm]?js|py)$|\/bin\/[^/]+$/;

/** What of a copy is mounted so that it stays as it is; above a number of files the others are only compared. */
export async function fixedIn(
  copy: string,
  deciding: readonly string[],
  { files, reportFolder }: RunnerPlan,
  mark: string,
): Promise<FixedParts> {
  // What holds the mark removes itself before the work's code can read it.
  const own = [...files].flatMap(([path, text]) =>
    ourProgram.test(path) && !text.includes(mark.trim()) ? [path] : [],
  );
  const tests = deciding.filter((path) => !data.test(path));
  const programs = [...own, ...tests].slice(0, mostMounts);
  // Compiled tests are loaded in the place of these.
  const compiled = programs
    .filter((path) => path.endsWith('.py'))
    .map((path) => `${folderOf(path)}/__pycache__`.replace(/^\//, ''));
  for (const folder of new Set(compiled)) await makeEmpty(join(copy, folder));
  const readOnly = [...programs, ...new Set(compiled)];
  return { readOnly, folders: reportFolder === null ? [] : [reportFolder] };
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
  });
}

const largest = 50_000_000;

/** Content of files by path; null for what is none. @param dated the time of the last change belongs to it */
export async function contentsOf(
  copy: string,
  paths: readonly string[],
  dated: boolean,
): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const path of paths) {
    const bytes = await readLeft(copy, path, largest);
    const at = dated && bytes !== null ? (await stat(join(copy, path))).mtimeMs : 0;
    found.set(path, bytes === null ? null : `${sha256(bytes)} ${at}`);
  }
  return found;
}
