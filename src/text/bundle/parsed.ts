import type { FileBundle } from '../../domain/bundle.ts';
import { escapeOf } from '../../domain/hidden-characters.ts';
import { pathKey } from '../../domain/safe-path.ts';
import { disputeLines } from '../dispute-lines.ts';
import { firstFaults, type TooLarge } from './limits.ts';
import type { Rename } from './lines.ts';

/** What a codec makes of a reply: a bundle, or all that is wrong with it, in words for the model. */
export type ParsedBundle =
  | {
      readonly bundle: FileBundle;
      /** Paths that stand alone above a block, without the directive that would make it a file. */
      readonly unnamed?: readonly string[];
      /** Files that get another name, whatever they hold. */
      readonly renames?: readonly Rename[];
    }
  | { readonly faults: string[] }
  | TooLarge;

export interface ParseOptions {
  /** A reply in words alone, without any file, is a bundle of its notes. */
  readonly mayHoldNoFiles?: boolean;
}

/** A bundle that says one thing about each file; else the faults that show it does not. */
export function checkedBundle(
  bundle: FileBundle,
  { mayHoldNoFiles = false }: ParseOptions = {},
  renames = 0,
): ParsedBundle {
  const faults = contradictions(bundle);
  const count = bundle.files.length + bundle.edits.length + bundle.deletions.length + renames;
  // Whoever finds a test of the work wrong leaves the work as it is.
  const mayBeWords = mayHoldNoFiles
    ? bundle.notes.trim() !== ''
    : disputeLines(bundle.notes).length > 0;
  if (count === 0 && !mayBeWords)
    faults.push(`The reply holds no file, no edit and no deletion.${otherForm(bundle.notes)}`);
  return faults.length > 0 ? { faults: firstFaults(faults) } : { bundle };
}

/** What a reply without files is written in, where that is another form of changes. */
function otherForm(notes: string): string {
  if (/^(?:--- .*\n\+\+\+ |diff --git |@@ -\d)/m.test(notes))
    return ' A diff is not read: write each change as EDIT with SEARCH/REPLACE, or the file whole.';
  if (/^\*\*\* (?:Begin Patch|(?:Update|Add|Delete) File:)/m.test(notes))
    return ' A patch is not read: write FILE, EDIT and DELETE.';
  return '';
}

/**
 * Files that are given twice, or both written and deleted. Paths that differ in case alone are one, but for
 * a file that is deleted under one spelling and written under another: it is renamed.
 */
export function contradictions(bundle: FileBundle): string[] {
  const written = new Map<string, string>();
  const faults: string[] = [];
  for (const { path } of bundle.files) {
    const earlier = written.get(pathKey(path));
    if (earlier === undefined) written.set(pathKey(path), path);
    else if (earlier === path) faults.push(`${quoted(path)} is given twice as a whole file.`);
    else faults.push(`${quoted(path)} and ${quoted(earlier)} are one file on many systems.`);
  }
  const deleted = new Set<string>();
  const edited = bundle.edits.map(({ path }) => path);
  const touched = new Set([...written.values(), ...edited]);
  const editedKeys = new Set(edited.map(pathKey));
  for (const path of bundle.deletions) {
    if (deleted.has(pathKey(path))) faults.push(`${quoted(path)} is deleted twice.`);
    if (touched.has(path) || editedKeys.has(pathKey(path)))
      faults.push(`${quoted(path)} is both written and deleted.`);
    deleted.add(pathKey(path));
  }
  return faults;
}

/** A path as part of a sentence: one line, with nothing in it that drives a terminal. */
export function quoted(path: string): string {
  const shown = path.length > 200 ? `${path.slice(0, 199)}…` : path;
  return /[\p{Cc}\p{Cf}\p{Cs}"\\]/u.test(shown)
    ? JSON.stringify(shown).replace(/[\p{Cc}\p{Cf}]/gu, escapeOf)
    : shown;
}
