import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChanges } from '../domain/bundle.ts';
import { BlueprintError } from '../domain/errors.ts';
import { createBase } from './base.ts';
import { copyTree, writeOver, type CopyLimits } from './copy-tree.ts';
import { checkedName, checkFeatureLinks } from './feature-path.ts';
import type { Git } from './git/git.ts';
import {
  completePending,
  hasPending,
  manifestSchema,
  type Manifest,
  parseRecord,
  stage,
  walkFiles,
  workspacePaths,
  type WorkspacePaths,
} from './pending-commit.ts';
import { listProjectFiles } from './project-files.ts';
import { type FileState, absent, readFileState } from '../files/safe-file.ts';
import { checkSpelling, locate } from '../files/contained-path.ts';
import { sha256 } from '../text/sha256.ts';
import { isMissing, printable } from '../files/file-problem.ts';
import { notText } from './problems.ts';
import type { CommitResult, Workspace } from './workspace.ts';

export interface FolderWorkspaceOptions {
  readonly slug: string;
  /** The project's folder, absolute. Never written to. */
  readonly root: string;
  /** Absolute. */
  readonly featuresDir: string;
  /** Runs the work while no other process does so for this feature. Not re-entered. */
  readonly lock: <T>(work: () => Promise<T>) => Promise<T>;
  /** In the project's folder: it knows which files are the project's. */
  readonly git: Git;
  readonly copyLimits: CopyLimits;
  /** Slash paths of folders that are no part of the project, as the features folder. */
  readonly leftOut: readonly string[];
}

/**
 * Approved files under `features/<slug>/workspace/`, deletions in `workspace.json` beside it. A commit is
 * staged whole as `workspace.pending/` and then renamed into place file by file; whoever finds a pending
 * commit first, after a crash too, completes it.
 * @throws BlueprintError `feature-name-invalid`
 */
export function createFolderWorkspace(options: FolderWorkspaceOptions): Workspace {
  const { slug, root, featuresDir, lock, git, copyLimits, leftOut } = options;
  const paths = workspacePaths(featuresDir, checkedName(slug));

  const checkLinks = (): Promise<void> =>
    checkFeatureLinks(featuresDir, slug, [
      '',
      '/workspace',
      '/workspace.json',
      '/workspace.pending',
    ]);

  /** Work that a killed process began to commit counts: it is completed before anything is read. */
  const settled = async (): Promise<WorkspacePaths> => {
    await checkLinks();
    if (await hasPending(paths)) await lock(() => completePending(paths));
    return paths;
  };

  const copyProject = async (folder: string, signal: AbortSignal): Promise<void> => {
    const listed = { root, git, leftOut, maxFiles: copyLimits.maxFiles };
    const paths = await listProjectFiles(listed, signal);
    await copyTree({ from: root, to: folder, paths, maxBytes: copyLimits.maxBytes }, signal);
  };

  return {
    kind: 'folder',

    base: () =>
      createBase(
        async (path) => currentState(await settled(), root, path),
        async (folder, signal, read) => {
          await settled();
          // A commit that comes in meanwhile is in the copy whole or not at all.
          const approved = await lock(() => approvedFiles(paths));
          await copyProject(folder, signal);
          await writeOver(folder, approved);
          await writeOver(folder, read);
        },
      ),

    project: () =>
      createBase(
        (path) => readFileState(root, path, 'inside'),
        async (folder, signal, read) => {
          await copyProject(folder, signal);
          await writeOver(folder, read);
        },
      ),

    projectEntries: (folder) => entriesOf(root, folder),

    files: async () => approvedFiles(await settled()),

    async commit(changes, seen) {
      for (const path of [...changes.keys(), ...seen.keys()]) checkSpelling(path);
      await checkLinks();
      return lock(() => commitLocked(paths, root, changes, seen));
    },

    async judge(targets) {
      const base = new Map((await readManifest(await settled())).base);
      const problems = new Map<string, string>();
      for (const [path, bytes] of targets) {
        const before = base.get(path) ?? null;
        if ((bytes === null ? null : sha256(bytes)) === before) continue;
        const was = before === null ? 'is there now' : 'was changed';
        problems.set(path, `${bytes === null ? 'was deleted' : was} since the work began`);
      }
      return problems;
    },

    unseen: async () => [],

    place: () => paths.files,

    wayOut: () =>
      `Put the files back as they were, or merge by hand: blueprint diff ${slug} > ${slug}.patch, then git apply --reject ${slug}.patch`,
  };
}

