import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What a program that is not trusted left at a slash path below a folder. It must have ended.
 * @returns null for what is no plain file, is larger than `mostBytes`, or stands behind a link
 */
export async function readLeft(
  folder: string,
  path: string,
  mostBytes: number,
): Promise<Buffer | null> {
  let at = folder;
  const names = path.split('/');
  for (const name of names.slice(0, -1)) {
    at = join(at, name);
    if (!(await lstat(at).catch(() => null))?.isDirectory()) return null;
  }
  // A pipe is opened without waiting for its other end.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  await using file = await open(join(at, names.at(-1) ?? ''), flags).catch(() => null);
  const info = await file?.stat();
  if (file === null || info === undefined || !info.isFile() || info.size > mostBytes) return null;
  const bytes = Buffer.alloc(info.size);
  const { bytesRead } = await file.read(bytes, 0, info.size, 0);
  return bytes.subarray(0, bytesRead);
}
