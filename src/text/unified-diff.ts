import { formatPatch, OMIT_HEADERS, structuredPatch, type StructuredPatch } from 'diff';
import type { FileChanges } from '../domain/bundle.ts';
import { withoutControls } from '../domain/text.ts';

/** Beyond this many changed lines the shortest diff costs too much: the file is shown as rewritten. */
const maxEditLength = 4000;
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
  return paths
    .map((path) => {
      const fresh = after.get(path) ?? null;
      return noText.has(path)
        ? binaryDiff(path, fresh)
        : fileDiff(path, before.get(path) ?? null, fresh);
    })
    .join('');
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

function fileDiff(path: string, before: string | null, after: string | null): string {
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
  const patch =
    structuredPatch(path, path, old, fresh, undefined, undefined, options) ??
    rewritten(path, old, fresh);
  return `${header.join('\n')}\n${formatPatch(patch, OMIT_HEADERS)}`;
}

function rewritten(path: string, old: string, fresh: string): StructuredPatch {
  const side = (sign: string, text: string): string[] => {
    const lines = text.split('\n').map((line) => sign + line);
    if (text.endsWith('\n') || text === '') lines.pop();
    else lines.push('\\ No newline at end of file');
    return lines;
  };
  const count = (lines: readonly string[]): number =>
    lines.filter((line) => !line.startsWith('\\')).length;
  const [removed, added] = [side('-', old), side('+', fresh)];
  return {
    oldFileName: path,
    newFileName: path,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [
      {
        oldStart: 1,
        oldLines: count(removed),
        newStart: 1,
        newLines: count(added),
        lines: [...removed, ...added],
      },
    ],
  };
}

/** Git's quoting, for the names that need it (git-diff, «core.quotePath»). */
function quotedName(name: string): string {
  return /["\\]/.test(name) ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
}

/** A name with a space is ended by a tab, so that it cannot be mistaken. */
function ended(name: string): string {
  return name.includes(' ') && !name.startsWith('"') ? `${name}\t` : name;
}
