import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BlueprintError } from '../../domain/errors.ts';
import { pathKey } from '../../domain/safe-path.ts';
import { sha256 } from '../../text/sha256.ts';
import { locate, slashPath } from '../../files/contained-path.ts';
import { orMissing } from '../../files/file-problem.ts';
import { sortedByPath } from '../changes.ts';
import type { Workspace } from '../workspace.ts';
import type { ApplyRecord } from './record.ts';
import { hashOfTarget, readTarget, type Target } from './target.ts';

export interface PlannedFile {
  /** As it was approved. */
  readonly path: string;
  /** Where it stands in the project: another path where links inside the project lead there. */
  readonly target: string;
  readonly before: { readonly bytes: Buffer; readonly mode: number } | null;
  readonly after: Buffer | null;
}

/** What an apply would write, what is there already, and what is in its way. */
export interface ApplyPlan {
  readonly files: readonly PlannedFile[];
  readonly unchanged: number;
  /** Those that the user has changed since they were applied, sorted. */
  readonly edited: readonly string[];
  /** By path, what is the matter, as `has changes that are not committed`. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Compares approved work with the project as it is now. Writes nothing. */
export async function planApply(
  root: string,
  workspace: Workspace,
  records: readonly ApplyRecord[],
): Promise<ApplyPlan> {
  const applied = new Map(
    records.flatMap(({ files }) => files.map(({ path, after }) => [path, after] as const)),
  );
  const wanted = await workspace.checkedOut(await wantedFiles(workspace, applied));
  const problems = new Map<string, string>();
  const changed: PlannedFile[] = [];
  const taken = new Map<string, Taken>();
  let unchanged = 0;
  for (const [path, content] of wanted) {
    let target: string;
    let current: Target;
    try {
      target = workspace.kind === 'folder' ? await followed(root, path) : path;
      current = await readTarget(root, target);
    } catch (error) {
      if (!(error instanceof BlueprintError)) throw error;
      problems.set(path, `cannot be reached: ${error.message}`);
      continue;
    }
    const other = taken.get(pathKey(target));
    if (other === undefined) taken.set(pathKey(target), { path, target, content });
    else if (!isRename(other, { target, content }))
      problems.set(path, `is the same file as ${other.path}`);
    // Systems that ignore case find the old name under the new one; the old goes first.
    else if (content !== null && !(await isNamed(root, target))) current = { kind: 'none' };
    // A folder is no file: there is nothing to delete, and it goes with all that is in it.
    if (current.kind === 'other' && current.what === 'a folder')
      if (content === null || (await isEmptied(root, target, wanted))) current = { kind: 'none' };
    if (current.kind === 'other') problems.set(path, `is ${current.what}`);
    else if (hashOfTarget(current) === hashOf(content)) unchanged += 1;
    else
      changed.push({
        path,
        target,
        before: current.kind === 'file' ? current : null,
        after: content,
      });
  }
  const kept = await judge(workspace, changed, applied, problems);
  return {
    files: changed.filter(({ path }) => !problems.has(path) && !kept.has(path)),
    unchanged,
    edited: [...kept].sort(),
    problems: sortedByPath(problems),
  };
}

interface Taken {
  readonly path: string;
  readonly target: string;
  readonly content: Uint8Array | null;
}

/** One goes and the other comes, under names that differ in case alone. */
function isRename(one: Omit<Taken, 'path'>, other: Omit<Taken, 'path'>): boolean {
  return one.target !== other.target && (one.content === null) !== (other.content === null);
}

/** Whether its folder holds a file of exactly this name. */
async function isNamed(root: string, path: string): Promise<boolean> {
  const names = await orMissing<string[], string[]>(readdir(join(root, dirname(path))), []);
  return names.includes(basename(path));
}

/** Approved files, and, as they were, those that an earlier apply wrote and that are approved no more. */
async function wantedFiles(
  workspace: Workspace,
  applied: ReadonlyMap<string, string | null>,
): Promise<Map<string, string | null>> {
  const wanted = await workspace.files();
  // The folder workspace says itself what is to be deleted.
  if (workspace.kind === 'folder') return wanted;
  const project = workspace.project();
  for (const path of applied.keys())
    if (!wanted.has(path)) wanted.set(path, await project.read(path));
  return sortedByPath(wanted);
}

/**
 * Adds what is the matter with files that are neither as the work was made on, nor as it was applied.
 * @returns those that hold nothing new since they were applied, and that the user has changed: they stay.
 */
async function judge(
  workspace: Workspace,
  changed: readonly PlannedFile[],
  applied: ReadonlyMap<string, string | null>,
  problems: Map<string, string>,
): Promise<Set<string>> {
  const kept = new Set<string>();
  const unjudged = changed.filter(
    ({ target, before }) =>
      !applied.has(target) ||
      applied.get(target) !== (before === null ? null : sha256(before.bytes)),
  );
  const targets = unjudged.map(({ path, before }) => [path, before?.bytes ?? null] as const);
  const judged = await workspace.judge(new Map(targets));
  for (const { path, target, after } of unjudged) {
    const problem = judged.get(path);
    if (problem === undefined) continue;
    if (!applied.has(target)) problems.set(path, problem);
    else if (applied.get(target) === (after === null ? null : sha256(after))) kept.add(path);
    else problems.set(path, 'was changed since it was applied');
  }
  return kept;
}

function hashOf(content: Uint8Array | null): string | null {
  return content === null ? null : sha256(content);
}

/** Whether nothing stands below a folder but files that go in the same apply. */
async function isEmptied(
  root: string,
  folder: string,
  approved: ReadonlyMap<string, Uint8Array | null>,
): Promise<boolean> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const below = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => slashPath(root, join(entry.parentPath, entry.name)));
  return below.length > 0 && below.every((path) => approved.get(path) === null);
}

/** The same path without links: those that stay inside are followed. @throws BlueprintError `path-unsafe` */
async function followed(root: string, path: string): Promise<string> {
  const real = await realpath(root);
  const segments = path.split('/');
  for (let depth = segments.length; depth > 0; depth--) {
    const place = await locate(root, segments.slice(0, depth).join('/'), 'inside');
    if (place === null) continue;
    return [slashPath(real, place), ...segments.slice(depth)].filter(Boolean).join('/');
  }
  return path;
}
