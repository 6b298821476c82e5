import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { readNoLink } from './open-file.ts';

/**
 * What a program that is not trusted left at a slash path below a folder. It must have ended. The system is asked
 * without waiting: its answers take microseconds, handing each question to a thread of its own many times that.
 * @returns null for what is no plain file, is larger than `mostBytes`, or stands behind a link
 */
export async function readLeft(
  folder: string,
  path: string,
  mostBytes: number,
): Promise<Buffer | null> {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
    if (!isFolder(`${folder}/${path.slice(0, at)}`)) return null;
  const file = opened(`${folder}/${path}`);
  if (file === null) return null;
  try {
    const info = fstatSync(file);
    if (!info.isFile() || info.size > mostBytes) return null;
    const bytes = Buffer.alloc(info.size);
    return bytes.subarray(0, readSync(file, bytes, 0, info.size, 0));
  } finally {
    closeSync(file);
  }
}

function isFolder(place: string): boolean {
  try {
    return lstatSync(place).isDirectory();
  } catch {
    return false;
  }
}

function opened(place: string): number | null {
  try {
    return openSync(place, readNoLink);
  } catch {
    return null;
  }
}
