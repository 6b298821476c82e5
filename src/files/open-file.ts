import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { unreadable } from './file-problem.ts';

/** A pipe of a file's name would be waited for; Windows has no such flag. */
export const forReading = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/** For a file that was judged before: a link that was put in its place is not followed. Windows has no such flag. */
export const readNoLink = forReading | ((constants.O_NOFOLLOW as number | undefined) ?? 0);

/**
 * Opens a file to be read.
 * @throws BlueprintError `file-unreadable` for a folder, a pipe, or whatever else is no file; the file system's errors
 */
export async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, forReading);
  const stats = await file.stat();
  if (stats.isFile()) return file;
  await file.close();
  throw unreadable(path, stats.isDirectory() ? 'it is a folder' : 'it is no regular file');
}
