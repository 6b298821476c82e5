import { BlueprintError, ExitCode, messageOf } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';

/** The code of a file system's error, as `ENOENT`; null for any other. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : null;
}

/** Nothing is there: also when a file stands where a folder was named, and for over-long names. */
export function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

/** What the work gives, or `fallback` where nothing is there. @throws the file system's other errors */
export async function orMissing<T, F>(work: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return fallback;
    throw error;
  }
}

/** The same for what is asked without waiting; null where nothing is there. */
export function unlessMissing<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** A path as a part of a message: one line that drives no terminal. */
export function printable(path: string): string {
  return toSingleLine(path, 200);
}

export function unreadable(path: string, cause: unknown): BlueprintError {
  return new BlueprintError({
    code: 'file-unreadable',
    message: `Cannot read ${printable(path)}: ${messageOf(cause)}`,
    target: printable(path),
    fix: 'Check the permissions of the file and its folders.',
    cause,
  });
}

/** @param purpose what for, as `to copy for its checks` */
export function projectTooLarge(root: string, what: string, purpose: string): BlueprintError {
  return new BlueprintError({
    code: 'project-too-large',
    message: `The project holds ${what}: too much ${purpose}`,
    target: root,
    fix: 'Name what is generated or downloaded in .gitignore: what it leaves out is not counted.',
  });
}

const writeProblems: Record<string, { code: string; why: string; fix: string }> = {
  ENOSPC: {
    code: 'disk-full',
    why: 'the disk is full',
    fix: 'Free some space and run the command again; what was kept before is not lost.',
  },
  EDQUOT: {
    code: 'disk-full',
    why: 'your disk quota is used up',
    fix: 'Free some space and run the command again; what was kept before is not lost.',
  },
};
for (const errno of ['EACCES', 'EPERM', 'EROFS']) {
  writeProblems[errno] = {
    code: 'file-not-writable',
    why: errno === 'EROFS' ? 'the file system is read-only' : 'permission was denied',
    fix: 'Make the folder writable for you and run the command again; what was kept before is not lost.',
  };
}
writeProblems['EIO'] = {
  code: 'disk-fault',
  why: 'the disk reports a fault',
  fix: 'Check the disk or the network drive and run the command again; what was kept before is not lost.',
};
for (const errno of ['ENOTDIR', 'EEXIST', 'EISDIR', 'ELOOP']) {
  writeProblems[errno] = {
    code: 'file-in-the-way',
    why: 'something else stands in the place of the file or of one of its folders',
    fix: 'Move what stands there away and run the command again; what was kept before is not lost.',
  };
}

/** In words, as `the disk is full (ENOSPC)`. */
export function reasonOf(errno: string): string {
  const known = writeProblems[errno];
  return known === undefined ? `the system reports ${errno}` : `${known.why} (${errno})`;
}

/** What a user is told when `shownPath` could not be written; other errors come back as they are. */
export function writeProblem(error: unknown, shownPath: string): unknown {
  const errno = errnoOf(error);
  if (errno === null) return error;
  const { code, fix } = writeProblems[errno] ?? {
    code: 'file-not-written',
    fix: 'Check the folder and the disk and run the command again; what was kept before is not lost.',
  };
  return new BlueprintError({
    code,
    message: `Cannot write ${shownPath}: ${reasonOf(errno)}`,
    target: shownPath,
    fix,
    // The machine, not what was asked of it.
    exitCode: ExitCode.unavailable,
    cause: error,
  });
}

/** What the work gives; an error of the file system is that `shownPath` could not be written. */
export async function writing<T>(shownPath: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw writeProblem(error, shownPath);
  }
}
