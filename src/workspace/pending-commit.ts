import { open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { BlueprintError, messageOf } from '../domain/errors.ts';
import { safePath } from '../domain/task.ts';
import type { FileChanges } from '../domain/bundle.ts';
import { syncFolder, writeNewFile } from '../files/atomic-file.ts';
import { mkdir, rename, rm, rmdir } from '../files/disk.ts';
import { draftName, draftNames, draftsByPath } from '../files/draft-name.ts';
import { errnoOf, orMissing, printable } from '../files/file-problem.ts';
import { looked } from '../files/is-there.ts';
import { readNoLink } from '../files/open-file.ts';
import { locate, unsafe } from '../files/contained-path.ts';
import { manifestText, type Manifest } from './manifest.ts';

/** The paths of one feature's workspace, absolute. */
export interface WorkspacePaths {
  /** `features/<slug>`. */
  readonly folder: string;
  /** Approved files, under the names of drafts. */
  readonly files: string;
  /** Which files of the project are deleted. */
  readonly manifest: string;
  /** A commit that is being written; whole once it has this name. */
  readonly pending: string;
}

const intentSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Staged file `0`, `1`, … by place in the list. */
  writes: z.array(safePath),
  removals: z.array(safePath),
});
type Intent = z.infer<typeof intentSchema>;

export function workspacePaths(featuresDir: string, slug: string): WorkspacePaths {
  const folder = join(featuresDir, slug);
  return {
    folder,
    files: join(folder, 'workspace'),
    manifest: join(folder, 'workspace.json'),
    pending: join(folder, 'workspace.pending'),
  };
}

/**
 * Stages the changes beside the workspace. When it returns they are on disk as a pending commit, which
 * `completePending` writes into place now or after a crash; before that nothing of them counts.
 * @param moved bytes of those that are no text, by their new path
 */
export async function stage(
  paths: WorkspacePaths,
  changes: FileChanges,
  manifest: Manifest,
  moved: ReadonlyMap<string, Buffer> = new Map(),
): Promise<void> {
  const staging = `${paths.pending}.staging`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const intent: Intent = { schemaVersion: 1, writes: [], removals: [] };
  for (const [path, content] of changes) {
    if (content === null) intent.removals.push(path);
    else {
      await writeNewFile(join(staging, String(intent.writes.length)), moved.get(path) ?? content);
      intent.writes.push(path);
    }
  }
  await writeNewFile(join(staging, 'manifest'), manifestText(manifest));
  await writeNewFile(join(staging, 'intent.json'), JSON.stringify(intent));
  await syncFolder(staging);
  await rename(staging, paths.pending);
  await syncFolder(paths.folder);
}

export function hasPending({ pending }: WorkspacePaths): boolean {
  return looked(pending) !== null;
}

/** Writes a pending commit into place, if there is one. Each step may have been done before. */
export async function completePending(paths: WorkspacePaths): Promise<void> {
  if (!hasPending(paths)) return;
  const intent = await readRecord(join(paths.pending, 'intent.json'), intentSchema);
  if (intent !== null) {
    for (const path of intent.removals) await remove(paths, path);
    for (const [index, path] of intent.writes.entries()) await moveIntoPlace(paths, index, path);
    await orMissing(rename(join(paths.pending, 'manifest'), paths.manifest), undefined);
    await syncFolder(paths.folder);
  }
  // The record goes first, so that a half-removed folder is known to be finished.
  await rm(join(paths.pending, 'intent.json'), { force: true });
  await rmdir(paths.pending).catch(() => rm(paths.pending, { recursive: true, force: true }));
}

/** Null where there is none. @throws BlueprintError `workspace-record-broken` */
export async function readRecord<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await orMissing(readNoFollow(file), null);
  return text === null ? null : parseRecord(text, schema, file);
}

async function readNoFollow(path: string): Promise<string> {
  try {
    await using file = await open(path, readNoLink);
    return await file.readFile('utf8');
  } catch (error) {
    if (errnoOf(error) === 'ELOOP') throw unsafe(path, 'is a symbolic link');
    if (errnoOf(error) === 'EISDIR') throw unsafe(path, 'is a folder');
    throw error;
  }
}

function parseRecord<T>(text: string, schema: z.ZodType<T>, file: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw brokenRecord(file, messageOf(cause), cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw brokenRecord(file, z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' '), parsed.error);
}

function brokenRecord(file: string, problem: string, cause: unknown): BlueprintError {
  return new BlueprintError({
    code: 'workspace-record-broken',
    message: `${printable(file)} is not the record that blueprint wrote: ${problem}`,
    target: printable(file),
    fix: 'Restore it from version control, or delete it to give up what it records.',
    cause,
  });
}

async function remove(paths: WorkspacePaths, path: string): Promise<void> {
  for (const name of draftNames(path)) await removeNamed(paths, name);
}

async function removeNamed({ files }: WorkspacePaths, name: string): Promise<void> {
  const place = await locate(files, name, 'refused');
  if (place === null || looked(place)?.isDirectory() !== false) return;
  await rm(place, { force: true });
  await pruneEmpty(files, dirname(name));
}

/** Folders without files would stand in the way of a file of that name. */
async function pruneEmpty(files: string, folder: string): Promise<void> {
  for (let at = folder; at !== '.'; at = dirname(at)) {
    try {
      await rmdir(join(files, at));
    } catch {
      return;
    }
  }
}

/** @throws the file system's ENOTEMPTY when a file stands below after all. */
export async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name));
  await rmdir(folder);
}

async function moveIntoPlace(paths: WorkspacePaths, index: number, path: string): Promise<void> {
  const staged = join(paths.pending, String(index));
  const found = looked(staged);
  if (found === null) return;
  if (!found.isFile()) throw unsafe(path, 'is staged as something else than a file');
  const name = draftName(path);
  // A name of version 0.1.0 would come before the new one.
  for (const other of draftNames(path)) if (other !== name) await removeNamed(paths, other);
  const parent = dirname(name);
  // Existing parents are judged before any is made; those made here are folders.
  const place = await locate(paths.files, name, 'refused');
  if (place !== null && looked(place)?.isDirectory() === true) await removeEmptyFolders(place);
  await mkdir(join(paths.files, parent), { recursive: true });
  await orMissing(rename(staged, join(paths.files, name)), undefined);
  await syncFolder(join(paths.files, parent));
}

/** Paths of the approved files, all or those below a folder, with their names. @throws BlueprintError for links. */
export async function approvedNames(files: string, below = ''): Promise<Map<string, string>> {
  return draftsByPath(await walkFiles(files, below));
}

/** Every file below the folder, as slash paths, in no order. */
async function walkFiles(files: string, below = ''): Promise<string[]> {
  const listed = readdir(join(files, below), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of await orMissing(listed, [])) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await walkFiles(files, path)));
    else if (entry.isFile()) found.push(path);
    else throw unsafe(path, 'in the workspace is neither a file nor a folder');
  }
  return found;
}
