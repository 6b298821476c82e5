import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Diagnostic } from '../../src/domain/errors.ts';
import { defaultCopyLimits, type CopyLimits } from '../../src/workspace/copy-tree.ts';
import { createFolderWorkspace } from '../../src/workspace/folder-workspace.ts';
import { createGit } from '../../src/files/git.ts';
import { allOwn, type OwnState } from '../../src/files/own-state.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';

type Lock = <T>(slug: string, work: () => Promise<T>) => Promise<T>;

export const now = (): Date => new Date('2026-11-21T12:00:00Z');

/** The folder adapter over a project. */
export function folderOver(
  root: string,
  lock: Lock = (_slug, work) => work(),
  copyLimits: CopyLimits = defaultCopyLimits,
  slug = 'f',
  own: OwnState = allOwn,
): Workspace {
  return createFolderWorkspace({
    own,
    slug,
    root,
    featuresDir: join(root, 'features'),
    leftOut: ['features'],
    git: createGit({ cwd: root, env: process.env }),
    copyLimits,
    lock: (work) => lock(slug, work),
  });
}

/** The git adapter over a repository. */
export function gitOver(
  root: string,
  lock: Lock = (_slug, work) => work(),
  more: {
    kind?: 'auto' | 'git';
    env?: NodeJS.ProcessEnv;
    warnings?: Diagnostic[];
    copyLimits?: CopyLimits;
    slug?: string;
  } = {},
): Promise<Workspace> {
  const { slug = 'f' } = more;
  return openWorkspace(slug, {
    root,
    featuresDir: join(root, 'features'),
    env: more.env ?? process.env,
    kind: more.kind ?? 'git',
    identity: null,
    ...(more.copyLimits && { copyLimits: more.copyLimits }),
    lock: (work) => lock(slug, work),
    now,
    warn: (problem) => more.warnings?.push(problem),
  });
}

/** As a person would run it there. @returns what it prints, without the final newline. */
export async function git(root: string, ...args: string[]): Promise<string> {
  const all = ['-c', 'protocol.file.allow=always', ...args];
  const { stdout } = await promisify(execFile)('git', all, { cwd: root });
  return stdout.trimEnd();
}

let repository: Promise<string> | undefined;

/** A repository with one commit that holds nothing; made once for a file of tests, and copied from then on. */
export async function makeRepository(root: string): Promise<void> {
  repository ??= firstRepository();
  await cp(await repository, join(root, '.git'), { recursive: true });
}

/** A folder that stays until the process ends. */
export async function keptFolder(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'blueprint-kept-'));
  process.once('exit', () => rmSync(root, { recursive: true, force: true }));
  return root;
}

async function firstRepository(): Promise<string> {
  const root = await keptFolder();
  // Without the samples that every copy would hold.
  await git(root, 'init', '-q', '-b', 'main', '--template=');
  await git(root, 'config', 'user.name', 'Ann');
  await git(root, 'config', 'user.email', 'ann@example.org');
  // Each commit would start a program that finds nothing to do.
  await git(root, 'config', 'maintenance.auto', 'false');
  await git(root, 'commit', '-q', '--allow-empty', '-m', 'Begin');
  return join(root, '.git');
}

export async function put(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}
