import type { FileBundle } from '../../domain/bundle.ts';
import { pathKey, pathProblem } from '../../domain/safe-path.ts';
import { movedFileOf, movedFileText } from '../moved-file.ts';
import { inFormOf } from './keep-form.ts';
import type { Rename } from './lines.ts';
import { quoted } from './parsed.ts';

/** What stands at a path of the base: a text, nothing, bytes that are none, or what may not be touched. */
export type FileThere = string | null | { readonly sha256: string } | { readonly problem: string };

/**
 * The bundle with files under their new names: as they are, or as the reply gives or edits them.
 * @returns also the texts that it took from the base
 */
export async function withRenames(
  bundle: FileBundle,
  renames: readonly Rename[],
  fileAt: (path: string) => Promise<FileThere>,
): Promise<{ bundle: FileBundle; taken: ReadonlySet<string>; faults: string[] }> {
  const faults: string[] = [];
  const files = [...bundle.files];
  const deletions = new Set(bundle.deletions);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of renames) {
    const unsafe = [from, to].find((path) => pathProblem(path) !== null);
    if (unsafe !== undefined) {
      faults.push(`Path ${quoted(unsafe)} ${pathProblem(unsafe) ?? ''}.`);
      continue;
    }
    const there = await fileAt(from);
    const cannot = `${quoted(from)} cannot be renamed`;
    const given = files.findIndex(({ path }) => path === to);
    const isTouched = given !== -1 || bundle.edits.some(({ path }) => path === from || path === to);
    const text = textOf(from, there);
    if (from === to || deletions.has(to) || names.has(from))
      faults.push(`${cannot} to ${quoted(to)}: say one thing of each file.`);
    else if (pathKey(from) !== pathKey(to) && (await fileAt(to)) !== null)
      faults.push(`${cannot} to ${quoted(to)}: there is a file of that name.`);
    else if (there === null) faults.push(`${cannot}: there is no such file.`);
    else if (text === null)
      faults.push(
        `${quoted(from)} ${typeof there === 'object' && 'problem' in there ? there.problem : ''}: it can be deleted, but not renamed. Leave it, and say in the notes that a person has to.`,
      );
    else if (isTouched && movedFileOf(text) !== null)
      faults.push(
        `${quoted(from)} is no text: it can be renamed as it is, not edited or replaced.`,
      );
    else {
      const file = files[given];
      if (file === undefined) files.push({ path: to, content: text });
      else files[given] = { path: to, content: inFormOf(text, file.content) };
      taken.add(text);
    }
    names.set(from, to);
    deletions.add(from);
  }
  const edits = bundle.edits.map((edit) => ({ ...edit, path: names.get(edit.path) ?? edit.path }));
  return { bundle: { ...bundle, files, edits, deletions: [...deletions] }, taken, faults };
}

/** What is written for it under another name; null where that cannot be. */
function textOf(from: string, there: FileThere): string | null {
  if (there === null || typeof there === 'string') return there;
  return 'sha256' in there ? movedFileText({ from, sha256: there.sha256 }) : null;
}
