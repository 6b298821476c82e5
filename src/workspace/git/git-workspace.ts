import { join } from 'node:path';
import type { FileChanges } from '../../domain/bundle.ts';
import type { Diagnostic } from '../../domain/errors.ts';
import { foldersAbove } from '../../domain/safe-path.ts';
import { createBase } from '../base.ts';
import { conflicting, sortedByPath } from '../changes.ts';
import { checkFeatureLinks, type FeaturePlace } from '../feature-path.ts';
import { absent, type FileState } from '../../files/safe-file.ts';
import { contentHash, movedFileOf, movedFileText } from '../../text/moved-file.ts';
import { checkSpelling } from '../../files/contained-path.ts';
import { notText, pathClash } from '../problems.ts';
import { printable } from '../../files/file-problem.ts';
import type { CommitNote, CommitResult, Workspace } from '../workspace.ts';
import {
  type Branch,
  branchName,
  commitOf,
  isMadeHere,
  moveBranch,
  readBranch,
  readTips,
} from './branch.ts';
import { checkedOut } from './checked-out.ts';
import { copySnapshot, snapshotPaths, type SnapshotOptions } from './copy-snapshot.ts';
import { identityOf, type Identity } from './identity.ts';
import { judgeTargets } from './judge-targets.ts';
import { entryAt, readFromTree, type Repository, type Tree, type TreeEntry } from './repository.ts';
import { uncommitted } from './uncommitted.ts';
import { writeCommit } from './write-commit.ts';

export interface GitWorkspaceOptions extends SnapshotOptions, FeaturePlace {
  /** Who commits; the user as git knows them by default. */
  readonly identity: Identity | null;
  readonly now: () => Date;
  readonly warn: (problem: Diagnostic) => void;
}

/** How often a commit is made anew because somebody else moved the branch in the meantime. */
const mostTries = 5;

/**
 * Approved work as commits on the branch `blueprint/<feature>`, written straight into the repository's
 * store: there is no checkout of it, and the user's own, its index, HEAD and config are never touched. The
 * branch begins at the commit that is checked out when the first work is approved.
 */
export function createGitWorkspace(options: GitWorkspaceOptions): Workspace {
  const { slug, repository, featuresDir, leftOut, lock, now, warn } = options;
  let warned = false;

  const checkLinks = (): Promise<void> =>
    checkFeatureLinks(featuresDir, slug, ['workspace.staging']);

  /** The commit that the feature's next task stands on, and the one that its work began with. */
  const commits = async (): Promise<Branch & { readonly head: string }> => {
    await checkLinks();
    const tips = await readTips(repository, slug);
    const head = tips.head ?? (await repository.head());
    return { tip: head, base: head, ...tips.branch, head };
  };

  const toCheckOut = async (files: FileChanges): Promise<Map<string, Buffer | null>> => {
    const { tip, base } = await commits();
    const trees = await Promise.all([tip, base].map(repository.tree));
    return checkedOut(repository, files, trees);
  };

  const view = (side: 'tip' | 'base') => {
    let snapshot: Promise<string> | null = null;
    const at = (): Promise<string> => (snapshot ??= commits().then((found) => found[side]));
    return createBase({
      load: async (path) => {
        checkSpelling(path);
        return readFromTree(repository, await at(), path);
      },
      list: async (signal) => snapshotPaths(options, await repository.tree(await at()), signal),
      copyTo: async (folder, signal) => copySnapshot(options, await at(), folder, signal),
      checkedOut: toCheckOut,
    });
  };

  const identity = async (): Promise<Identity> => {
    const found = await identityOf(repository.git, options.identity);
    if (found.own && !warned) {
      warned = true;
      warn({
        code: 'git-identity-missing',
        message: `git does not know who you are: approved work is committed as ${found.name} <${found.email}>`,
        fix: 'git config user.name "…" and user.email "…", or workspace.identity in the config.',
      });
    }
    return found;
  };

  const commitLocked = async (
    changes: FileChanges,
    seen: ReadonlyMap<string, string | null>,
    note: CommitNote | undefined,
  ): Promise<CommitResult> => {
    for (let tries = 1; ; tries++) {
      const { branch, head } = await readTips(repository, slug);
      const parent = branch?.tip ?? head ?? (await repository.head());
      const tree = await repository.tree(parent);
      const stateNow = (path: string) => readFromTree(repository, parent, path);
      const conflicts = await conflicting(changes, seen, stateNow);
      if (conflicts.length > 0) return { outcome: 'conflict', paths: conflicts };
      const needed = await actual(repository, tree, changes);
      checkFolders(tree, changes);
      const commit = await writeCommit(repository, {
        slug,
        changes: needed,
        parent,
        base: branch?.base ?? parent,
        tree,
        note,
        identity: await identity(),
        at: now(),
        staging: join(featuresDir, slug, 'workspace.staging'),
      });
      // It was made before, as by a run that was cut short.
      if (commit === parent)
        return { outcome: 'committed', ...(await commitOf(repository, parent, note)) };
      if (await moveBranch(repository, slug, branch, commit, note?.task ?? 'approved work'))
        return { outcome: 'committed', commit };
      if (tries >= mostTries)
        throw new Error(`The branch ${branchName(slug)} moved ${tries} times during one commit`);
    }
  };

  return {
    kind: 'git',

    base: () => view('tip'),

    project: () => view('base'),

    async projectEntries(folder) {
      const names = new Set<string>();
      const below = folder === '' ? '' : `${folder}/`;
      for (const [path, { mode }] of await repository.tree(await repository.head())) {
        if (!path.startsWith(below)) continue;
        const rest = path.slice(below.length);
        const slash = rest.indexOf('/');
        names.add(
          slash === -1 ? `${rest}${mode === '160000' ? '/' : ''}` : rest.slice(0, slash + 1),
        );
      }
      return [...names].sort();
    },

    async files() {
      await checkLinks();
      const branch = await readBranch(repository, slug);
      const found = new Map<string, string | null>();
      if (branch === null) return found;
      const before = await repository.tree(branch.base);
      const after = await repository.tree(branch.tip);
      for (const path of before.keys()) if (!after.has(path)) found.set(path, null);
      const changed = [...after].filter(([path, { oid }]) => before.get(path)?.oid !== oid);
      // All at once, as one git then reads them.
      const texts = changed.map(async ([path, entry]) => {
        const text = await approvedText(repository, { slug, path, entry, before });
        return [path, text] as const;
      });
      for (const [path, text] of await Promise.all(texts)) found.set(path, text);
      return sortedByPath(found);
    },

    async commit(changes, seen, note) {
      for (const path of [...changes.keys(), ...seen.keys()]) checkSpelling(path);
      await checkLinks();
      return lock(() => commitLocked(changes, seen, note));
    },

    checkedOut: toCheckOut,

    judge: async (targets) => judgeTargets(repository, await commits(), targets),

    unseen: () => uncommitted(repository, leftOut),

    async foreign() {
      const branch = await readBranch(repository, slug);
      return branch === null || (await isMadeHere(repository, slug)) ? [] : [branchName(slug)];
    },

    place: () => `branch ${branchName(slug)}`,

    wayOut: () => `Commit your changes, then merge by hand: git merge ${branchName(slug)}`,
  };
}

