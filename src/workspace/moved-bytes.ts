import { lstat, open } from 'node:fs/promises';
import type { FileChanges } from '../domain/bundle.ts';
import { BlueprintError } from '../domain/errors.ts';
import { locate } from '../files/contained-path.ts';
import { draftNames } from '../files/draft-name.ts';
import { errnoOf } from '../files/file-problem.ts';
import { readNoLink } from '../files/open-file.ts';
import { maxTextBytes } from '../files/safe-file.ts';
import { movedFileOf } from '../text/moved-file.ts';
import { sha256 } from '../text/sha256.ts';
import { movedFileGone } from './problems.ts';
import type { GoneFile } from './renames.ts';

/**
 * Bytes of those files that are no text, by their new path: as they are approved there or, before that, as
 * they stand under their old name. @throws BlueprintError `workspace-moved-file-gone`
 */
export async function movedBytes(
  { files: approved, root }: { readonly files: string; readonly root: string },
  files: FileChanges,
): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const [path, text] of files) {
    const moved = text === null ? null : movedFileOf(text);
    if (moved === null) continue;
    const places = [
      ...draftNames(path).map((name) => [approved, name, 'refused'] as const),
      ...draftNames(moved.from).map((name) => [approved, name, 'refused'] as const),
      [root, moved.from, 'inside'] as const,
    ];
    const bytes = await firstWith(moved.sha256, places);
    if (bytes === null) throw movedFileGone(path, moved.from);
    found.set(path, bytes);
  }
  return found;
}

async function firstWith(
  hash: string,
  places: readonly (readonly [string, string, 'refused' | 'inside'])[],
): Promise<Buffer | null> {
  for (const [folder, name, links] of places) {
    const bytes = await bytesAt(folder, name, links);
    if (bytes !== null && sha256(bytes) === hash) return bytes;
  }
  return null;
}

/** Null where no file is, and for one too large to be shown or renamed. */
export async function bytesAt(
  folder: string,
  path: string,
  links: 'refused' | 'inside',
): Promise<Buffer | null> {
  const place = await locate(folder, path, links);
  if (place === null || !(await lstat(place)).isFile()) return null;
  await using file = await open(place, readNoLink);
  return (await file.stat()).size > maxTextBytes ? null : file.readFile();
}

/** Files of the project that go, for what new ones keep of them. */
export async function goneFiles(root: string, files: FileChanges): Promise<GoneFile[]> {
  const gone: GoneFile[] = [];
  for (const [path, text] of files) {
    if (text !== null) continue;
    const bytes = await bytesAt(root, path, 'inside').catch(unlessUnreachable);
    if (bytes !== null) gone.push({ path, bytes });
  }
  return gone;
}

/** What cannot be reached is told where it would be written. */
export function unlessUnreachable(error: unknown): null {
  if (error instanceof BlueprintError || errnoOf(error) !== null) return null;
  throw error;
}
