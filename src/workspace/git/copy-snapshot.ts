import { dirname, join, posix } from 'node:path';
import { chmod, mkdir, symlink, writeFile } from '../../files/disk.ts';
import { throwIfAborted } from '../../domain/errors.ts';
import { copyTree, type CopiedProject } from '../copy-tree.ts';
import { listSubmoduleFiles, withoutEnvironments } from '../../files/project-paths.ts';
import { blobSizes, missingObjects, partialCloneSettings, readBlobs } from './blobs.ts';
import { listIndex } from '../../files/git.ts';
import { filterSettings, quietFilters } from './quiet-filters.ts';
import type { Repository, Tree } from './repository.ts';
import { settingsOf } from './settings.ts';
import { copyPurpose, tooManyBytes, tooManyFiles } from '../problems.ts';

export interface SnapshotOptions extends CopiedProject {
  readonly repository: Repository;
}

/**
 * The files of a commit and of the submodules that are checked out, without those that are no part of the
 * project. @throws BlueprintError `project-too-large`
 */
export async function snapshotPaths(
  { root, leftOut, copyLimits }: SnapshotOptions,
  tree: Tree,
  signal: AbortSignal,
): Promise<string[]> {
  const paths = withoutEnvironments([...tree.keys()]).filter(
    (path) => !leftOut.some((other) => path.startsWith(`${other}/`)),
  );
  if (paths.length > copyLimits.maxFiles) throw tooManyFiles(root, copyLimits.maxFiles);
  const isSubmodule = (path: string): boolean => tree.get(path)?.mode === '160000';
  const project = { root, leftOut, maxFiles: copyLimits.maxFiles, purpose: copyPurpose };
  const below = await listSubmoduleFiles(project, paths.filter(isSubmodule), signal);
  return [...paths.filter((path) => !isSubmodule(path)), ...below];
}

/**
 * Writes a commit's files into an empty folder. What stands unchanged in the checkout is copied from there,
 * as the user's tools see it; the rest comes from the store as it is.
 */
export async function copySnapshot(
  options: SnapshotOptions,
  commit: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { repository, root, copyLimits } = options;
  const tree = await repository.tree(commit);
  const paths = await snapshotPaths(options, tree, signal);
  const deciding = new RegExp(`${filterSettings.source}|${partialCloneSettings.source}`);
  const settings = await settingsOf(repository.git, deciding);
  const clean = await cleanFiles(repository, tree, quietFilters(settings), signal);
  const isPartial = [...settings.keys()].some((name) => partialCloneSettings.test(name));
  const missing = isPartial ? await missingObjects(repository.git, commit, signal) : new Set();
  // What the tree does not name is a submodule's.
  const fromCheckout = paths.filter((path) => clean.has(path) || !tree.has(path));
  const fromStore = paths.flatMap((path) => {
    const entry = tree.get(path);
    const isOut = entry === undefined || clean.has(path) || missing.has(entry.oid);
    return isOut ? [] : [{ path, ...entry }];
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
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<Set<string>> {
  const compare = ['diff-files', '-z', '--name-only', '--relative', '--ignore-submodules=all'];
  const dirty = new Set(await git.list(compare, { env, signal }));
  const clean = new Set<string>();
  for (const found of await listIndex(git, { signal })) {
    const { path, mode, oid, stage } = found;
    const entry = tree.get(path);
    if (entry === undefined || stage !== '0' || dirty.has(path)) continue;
    // Git does not look at these: they may be another text, or not be there.
    if (found.skipsWorktree || found.assumedUnchanged) continue;
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
