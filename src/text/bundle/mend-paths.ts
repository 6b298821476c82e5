import type { FileBundle } from '../../domain/bundle.ts';
import { pathProblem } from '../../domain/safe-path.ts';
import { quoted } from './parsed.ts';

/** Words that models put behind the path of a file that they delete. */
const comment = /\s+(?:#|\/\/|<!--|--|[-–—:(]).*$/s;
const diffPrefix = /^[ab]\//;

/**
 * Paths as they were meant, where the base leaves no doubt: an edit or deletion of `a/x`, as a diff names it,
 * and a deletion with a comment behind it, of what is not there while `x` is. A whole file `a/x` may be meant:
 * `doubts` says so, in words for the model.
 */
export async function mendPaths(
  bundle: FileBundle,
  isThere: (path: string) => Promise<boolean>,
): Promise<{ bundle: FileBundle; doubts: string[] }> {
  const known = new Map<string, Promise<boolean>>();
  const exists = (path: string): Promise<boolean> => {
    const asked =
      known.get(path) ?? (pathProblem(path) === null ? isThere(path) : Promise.resolve(false));
    known.set(path, asked);
    return asked;
  };
  const meant = async (path: string, others: readonly string[]): Promise<string> => {
    if (await exists(path)) return path;
    for (const other of others) if (other !== path && (await exists(other))) return other;
    return path;
  };
  const made = new Set(bundle.files.map(({ path }) => path));
  const edits: FileBundle['edits'] = [];
  for (const edit of bundle.edits) {
    const plain = edit.path.replace(diffPrefix, '');
    // It may change what the same reply makes.
    edits.push(made.has(edit.path) ? edit : { ...edit, path: await meant(edit.path, [plain]) });
  }
  const deletions: string[] = [];
  for (const path of bundle.deletions) {
    const bare = path.length > longestPath ? path : path.replace(comment, '');
    const plain = path.replace(diffPrefix, '');
    deletions.push(await meant(path, [bare, plain, bare.replace(diffPrefix, '')]));
  }
  const doubts: string[] = [];
  for (const { path } of bundle.files) {
    const plain = path.replace(diffPrefix, '');
    if (plain !== path && !(await exists(path)) && (await exists(plain)))
      doubts.push(
        `${quoted(path)} is not there, and ${quoted(plain)} is: name the file without the prefix of a diff. If a new file is meant, give it again under this path.`,
      );
  }
  return { bundle: { ...bundle, edits, deletions }, doubts };
}

/** The pattern above is not made for longer ones. */
const longestPath = 2000;
