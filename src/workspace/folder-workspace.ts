import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChanges } from '../domain/bundle.ts';
import { foldersAbove } from '../domain/safe-path.ts';
import { createBase } from './base.ts';
import { conflicting, sortedByPath } from './changes.ts';
import { copyTree, writeOver, type CopiedProject } from './copy-tree.ts';
import { checkedName, checkFeatureLinks, type FeaturePlace } from './feature-path.ts';
import type { Git } from '../files/git.ts';
import { keptManifest } from './kept-manifest.ts';
import { entryOf, withEntries, type Manifest } from './manifest.ts';
import {
  approvedNames,
  completePending,
  hasPending,
  stage,
  workspacePaths,
  type WorkspacePaths,
} from './pending-commit.ts';
import { draftName, draftNames, draftsByPath } from '../files/draft-name.ts';
import { allOwn, foreignState, type OwnState } from '../files/own-state.ts';
import { projectLister } from '../files/project-paths.ts';
import { type FileState, absent, readFileState } from '../files/safe-file.ts';
import { checkSpelling, isWithin, locate, slashPath } from '../files/contained-path.ts';
import { encodeText, encodingToWrite } from '../text/encoding.ts';
import { contentHash, movedFileOf, movedFileText } from '../text/moved-file.ts';
import { encodingOfNew, textBefore } from './renames.ts';
import { bytesAt, goneFiles, movedBytes, unlessUnreachable } from './moved-bytes.ts';
import { sha256 } from '../text/sha256.ts';
import { orMissing, printable, writing } from '../files/file-problem.ts';
import { looked } from '../files/is-there.ts';
import { copyPurpose, notText, pathClash } from './problems.ts';
import type { CommitResult, Obstacle, Workspace } from './workspace.ts';

export interface FolderWorkspaceOptions extends CopiedProject, FeaturePlace {
  /** In the project's folder: it knows which files are the project's. */
  readonly git: Git;
  /** Which of the feature's state is this user's. */
  readonly own?: OwnState;
}

/**
 * Approved files under `features/<slug>/workspace/`, deletions in `workspace.json` beside it. A commit is
 * staged whole as `workspace.pending/` and then renamed into place file by file; whoever finds a pending
 * commit first, after a crash too, completes it.
 * @throws BlueprintError `feature-name-invalid`
 */
