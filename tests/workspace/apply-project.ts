import { cp, mkdir, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { applyWork, undoApply, type ApplyOptions } from '../../src/workspace/apply/apply.ts';
import type { ApplyWay } from '../../src/workspace/applier.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { folderOver, git, gitOver, keptFolder, makeRepository, now, put } from './workspaces.ts';

export type Kind = 'folder' | 'git';

export const files = {
  'src/changed.js': 'old\n',
  'src/deep/gone.js': 'gone\n',
  tool: '#!/bin/sh\n',
  'becomes-folder': 'file\n',
  'becomes-file/inner': 'inner\n',
  kept: 'kept\n',
};

export const work = {
  'src/changed.js': 'new\n',
  'src/deep/gone.js': null,
  tool: '#!/bin/sh\nexit\n',
  'becomes-folder': null,
  'becomes-folder/inner': 'inner\n',
  'becomes-file/inner': null,
  'becomes-file': 'file\n',
  'a/b/new.js': 'new\n',
};

/** A project with files, a binary, an executable and an empty folder; in a repository all is committed. */
export async function makeProject(kind: Kind, root: string): Promise<Workspace> {
  await cp(await template(kind), root, { recursive: true, preserveTimestamps: true });
  return kind === 'folder' ? folderOver(root) : gitOver(root);
}

const templates = new Map<Kind, Promise<string>>();

/** Made once, as what git does to make it takes longer than most tests. */
function template(kind: Kind): Promise<string> {
  const made = templates.get(kind) ?? makeTemplate(kind);
  templates.set(kind, made);
  return made;
}

async function makeTemplate(kind: Kind): Promise<string> {
  const root = await keptFolder();
  await mkdir(join(root, 'empty/inner'), { recursive: true });
  for (const [path, content] of Object.entries(files)) await put(join(root, path), content);
  await put(join(root, 'tool'), files.tool, 0o755);
  await put(join(root, 'image'), Uint8Array.of(0xff, 0, 1));
  if (kind === 'folder') return root;
  await makeRepository(root);
  await put(join(root, '.gitignore'), 'features/\n');
  await git(root, 'add', '-A');
  await git(root, 'commit', '-qm', 'files');
  return root;
}

export async function approve(
  workspace: Workspace,
  changes: Record<string, string | null>,
): Promise<void> {
  const base = workspace.base();
  for (const path of Object.keys(changes)) await base.read(path);
  const result = await workspace.commit(new Map(Object.entries(changes)), base.seen());
  if (result.outcome !== 'committed') throw new Error(`Conflict: ${result.paths.join(', ')}`);
}

/** Without merging, and without knowing what was before. */
export const plain: ApplyWay = { merge: false, before: async () => null };

export function applyOptions(root: string, workspace: Workspace): ApplyOptions {
  return { root, feature: join(root, 'features/f'), slug: 'f', workspace, now };
}

/** Everything below the project but the features and what git keeps to itself: bytes, modes, links. */
export async function snapshot(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(root.length + 1);
    if (/^(features|\.git)(\/|$)/.test(name)) continue;
    if (entry.isSymbolicLink()) found[name] = `link ${await readlink(path)}`;
    else if (entry.isDirectory()) found[name] = 'folder';
    else {
      const bytes = await readFile(path);
      found[name] = `${((await stat(path)).mode & 0o777).toString(8)} ${bytes.toString('base64')}`;
    }
  }
  return found;
}

/** One apply and one undo of work that is approved already. */
export async function createApplyLoop(kind: Kind, root: string): Promise<() => Promise<void>> {
  const options = applyOptions(root, kind === 'git' ? await gitOver(root) : folderOver(root));
  return async () => {
    await applyWork(options, plain, false);
    await undoApply(options);
  };
}
