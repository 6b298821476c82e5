import { FileNotText } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import { printable, projectTooLarge } from '../files/file-problem.ts';

/** A file stands, or would stand, where a folder is needed, or a folder in the place of a file. */
export function pathClash(path: string, problem: string, cause?: unknown): BlueprintError {
  return new BlueprintError({
    code: 'workspace-path-conflict',
    message: `${printable(path)} cannot be written: ${problem}`,
    target: printable(path),
    fix: 'Delete or rename one of them in the same change.',
    cause,
  });
}

/** A file of the project that is there, and that no model can be shown. @param hash as of `FileNotText` */
export function fileNotText(path: string, problem: string, hash: string | null): FileNotText {
  const can = hash === null ? 'deleted' : 'deleted or renamed';
  return new FileNotText(
    {
      code: 'file-not-text',
      message: `${printable(path)} is there and ${problem}: it can be ${can}, but not shown, edited or replaced`,
      target: printable(path),
      fix: 'Change it by hand, or save it as UTF-8 text first.',
    },
    hash,
  );
}

/** The bytes that were to be taken elsewhere stand nowhere any more. */
export function movedFileGone(path: string, from: string): BlueprintError {
  return new BlueprintError({
    code: 'workspace-moved-file-gone',
    message: `${printable(path)} is ${printable(from)} under a new name, and its content is not there any more`,
    target: printable(from),
    fix: `Put ${printable(from)} back as it was, or do the task again.`,
  });
}

/** An approved file that a person made binary: it is named, never passed over. */
export function notText(path: string, target: string): BlueprintError {
  return new BlueprintError({
    code: 'workspace-file-not-text',
    message: `The approved file ${printable(path)} is not UTF-8 text`,
    target,
    fix: 'Take it out of the approved work: blueprint writes text files alone.',
  });
}

/** What copies of a project are made for, as `Walk` has it. */
export const copyPurpose = 'to copy for its checks';

export function tooManyFiles(root: string, most: number): BlueprintError {
  return projectTooLarge(root, `more than ${most} files`, copyPurpose);
}

export function tooManyBytes(root: string, most: number): BlueprintError {
  return projectTooLarge(root, `more than ${Math.round(most / 1_000_000)} MB`, copyPurpose);
}