export function createFolderWorkspace(options: FolderWorkspaceOptions): Workspace {
  const { slug, root, featuresDir, lock, git, copyLimits, leftOut, own = allOwn } = options;
  const paths = workspacePaths(featuresDir, checkedName(slug));
  const stand: Stand = { ...paths, root, own, manifests: keptManifest(paths.manifest) };
  const parts = ['workspace', 'workspace.json', 'workspace.pending'];
  const checkLinks = (): Promise<void> => checkFeatureLinks(featuresDir, slug, parts);

  const shown = printable(isWithin(root, paths.files) ? slashPath(root, paths.files) : paths.files);
  /** Alone, with words for a disk that fails. */
  const written = <T>(work: () => Promise<T>): Promise<T> => lock(() => writing(shown, work));

  /** Work that a killed process began to commit counts: it is completed before anything is read. */
  const settled = async (): Promise<Stand> => {
    await checkLinks();
    if (hasPending(paths)) {
      await refuseForeignPending();
      await written(() => completePending(paths));
    }
    return stand;
  };

  /** What is read while no commit comes in: again, and alone, where one did. */
  const steadily = async <T>(read: () => Promise<T>): Promise<T> => {
    const { manifests } = await settled();
    const before = manifests.stamp();
    const found = await read();
    return hasPending(paths) || manifests.stamp() !== before ? lock(read) : found;
  };

  /** A commit that a repository brings was never approved here. */
  const refuseForeignPending = async (): Promise<void> => {
    if (!(await own.isTracked('workspace.pending/intent.json'))) return;
    const shown = `${slashPath(root, paths.folder)}/workspace.pending`;
    throw foreignState(`A commit that waits in ${printable(shown)}`, printable(shown), [shown]);
  };

  const { maxFiles } = copyLimits;
  const listProject = projectLister({ root, git, leftOut, maxFiles, purpose: copyPurpose });
  const copyProject = async (folder: string, signal: AbortSignal): Promise<void> => {
    const { maxBytes } = copyLimits;
    await copyTree({ from: root, to: folder, paths: await listProject(signal), maxBytes }, signal);
  };

  const checkedOut = async (files: FileChanges): Promise<Map<string, Buffer | null>> => {
    const found = new Map<string, Buffer | null>();
    const moved = await movedBytes(await settled(), files);
    const gone = await goneFiles(root, files);
    for (const [path, text] of files) {
      if (text === null) found.set(path, null);
      else {
        const before = await bytesAt(root, path, 'inside').catch(unlessUnreachable);
        const encoding =
          before === null
            ? encodingOfNew(path, text, gone)
            : encodingToWrite(path, text, textBefore({ path, bytes: before }));
        found.set(path, moved.get(path) ?? encodeText(text, encoding, path));
      }
    }
    return found;
  };

  return {
    kind: 'folder',

    base: () =>
      createBase({
        load: async (path) => currentState(await settled(), path),
        async list(signal) {
          const project = await listProject(signal);
          return steadily(async () => {
            const files = new Set(project);
            const { deletions } = await stand.manifests.read();
            for (const path of deletions) files.delete(path);
            for (const path of (await approvedNames(paths.files)).keys()) files.add(path);
            return files;
          });
        },
        async copyTo(folder, signal, read) {
          await settled();
          // A commit that comes in meanwhile is in the copy whole or not at all.
          const [approved, moved] = await lock(async () => {
            const files = await approvedFiles(stand);
            return [files, await movedBytes(stand, files)] as const;
          });
          await copyProject(folder, signal);
          await writeOver(folder, approved, moved);
          await writeOver(folder, read);
        },
        checkedOut,
      }),

    project: () =>
      createBase({
        load: (path) => readFileState(root, path, 'inside'),
        list: listProject,
        async copyTo(folder, signal, read) {
          await copyProject(folder, signal);
          await writeOver(folder, read);
        },
        checkedOut,
      }),

    projectEntries: (folder) => entriesOf(root, folder),

    files: async () => approvedFiles(await settled()),

    async commit(changes, seen) {
      for (const path of [...changes.keys(), ...seen.keys()]) checkSpelling(path);
      await checkLinks();
      if (hasPending(paths)) await refuseForeignPending();
      return written(() => commitLocked(stand, changes, seen));
    },

    checkedOut,

    async judge(targets) {
      const base = new Map((await (await settled()).manifests.read()).base);
      const obstacles = new Map<string, Obstacle>();
      for (const [path, bytes] of targets) {
        const before = base.get(path) ?? null;
        if ((bytes === null ? null : sha256(bytes)) === before) continue;
        const was = before === null ? 'is there now' : 'was changed';
        const problem = `${bytes === null ? 'was deleted' : was} since the work began`;
        obstacles.set(path, { problem, isMergeable: bytes !== null });
      }
      return obstacles;
    },

    unseen: async () => [],

    foreign: async () => foreignFiles(await settled()),

    place: () => paths.files,

    wayOut: () =>
      `Put the files back as they were, or merge by hand: blueprint diff ${slug} > ${slug}.patch, then git apply --reject ${slug}.patch`,
  };
}

/** Where one feature's approved files and the project's own stand. */
interface Stand extends WorkspacePaths {
  readonly root: string;
  readonly own: OwnState;
  readonly manifests: ReturnType<typeof keptManifest>;
}

async function approvedFiles(stand: Stand): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  const { deletions, moves } = await stand.manifests.read();
  const fromOf = new Map(moves);
  for (const path of deletions) found.set(path, null);
  for (const [path, name] of await approvedNames(stand.files)) {
    const { content, encoding, hash } = await readFileState(stand.files, name, 'refused');
    const from = fromOf.get(path);
    if (content === null && hash !== null && from !== undefined) {
      found.set(path, movedFileText({ from, sha256: hash }));
      continue;
    }
    // Kept in UTF-8: a person has saved this one otherwise.
    if (content === null || encoding !== undefined)
      throw notText(path, printable(join(stand.files, name)));
    found.set(path, content);
  }
  return sortedByPath(found);
}

/** Approved files that git tracks, unless the manifest of this user names just these bytes. */
async function foreignFiles({ own, files, manifests }: Stand): Promise<string[]> {
  const manifest = await manifests.read();
  const isSigned = await own.isSigned(signedManifest, manifest);
  const approved = new Map(isSigned ? manifest.approved : []);
  const found: string[] = [];
  if (!isSigned && (await own.isTracked('workspace.json'))) found.push('workspace.json');
  for (const [path, name] of await approvedNames(files)) {
    if (!(await own.isTracked(`workspace/${name}`))) continue;
    const { hash } = await readFileState(files, name, 'refused');
    if (hash === null || approved.get(path) !== hash) found.push(path);
  }
  return found.sort();
}

const signedManifest = 'workspace';