/** Without deletions of what is not there. @throws BlueprintError `path-unsafe` */
async function actual(
  { content }: Repository,
  tree: Tree,
  changes: FileChanges,
): Promise<FileChanges> {
  const needed = new Map<string, string | null>();
  for (const [path, text] of changes) {
    const entry = entryAt(tree, path);
    if (
      text === null ? entry === null : entry !== null && isWritten(await content(entry, path), text)
    )
      continue;
    needed.set(path, text);
  }
  return needed;
}

function isWritten({ content, hash }: FileState, text: string): boolean {
  return content === text || (movedFileOf(text) !== null && hash === contentHash(text));
}

/** @throws BlueprintError `workspace-path-conflict` when a file would also have to be a folder. */
function checkFolders(tree: Tree, changes: FileChanges): void {
  const stays = (path: string): boolean =>
    changes.has(path) ? changes.get(path) !== null : tree.has(path);
  const written = [...changes].flatMap(([path, content]) => (content === null ? [] : [path]));
  for (const path of written) {
    const parent = foldersAbove(path).find(stays);
    if (parent !== undefined) throw pathClash(path, `${printable(parent)} is a file`);
  }
  const files = new Set(written);
  for (const path of [...tree.keys(), ...written]) {
    if (!stays(path)) continue;
    const file = foldersAbove(path).find((parent) => files.has(parent));
    if (file !== undefined) throw pathClash(file, `${printable(path)} stands below it`);
  }
}

async function approvedText(
  repository: Repository,
  approved: {
    readonly slug: string;
    readonly path: string;
    readonly entry: TreeEntry;
    /** What the work began with. */
    readonly before: Tree;
  },
): Promise<string> {
  const { slug, path, entry, before } = approved;
  const special = entry.mode === '120000' || entry.mode === '160000';
  const { content: text, hash } = special ? absent : await repository.content(entry, path);
  if (text !== null) return text;
  // What is no text is none that was written: it has another name.
  const [from] = [...before].find(([, { oid }]) => oid === entry.oid) ?? [];
  if (from !== undefined && hash !== null) return movedFileText({ from, sha256: hash });
  throw notText(path, branchName(slug));
}
