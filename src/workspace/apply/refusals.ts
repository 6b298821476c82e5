import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { errnoOf, printable, reasonOf } from '../../files/file-problem.ts';
import type { Workspace } from '../workspace.ts';
import type { ApplyPlan } from './plan.ts';
import { TargetMoved } from './target.ts';

/** The feature whose work is applied, and the place that it is kept in. */
interface Refused {
  readonly slug: string;
  readonly workspace: Workspace;
}

/** What keeps an apply from being begun. */
export function refused(
  { slug, workspace }: Refused,
  { problems, canMerge }: ApplyPlan,
): BlueprintError {
  const all = [...problems];
  const [first] = all;
  return new BlueprintError({
    code: 'apply-refused',
    message: `${first === undefined ? 'A file' : `${printable(first[0])} ${first[1]}`}${all.length > 1 ? `, and ${all.length - 1} more files are in the way` : ''}: nothing is applied`,
    target: first?.[0] ?? slug,
    fix: canMerge
      ? `Your changes and those of the work are in different lines: blueprint apply ${slug} --merge --check shows them in one, without --check it writes them.`
      : workspace.wayOut(),
    others: all.slice(1, 50).map(([path, problem]) => ({
      code: 'apply-refused',
      message: `${printable(path)} ${problem}`,
      target: path,
    })),
  });
}

/** Why files could not be written, when some may be, and some not. */
export function cutShort({ slug }: Pick<Refused, 'slug'>, error: unknown): unknown {
  return refusedBySystem(slug, error, {
    code: 'apply-cut-short',
    state: 'what was begun is not ended',
    fix: `Mend that, then run the same command again: it knows which files it has written, and ends what was begun. To take it back instead: blueprint undo ${slug}.`,
  });
}

/** Why files could not be written, when all of them are as they were. */
export function notWritten({ slug }: Pick<Refused, 'slug'>, error: unknown): unknown {
  const state = 'all files are as they were';
  if (error instanceof TargetMoved)
    return new BlueprintError({
      code: 'apply-refused',
      message: `${printable(error.path)} was changed at this very moment: ${state}`,
      target: error.path,
      fix: `Save your work there, then run the same command again for ${slug}.`,
      cause: error,
    });
  return refusedBySystem(slug, error, {
    code: 'apply-failed',
    state,
    fix: 'Check the space on the disk and the permissions of the file and its folder.',
  });
}

/** @param told how the files are left, and what to do. Errors that are not the system's come back as they are. */
function refusedBySystem(
  target: string,
  error: unknown,
  { code, state, fix }: { code: string; state: string; fix: string },
): unknown {
  const errno = errnoOf(error);
  if (errno === null) return error;
  return new BlueprintError({
    code,
    message: `The system does not let a file be written (${reasonOf(errno)}): ${state}`,
    target,
    fix,
    exitCode: ExitCode.unavailable,
    cause: error,
  });
}

/** Paths in words. */
export function pathWords(paths: readonly string[]): string {
  const named = paths.slice(0, 5).map(printable).join(', ');
  return paths.length > 5 ? `${named} and ${paths.length - 5} more` : named;
}
