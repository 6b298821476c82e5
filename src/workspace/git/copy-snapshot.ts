import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { throwIfAborted } from '../../domain/errors.ts';
import { copyTree } from '../copy-tree.ts';
import { listSubmoduleFiles, withoutEnvironments } from '../project-files.ts';
import { blobSizes, readBlobs } from './blobs.ts';
import { withoutFilters } from './quiet-filters.ts';
import type { Repository, Tree } from './repository.ts';
import { tooLarge, tooManyBytes } from '../problems.ts';

export interface SnapshotOptions {
  readonly repository: Repository;
  /** The project's folder, absolute. */
  readonly root: string;
  /** Slash paths of folders that are no part of the project, as the features folder. */
  readonly leftOut: readonly string[];
  readonly copyLimits: { readonly maxFiles: number; readonly maxBytes: number };
}

/**
 * Writes a commit's files into an empty folder. What stands unchanged in the checkout is copied from there,
 * as the user's tools see it; the rest comes from the store as it is.
 */
export async function copySnapshot(
  { repository, root, leftOut, copyLimits }: SnapshotOptions,
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const tree = await repository.tree(commit);
  const paths = withoutEnvironments([...tree.keys()]).filter(
    (path) => !leftOut.some((other) => path.startsWith(`${other}/`)),
  );
  if (paths.length > copyLimits.maxFiles)
    throw tooLarge(root, `more than ${copyLimits.maxFiles} files`);
  const clean = await cleanFiles(repository, tree, signal);
  const submodules = paths.filter((path) => tree.get(path)?.mode === '160000');
  const fromCheckout = [
    ...paths.filter((path) => clean.has(path)),
    ...(await listSubmoduleFiles({ root, ...copyLimits, leftOut }, submodules, signal)),
  ];
  const fromStore = paths.flatMap((path) => {
    const entry = tree.get(path);
    return entry === undefined || clean.has(path) || entry.mode === '160000'
      ? []
      : [{ path, ...entry }];
  });
  const oids = fromStore.map(({ oid }) => oid);
  const sizes = await blobSizes(repository.git, oids, signal);
  const stored = sizes.reduce((sum, size) => sum + size, 0);
  if (stored > copyLimits.maxBytes) throw tooManyBytes(root, copyLimits.maxBytes);
  const maxBytes = copyLimits.maxBytes - stored;
  await copyTree({ from: root, to: folder, paths: fromCheckout, maxBytes }, signal);

  const objects = oids.map((oid, index) => ({ oid, size: sizes[index] ?? 0 }));
  let next = 0;
  for await (const bytes of readBlobs(repository.git, objects, signal)) {
    throwIfAborted(signal);
    const file = fromStore[next++];
    if (file !== undefined) await writeEntry(folder, file.path, file.mode, bytes);
  }
}

async function writeEntry(
  folder: string,
  path: string,
  mode: string,
  bytes: Buffer,
): Promise<void> {
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  if (mode === '120000') {
    const link = linkInside(path, bytes.toString());
    if (link !== null) await symlink(link, target);
    return;
  }
  await writeFile(target, bytes, { flag: 'wx' });
  await chmod(target, mode === '100755' ? 0o755 : 0o644);
}

/** Files whose checkout is what the commit holds, by git's own record of both. */
async function cleanFiles(
  { git }: Repository,
  tree: Tree,
  signal: AbortSignal,
): Promise<Set<string>> {
  const env = await withoutFilters(git);
  const staged = await git.run(['ls-files', '-z', '--stage'], { signal });
  const compare = ['diff-files', '-z', '--name-only', '--relative', '--ignore-submodules=all'];
  const changed = await git.run(compare, { env, signal });
  const dirty = new Set(changed.toString().split('\0'));
  const clean = new Set<string>();
  for (const line of staged.toString().split('\0')) {
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1);
    const [mode, oid, stage] = line.slice(0, tab).split(' ');
    const entry = tree.get(path);
    if (entry === undefined || stage !== '0' || dirty.has(path)) continue;
    if (entry.mode === mode && entry.oid === oid && mode !== '160000') clean.add(path);
  }
  return clean;
}

/** The link without detours, which could leave through other links; null when it leads out. */
function linkInside(path: string, link: string): string | null {
  if (posix.isAbsolute(link) || link.includes('\0')) return null;
  const target = posix.join(posix.dirname(path), link);
  const leaves = target.split('/').some((part) => part === '..' || part.toLowerCase() === '.git');
  return leaves ? null : posix.relative(posix.dirname(path), target) || '.';
}
