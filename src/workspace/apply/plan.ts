import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileNotText } from '../../domain/candidate.ts';
import { BlueprintError } from '../../domain/errors.ts';
import { pathKey } from '../../domain/safe-path.ts';
import { encodeText, encodingFault, encodingToWrite } from '../../text/encoding.ts';
import { movedFileText } from '../../text/moved-file.ts';
import { sha256 } from '../../text/sha256.ts';
import { locate, slashPath } from '../../files/contained-path.ts';
import { orMissing } from '../../files/file-problem.ts';
import { sortedByPath } from '../changes.ts';
import type { LineRange } from '../../text/merge-text.ts';
import type { ApplyWay, TextBeforeWork } from '../applier.ts';
import type { Obstacle, Workspace } from '../workspace.ts';
import { lineWords, mergeFile, type FileMerge } from './merge.ts';
import type { AppliedFile } from './record.ts';
import { hashOfTarget, readTarget, type Target } from './target.ts';

export interface PlannedFile {
  /** As it was approved. */
  readonly path: string;
  /** Where it stands in the project: another path where links inside the project lead there. */
  readonly target: string;
  readonly before: { readonly bytes: Buffer; readonly mode: number } | null;
  readonly after: Buffer | null;
  /** Another one than `after` where that holds the user's changes as well. */
  readonly approved: Buffer | null;
}

/** What an apply would write, what is there already, and what is in its way. */
export interface ApplyPlan {
  readonly files: readonly PlannedFile[];
  readonly unchanged: number;
  /** Those that the user has changed since they were applied, sorted. */
  readonly edited: readonly string[];
  /** By path, what is the matter, as `has changes that are not committed`. */
  readonly problems: ReadonlyMap<string, string>;
  /** Whether a merge would leave no problem. */
  readonly canMerge: boolean;
}

/** Compares approved work with the project as it is now. Writes nothing. */
export async function planApply(
  root: string,
  workspace: Workspace,
  applied: Applied,
  { merge, before }: ApplyWay,
): Promise<ApplyPlan> {
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
    else if (isAsApproved(hashOfTarget(current), hashOf(content), applied.get(target)))
      unchanged += 1;
    else
      changed.push({
        path,
        target,
        before: current.kind === 'file' ? current : null,
        after: content,
        approved: content,
      });
  }
  const { kept, obstacles } = await judge(workspace, changed, applied);
  const merged = new Map<string, Buffer>();
  let unmerged = problems.size;
  for (const [path, { problem, isMergeable, file }] of obstacles) {
    const found = isMergeable
      ? await mergeOf(file, await baseOf(file, workspace, applied, before))
      : impossible;
    if (found.outcome === 'merged' && merge) {
      merged.set(path, found.bytes);
      continue;
    }
    const both = found.outcome === 'conflict' && merge;
    problems.set(path, both ? conflictWords(problem, found.lines) : problem);
    if (found.outcome !== 'merged') unmerged += 1;
  }
  return {
    files: changed
      .filter(({ path }) => !problems.has(path) && !kept.has(path))
      .map((file) => ({ ...file, after: merged.get(file.path) ?? file.after })),
    unchanged,
    edited: [...kept].sort(),
    problems: sortedByPath(problems),
    canMerge: problems.size > 0 && unmerged === 0,
  };
}

type Applied = ReadonlyMap<string, AppliedFile>;

/** Whether a file is as approved, or as an apply left it that merged the same into it. */
function isAsApproved(
  current: string | null,
  wanted: string | null,
  applied: AppliedFile | undefined,
): boolean {
  if (current === wanted) return true;
  return applied !== undefined && current === applied.after && wanted === applied.approved;
}

function conflictWords(problem: string, lines: readonly LineRange[]): string {
  return `${problem}, and the work changes the same lines (${lineWords(lines)} of yours)`;
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
  applied: Applied,
): Promise<Map<string, string | null>> {
  const wanted = await workspace.files();
  // The folder workspace says itself what is to be deleted.
  if (workspace.kind === 'folder') return wanted;
  const project = workspace.project();
  for (const path of applied.keys())
    if (!wanted.has(path)) wanted.set(path, await project.read(path).catch(asItIs(path)));
  return sortedByPath(wanted);
}

/** What is no text, as it stands there. */
function asItIs(path: string): (error: unknown) => string {
  return (error) => {
    if (!(error instanceof FileNotText) || error.sha256 === null) throw error;
    return movedFileText({ from: path, sha256: error.sha256 });
  };
}

type Obstacles = ReadonlyMap<string, Obstacle & { readonly file: PlannedFile }>;

/**
 * What is the matter with files that are neither as the work was made on, nor as it was applied; and those
 * that hold nothing new since they were applied, and that the user has changed: they stay.
 */
async function judge(
  workspace: Workspace,
  changed: readonly PlannedFile[],
  applied: Applied,
): Promise<{ kept: ReadonlySet<string>; obstacles: Obstacles }> {
  const kept = new Set<string>();
  const obstacles = new Map<string, Obstacle & { file: PlannedFile }>();
  const unjudged = changed.filter(({ target, before }) => {
    const last = applied.get(target);
    return last?.after !== hashOf(before?.bytes ?? null) || last.after !== last.approved;
  });
  const targets = unjudged.map(({ path, before }) => [path, before?.bytes ?? null] as const);
  const judged = await workspace.judge(new Map(targets));
  for (const file of unjudged) {
    const { path, target, before, after } = file;
    const obstacle = judged.get(path);
    if (obstacle === undefined) continue;
    const last = applied.get(target);
    if (last === undefined) obstacles.set(path, { ...obstacle, file });
    else if (last.approved === hashOf(after)) kept.add(path);
    else {
      const isMerged = last.after === hashOf(before?.bytes ?? null);
      const problem = isMerged ? 'holds your changes as well' : 'was changed since it was applied';
      obstacles.set(path, { ...obstacle, problem, file });
    }
  }
  return { kept, obstacles };
}

const impossible: FileMerge = { outcome: 'impossible' };

async function mergeOf(file: PlannedFile, base: Buffer | null): Promise<FileMerge> {
  const { path, before, approved } = file;
  if (base === null || before === null || approved === null) return impossible;
  return mergeFile(path, base, before.bytes, approved);
}

/** What both the user and the work have changed: as it was applied last, or as the work began with it. */
async function baseOf(
  { path, target }: PlannedFile,
  workspace: Workspace,
  applied: Applied,
  before: TextBeforeWork,
): Promise<Buffer | null> {
  const last = applied.get(target);
  if (last !== undefined) return last.read();
  if (workspace.kind === 'git') {
    const text = await workspace.project().read(path).catch(unlessNoText);
    return (await workspace.checkedOut(new Map([[path, text]]))).get(path) ?? null;
  }
  const text = await before(path);
  if (text === null) return null;
  // The workspace knows the hash of what it was: a record that a person changed is not believed.
  for (const bytes of waysToWrite(path, text))
    if ((await workspace.judge(new Map([[path, bytes]]))).size === 0) return bytes;
  return null;
}

/** What its bytes may have been. */
function waysToWrite(path: string, text: string): Buffer[] {
  const declared = encodingToWrite(path, text, null);
  const others = text.startsWith('\ufeff') ? (['utf-16le', 'utf-16be'] as const) : [declared];
  const isHeld = encodingFault(path, text, null) === null;
  return [Buffer.from(text), ...(isHeld ? others.map((each) => encodeText(text, each, path)) : [])];
}

function unlessNoText(error: unknown): null {
  if (error instanceof BlueprintError && error.code === 'file-not-text') return null;
  throw error;
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
