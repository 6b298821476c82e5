import type { FileBundle, FileChanges } from '../../domain/bundle.ts';
import { pathProblem } from '../../domain/safe-path.ts';
import { lineCounter } from '../lines.ts';
import { createPause } from '../pause.ts';
import { endsInReturns, inFormOf } from './keep-form.ts';
import { firstFaults, largeBundle, replyBounds, searchCounter, type TooLarge } from './limits.ts';
import { type Place, placeAtEnd, placesInAnyNewline, placesOf } from './locate.ts';
import { nearestLines } from './nearest-lines.ts';
import { contradictions, quoted } from './parsed.ts';

export interface UnsafePath {
  readonly path: string;
  readonly problem: string;
}

/** Half of a surrogate pair cannot be written as UTF-8: it would become another character. */
const halfPair = /\p{Surrogate}/u;

/** Every path that the bundle names and that may not be used, once, with the reason. */
export function unsafePaths(bundle: FileBundle): UnsafePath[] {
  const named = [
    ...bundle.files.map(({ path }) => path),
    ...bundle.edits.map(({ path }) => path),
    ...bundle.deletions,
    ...bundle.tests,
  ];
  return [...new Set(named)].flatMap((path) => {
    const problem = pathProblem(path);
    return problem === null ? [] : [{ path, problem }];
  });
}

/**
 * The bundle on top of the base: whole files, then edits in order, then deletions. What changes nothing
 * is left out; byte order marks, line ends and the end of the last line stay as they are. The faults are worded for the model, the first of many; unsafe paths are never read. @throws InterruptedError
 */
export async function applyBundle(
  bundle: FileBundle,
  base: (path: string) => Promise<string | null>,
  signal?: AbortSignal,
): Promise<{ changes: FileChanges } | { faults: string[] } | TooLarge> {
  const large = largeBundle(bundle);
  if (large !== null) return large;
  const faults = [
    ...unsafePaths(bundle).map(({ path, problem }) => `Path ${quoted(path)} ${problem}.`),
    ...contradictions(bundle),
  ];
  if (faults.length > 0) return { faults: firstFaults(faults) };

  const before = new Map<string, string | null>();
  const read = async (path: string): Promise<string | null> => {
    const known = before.get(path);
    if (known !== undefined) return known;
    const content = await base(path);
    before.set(path, content);
    return content;
  };
  const after = new Map<string, string | null>();
  for (const { path, content } of bundle.files) {
    const replaced = await read(path);
    after.set(path, replaced === null ? content : inFormOf(replaced, content));
  }
  const pause = createPause(signal);
  const search = searchCounter();
  let missed = 0;
  for (const edit of bundle.edits) {
    await pause();
    const content = after.get(edit.path) ?? (await read(edit.path));
    if (content === null) {
      faults.push(`${quoted(edit.path)} cannot be edited: there is no such text file.`);
      continue;
    }
    // Line ends of Windows are told apart at some cost.
    const cost = content.includes('\r') ? 8 : 1;
    const tooMuch = search(cost * content.length + edit.search.length);
    if (tooMuch !== null) return tooMuch;
    const edited = applyEdit(content, edit);
    if ('content' in edited) after.set(edit.path, edited.content);
    else {
      const hint = 'missing' in edited && ++missed <= replyBounds.nearest;
      const fault = 'missing' in edited ? notFound(content, edit.search, hint) : edited.fault;
      faults.push(`${quoted(edit.path)}: ${fault}`);
    }
  }
  for (const deleted of bundle.deletions) {
    if ((await read(deleted)) === null)
      faults.push(`${quoted(deleted)} cannot be deleted: there is no such text file.`);
    else after.set(deleted, null);
  }
  for (const [path, content] of after) {
    if (content !== null && halfPair.test(content))
      faults.push(`${quoted(path)} holds half a character (a lone surrogate).`);
  }
  if (faults.length > 0) return { faults: firstFaults(faults) };
  return { changes: new Map([...after].filter(([path, content]) => before.get(path) !== content)) };
}

