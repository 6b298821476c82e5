import { formatPatch, OMIT_HEADERS, structuredPatch, type StructuredPatch } from 'diff';
import type { FileChanges } from '../domain/bundle.ts';
import { movedFileOf, type MovedFile } from './moved-file.ts';
import { withoutControls } from '../domain/text.ts';

/**
 * The shortest diff costs time by the square of the lines that changed: beyond this many, and in files after
 * those that used up what all may cost together, the lines between the first and the last that changed are
 * shown as rewritten.
 */
const mostChanged = 1500;
const fewestChanged = 50;
const mostSquares = 5_000_000;
const contextLines = 3;

/**
 * The changes as a patch that `git apply` takes, files sorted by path; empty when nothing differs. A
 * path that one side does not name is absent there. The text is exact: see `displayableDiff`.
 * @param noText paths of files that were there before and are no text: that they differ is said, as git does
 */
export function unifiedDiff(
  before: FileChanges,
  after: FileChanges,
  noText: ReadonlySet<string> = new Set(),
): string {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const movedPaths = new Set([...after.values()].map((text) => text && movedFileOf(text)?.from));
  let left = mostSquares;
  const maxEditLength = (): number =>
    Math.min(mostChanged, Math.max(fewestChanged, Math.floor(Math.sqrt(Math.max(0, left)))));
  return paths
    .map((path) => {
      const fresh = after.get(path) ?? null;
      const moved = fresh === null ? null : movedFileOf(fresh);
      if (moved !== null) return before.get(path) === fresh ? '' : movedDiff(path, moved, after);
      // Its new name says that it goes.
      if (fresh === null && noText.has(path) && movedPaths.has(path)) return '';
      return noText.has(path)
        ? binaryDiff(path, fresh)
        : fileDiff(path, before.get(path) ?? null, fresh, maxEditLength(), (changed) => {
            left -= changed ** 2;
          });
    })
    .join('');
}

/** As git has it for bytes that stay (git-diff, «extended header lines»). */
function movedDiff(path: string, { from }: MovedFile, after: FileChanges): string {
  const way = after.get(from) === null ? 'rename' : 'copy';
  const header = `diff --git ${quotedName(`a/${from}`)} ${quotedName(`b/${path}`)}\n`;
  const names = `${way} from ${quotedName(from)}\n${way} to ${quotedName(path)}\n`;
  return `${header}similarity index 100%\n${names}`;
}

function binaryDiff(path: string, after: string | null): string {
  const [from, to] = [quotedName(`a/${path}`), quotedName(`b/${path}`)];
  const gone = after === null ? 'deleted file mode 100644\n' : '';
  const end = after === null ? '/dev/null' : to;
  return `diff --git ${from} ${to}\n${gone}Binary files ${from} and ${end} differ\n`;
}

/** The diff for a terminal: nothing in it drives one, and carriage returns can be seen. */
export function displayableDiff(diff: string): string {
  return withoutControls(diff).replaceAll('\r', '␍');
}

/** @param spend hears how many lines changed, or after how many the search was given up */
function fileDiff(
  path: string,
  before: string | null,
  after: string | null,
  maxEditLength: number,
  spend: (changed: number) => void,
): string {
  if (before === after) return '';
  const [from, to] = [quotedName(`a/${path}`), quotedName(`b/${path}`)];
  const header = [
    `diff --git ${from} ${to}`,
    ...(before === null ? ['new file mode 100644'] : []),
    ...(after === null ? ['deleted file mode 100644'] : []),
  ];
  const [old, fresh] = [before ?? '', after ?? ''];
  if (old === fresh) return `${header.join('\n')}\n`;
  header.push(
    `--- ${before === null ? '/dev/null' : ended(from)}`,
    `+++ ${after === null ? '/dev/null' : ended(to)}`,
  );
  const options = { context: contextLines, maxEditLength };
  // A side that is empty needs no search.
  const found =
    old === '' || fresh === ''
      ? undefined
      : structuredPatch(path, path, old, fresh, undefined, undefined, options);
  const changes = found?.hunks.flatMap(({ lines }) => lines.filter((line) => /^[-+]/.test(line)));
  if (old !== '' && fresh !== '') spend(changes?.length ?? maxEditLength);
  const patch = found ?? rewritten(path, old, fresh);
  return `${header.join('\n')}\n${formatPatch(patch, OMIT_HEADERS)}`;
}

/** One hunk, from the first line that differs to the last. */
function rewritten(path: string, old: string, fresh: string): StructuredPatch {
  const [before, after] = [linesOf(old), linesOf(fresh)];
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start++;
  let end = 0;
  while (end < shortest - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const from = Math.max(0, start - contextLines);
  const kept = Math.max(0, end - contextLines);
  const signed = (sign: string, lines: readonly string[]): string[] =>
    lines.flatMap((line) =>
      line.endsWith('\n')
        ? [sign + line.slice(0, -1)]
        : [sign + line, '\\ No newline at end of file'],
    );
  return {
    oldFileName: path,
    newFileName: path,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [
      {
        oldStart: from + 1,
        oldLines: before.length - kept - from,
        newStart: from + 1,
        newLines: after.length - kept - from,
        lines: [
          ...signed(' ', before.slice(from, start)),
          ...signed('-', before.slice(start, before.length - end)),
          ...signed('+', after.slice(start, after.length - end)),
          ...signed(' ', before.slice(before.length - end, before.length - kept)),
        ],
      },
    ],
  };
}

/** Each with its line end, so that another line end is another line. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** Git's quoting, for the names that need it (git-diff, «core.quotePath»). */
function quotedName(name: string): string {
  return /["\\]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
}

/** A name with a space is ended by a tab, so that it cannot be mistaken. */
function ended(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}
