import type { FileBundle } from '../../domain/bundle.ts';
import { pathProblem } from '../../domain/safe-path.ts';
import type { Rename } from './lines.ts';
import { quoted } from './parsed.ts';

/**
 * The bundle with files under their new names: as they are, or as the reply gives or edits them.
 * @param textOf of a file of the base; null for none, a problem where it is none that can be shown
 */
export async function withRenames(
  bundle: FileBundle,
  renames: readonly Rename[],
  textOf: (path: string) => Promise<string | null | { readonly problem: string }>,
): Promise<{ bundle: FileBundle; faults: string[] }> {
  const faults: string[] = [];
  const files = [...bundle.files];
  const deletions = new Set(bundle.deletions);
  const names = new Map<string, string>();
  for (const { from, to } of renames) {
    const unsafe = [from, to].find((path) => pathProblem(path) !== null);
    if (unsafe !== undefined) {
      faults.push(`Path ${quoted(unsafe)} ${pathProblem(unsafe) ?? ''}.`);
      continue;
    }
    if (from === to || deletions.has(to) || names.has(from)) {
      faults.push(
        `${quoted(from)} cannot be renamed to ${quoted(to)}: say one thing of each file.`,
      );
      continue;
    }
    const text = await textOf(from);
    if (text === null) faults.push(`${quoted(from)} cannot be renamed: there is no such file.`);
    else if (typeof text !== 'string')
      faults.push(
        `${quoted(from)} ${text.problem}: it can be deleted, but not renamed. Leave it, and say in the notes that a person has to.`,
      );
    else if (!files.some(({ path }) => path === to)) files.push({ path: to, content: text });
    names.set(from, to);
    deletions.add(from);
  }
  const edits = bundle.edits.map((edit) => ({ ...edit, path: names.get(edit.path) ?? edit.path }));
  return { bundle: { ...bundle, files, edits, deletions: [...deletions] }, faults };
}