async function approvedFiles(paths: WorkspacePaths): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for (const path of await readDeletions(paths)) found.set(path, null);
  for (const path of await walkFiles(paths.files)) found.set(path, await readApproved(paths, path));
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

async function entriesOf(root: string, folder: string): Promise<string[]> {
  const place = folder === '' ? root : await locate(root, folder, 'inside');
  if (place === null) return [];
  try {
    const entries = await readdir(place, { withFileTypes: true });
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function commitLocked(
  paths: WorkspacePaths,
  root: string,
  changes: FileChanges,
  seen: ReadonlyMap<string, string | null>,
): Promise<CommitResult> {
  await completePending(paths);
  const conflicts: string[] = [];
  for (const [path, expected] of seen) {
    const { hash } = await currentState(paths, root, path);
    if (hash !== expected && hash !== wantedHash(changes, path)) conflicts.push(path);
  }
  if (conflicts.length > 0) return { outcome: 'conflict', paths: conflicts.sort() };

  for (const path of changes.keys()) {
    // The project's own links are judged too: the file is to be applied there later.
    await locate(root, path, 'inside');
    await locate(paths.files, path, 'refused');
  }
  const approved = new Set(await walkFiles(paths.files));
  const manifest = await readManifest(paths);
  const deletions = new Set(manifest.deletions);
  const base = new Map(manifest.base);
  for (const [path, content] of changes) {
    const known = approved.has(path) || deletions.has(path);
    const project = (await readFileState(root, path, 'inside')).hash;
    // Later work stands on the approved file; the project's is to be what the first was made on.
    if (!known || !base.has(path)) base.set(path, project);
    if (content === null) {
      approved.delete(path);
      if (project !== null) deletions.add(path);
      else base.delete(path);
    } else {
      approved.add(path);
      deletions.delete(path);
    }
  }
  checkFolders(approved);
  await stage(paths, changes, {
    schemaVersion: 1,
    deletions: [...deletions].sort(),
    base: [...base].sort(([a], [b]) => (a < b ? -1 : 1)),
  });
  await completePending(paths);
  return { outcome: 'committed' };
}

/** Undefined for a path that is not changed: no hash equals it. */
function wantedHash(changes: FileChanges, path: string): string | null | undefined {
  const content = changes.get(path);
  return typeof content === 'string' ? sha256(content) : content;
}

/** @throws BlueprintError `workspace-path-conflict` when a file would also have to be a folder. */
function checkFolders(files: ReadonlySet<string>): void {
  for (const path of files) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const parent = path.slice(0, slash);
      if (!files.has(parent)) continue;
      throw new BlueprintError({
        code: 'workspace-path-conflict',
        message: `${printable(parent)} is an approved file, so ${printable(path)} cannot stand below it`,
        target: printable(path),
        fix: `Delete ${printable(parent)} in the same change, or choose another path.`,
      });
    }
  }
}

/** The file as the feature sees it: approved, else deleted, else the project's own. */
async function currentState(paths: WorkspacePaths, root: string, path: string): Promise<FileState> {
  checkSpelling(path);
  const approved = await readFileState(paths.files, path, 'refused');
  if (approved.hash !== null) return approved;
  if ((await readDeletions(paths)).includes(path)) return absent;
  if (await isBelowApprovedFile(paths, path)) return absent;
  return readFileState(root, path, 'inside');
}

async function isBelowApprovedFile(paths: WorkspacePaths, path: string): Promise<boolean> {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const place = await locate(paths.files, path.slice(0, slash), 'refused');
    if (place === null) return false;
    if ((await lstat(place)).isFile()) return true;
  }
  return false;
}

async function readApproved(paths: WorkspacePaths, path: string): Promise<string> {
  const { content } = await readFileState(paths.files, path, 'refused');
  if (content === null) throw notText(path, printable(join(paths.files, path)));
  return content;
}

async function readDeletions(paths: WorkspacePaths): Promise<string[]> {
  return (await readManifest(paths)).deletions;
}

async function readManifest(paths: WorkspacePaths): Promise<Manifest> {
  try {
    const text = await readFile(paths.manifest, 'utf8');
    return parseRecord(text, manifestSchema, paths.manifest);
  } catch (error) {
    if (isMissing(error)) return { schemaVersion: 1, deletions: [], base: [] };
    throw error;
  }
}