async function entriesOf(root: string, folder: string): Promise<string[]> {
  const place = folder === '' ? root : await locate(root, folder, 'inside');
  if (place === null) return [];
  const entries = await orMissing(readdir(place, { withFileTypes: true }), []);
  return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
}

async function commitLocked(
  stand: Stand,
  changes: FileChanges,
  seen: ReadonlyMap<string, string | null>,
): Promise<CommitResult> {
  const { root, files, manifests, own } = stand;
  await completePending(stand);
  const conflicts = await conflicting(changes, seen, (path) => currentState(stand, path));
  if (conflicts.length > 0) return { outcome: 'conflict', paths: conflicts };

  const moved = await movedBytes(stand, changes);
  const before = await manifests.read();
  const deletions = new Set(before.deletions);
  const base = new Map<string, string | null | undefined>();
  for (const [path, content] of changes) {
    // The project's own links are judged too: the file is to be applied there later.
    const project = (await readFileState(root, path, 'inside')).hash;
    const isApproved = (await whatStandsAt(files, path)) === 'file';
    const known = isApproved || deletions.has(path);
    // Later work stands on the approved file; the project's is to be what the first was made on.
    if (!known || entryOf(before.base, path) === undefined) base.set(path, project);
    if (content !== null) deletions.delete(path);
    else if (project !== null) deletions.add(path);
    else base.set(path, undefined);
  }
  await checkFolders(files, changes);
  const isOwn =
    manifests.isAsWritten(before) || (await own.isOwn(signedManifest, 'workspace.json', before));
  const approved = new Map<string, string | undefined>();
  const moves = new Map<string, string | undefined>();
  const { moves: movedBefore = [] } = before;
  for (const [path, content] of changes) {
    approved.set(path, content === null ? undefined : contentHash(content));
    const from = content === null ? undefined : movedFileOf(content)?.from;
    // The project knows it by its first name.
    moves.set(path, from === undefined ? undefined : (entryOf(movedBefore, from) ?? from));
  }
  const movedNow = withEntries(movedBefore, moves);
  const manifest: Manifest = await own.signed(signedManifest, {
    schemaVersion: 1,
    deletions: [...deletions].sort(),
    ...(movedNow.length > 0 && { moves: movedNow }),
    base: withEntries(before.base, base),
    approved: withEntries((isOwn && before.approved) || [], approved),
  });
  await stage(stand, changes, manifest, moved);
  await completePending(stand);
  manifests.keep(manifest);
  return { outcome: 'committed' };
}

/** @throws BlueprintError `workspace-path-conflict` when a file would also have to be a folder. */
async function checkFolders(files: string, changes: FileChanges): Promise<void> {
  const stays = async (path: string): Promise<boolean> =>
    changes.has(path) ? changes.get(path) !== null : (await whatStandsAt(files, path)) === 'file';
  for (const [path, content] of changes) {
    if (content === null) continue;
    for (const parent of foldersAbove(path).flatMap(filesNamed))
      if (await stays(parent)) throw pathClash(path, `${printable(parent)} is a file`);
    const below: string[] = [];
    for (const folder of new Set([path, draftName(path)]))
      below.push(...(await approvedNames(files, folder)).keys());
    const found = below.find((other) => changes.get(other) !== null);
    if (found !== undefined) throw pathClash(path, `${printable(found)} stands below it`);
  }
}

/** The files that one of this name can be: its own, and the one that it is the draft of. */
function filesNamed(name: string): string[] {
  return [...new Set([name, ...draftsByPath([name]).keys()])];
}

/** The file as the feature sees it: approved, else deleted, else the project's own. */
async function currentState(stand: Stand, path: string): Promise<FileState> {
  checkSpelling(path);
  for (const name of draftNames(path)) {
    const approved = await readFileState(stand.files, name, 'refused');
    if (approved.hash !== null) return approved;
  }
  if ((await stand.manifests.read()).deletions.includes(path)) return absent;
  for (const parent of foldersAbove(path)) {
    const found = await whatStandsAt(stand.files, parent);
    if (found === 'file') return absent;
    if (found === 'nothing') break;
  }
  return readFileState(stand.root, path, 'inside');
}

async function whatStandsAt(files: string, path: string): Promise<'file' | 'other' | 'nothing'> {
  let found: 'other' | 'nothing' = 'nothing';
  for (const name of draftNames(path)) {
    const place = await locate(files, name, 'refused');
    if (place === null) continue;
    if (looked(place)?.isFile() === true) return 'file';
    // A folder of the draft's own name is another file's.
    if (name === path) found = 'other';
  }
  return found;
}