type Edited = { content: string } | { fault: string } | { missing: true };

function applyEdit(content: string, edit: { search: string; replace: string }): Edited {
  if (endsInReturns(content) && !edit.search.includes('\r')) {
    const edited = applyEdit(content.replaceAll('\r', '\n'), edit);
    return 'content' in edited ? { content: edited.content.replaceAll('\n', '\r') } : edited;
  }
  if (edit.search === '') return { fault: 'an edit has no search text; give the file whole.' };
  const exact = placesOf(content, edit.search);
  const found = exact.length > 0 ? exact : placesInAnyNewline(content, edit.search);
  if (found.length === 0) return atEnd(content, edit) ?? { missing: true };
  // Whole lines were asked for: `}` at the margin is not the `}` of an inner block.
  const places = edit.search.endsWith('\n')
    ? found.filter(({ start }) => beginsLine(content, start))
    : found;
  const [place] = places;
  if (place === undefined) return { fault: withinLines(content, edit.search, found) };
  if (places.length === 1) return { content: replaced(content, place, edit) };
  return { fault: ambiguous(content, edit.search, places) };
}

function beginsLine(content: string, start: number): boolean {
  const before = content[start - 1];
  return start === 0 || before === '\n' || before === '\r' || (start === 1 && before === '\ufeff');
}

/** The last line of a file that ends without a newline, searched for as a whole line. */
function atEnd(
  content: string,
  { search, replace }: { search: string; replace: string },
): { content: string } | null {
  if (!search.endsWith('\n') || content.endsWith('\n')) return null;
  const shorter = { search: search.slice(0, -1), replace: replace.replace(/\r?\n$/, '') };
  if (shorter.search === '') return null;
  const last = placeAtEnd(content, shorter.search);
  return last === null || !beginsLine(content, last.start)
    ? null
    : { content: replaced(content, last, shorter) };
}

function replaced(
  content: string,
  { start, end }: Place,
  { search, replace }: { search: string; replace: string },
): string {
  const text = inStyle(replace, content, content.slice(start, end), search);
  return content.slice(0, start) + text + content.slice(end);
}

/** So many characters tell how the lines of a file end. */
const judgedLength = 100_000;

/** New lines end as the ones they replace, or as most of the file does; own carriage returns are meant. */
function inStyle(replace: string, content: string, found: string, search: string): string {
  if (!replace.includes('\n')) return replace;
  const exact = found === search;
  if (exact && (replace.includes('\r\n') || found.includes('\n'))) return replace;
  const plain = replace.replaceAll('\r\n', '\n');
  const model = found.includes('\n') ? found : content.slice(0, judgedLength);
  return count(model, '\r\n') * 2 > count(model, '\n') ? plain.replaceAll('\n', '\r\n') : plain;
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found++;
  return found;
}

function notFound(content: string, search: string, hint: boolean): string {
  const shown = excerpt(search);
  if (content === '') return `the search text was not found, as the file is empty:\n${shown}`;
  const missing = `the search text was not found:\n${shown}`;
  return hint
    ? `${missing}\nThe nearest lines of the file are:\n${nearestLines(content, search)}`
    : missing;
}

function ambiguous(content: string, search: string, places: readonly Place[]): string {
  return `the search text was found ${places.length} times, in ${linesOf(content, places)}; give more lines around it:\n${excerpt(search)}`;
}

function withinLines(content: string, search: string, places: readonly Place[]): string {
  return `the search text begins within ${linesOf(content, places)}; give whole lines, with what stands before them:\n${excerpt(search)}`;
}

function linesOf(content: string, places: readonly Place[]): string {
  const lineOf = lineCounter(content);
  const lines = places.slice(0, 10).map(({ start }) => lineOf(start));
  const more = places.length > lines.length ? ', …' : '';
  return `${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${more}`;
}

function excerpt(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines.slice(0, 12).map((line) => line.slice(0, 200));
  return lines.length > shown.length ? [...shown, '…'].join('\n') : shown.join('\n');
}
