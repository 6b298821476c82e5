import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../domain/errors.ts';
import { readJsonText, type JsonFault } from '../text/json-text.ts';

/** Why bytes are no text, or null: byte order marks, NUL bytes, another encoding than UTF-8. */
export function encodingProblem(bytes: Buffer, shownPath: string): Diagnostic | null {
  const line = (offset: number): string =>
    `${shownPath}:${bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1}`;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return {
      code: 'tasks-file-bom',
      message: 'The file starts with a byte order mark (BOM)',
      target: line(0),
      fix: 'Save it as UTF-8 without BOM.',
    };
  const first = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (first === 0xfffe || first === 0xfeff)
    return {
      code: 'tasks-file-encoding',
      message: 'The file is UTF-16',
      target: line(0),
      fix: 'Save it as UTF-8 without BOM.',
    };
  const nul = bytes.indexOf(0);
  if (nul !== -1)
    return {
      code: 'tasks-file-nul',
      message: `The file holds NUL bytes, the first at byte ${nul}; a crash of the system can leave such a file`,
      target: line(nul),
      fix: 'Restore it from version control.',
    };
  if (isUtf8(bytes)) return null;
  const wrong = firstInvalidByte(bytes);
  return {
    code: 'tasks-file-encoding',
    message: `The file is not valid UTF-8, from byte ${wrong} on`,
    target: line(wrong),
    fix: 'Save it as UTF-8.',
  };
}

// Valid as far as `low`, not as far as `high`; a cut within a character is valid up to its start.
function firstInvalidByte(bytes: Buffer): number {
  let [low, high] = [0, bytes.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (validUpTo(bytes, middle)) low = middle;
    else high = middle;
  }
  return low;
}

function validUpTo(bytes: Buffer, end: number): boolean {
  for (let cut = 0; cut < 4 && cut <= end; cut++) {
    const last = bytes[end - cut];
    const inCharacter = last !== undefined && (last & 0xc0) === 0x80;
    if (!inCharacter) return isUtf8(bytes.subarray(0, end - cut));
  }
  return isUtf8(bytes.subarray(0, end));
}

/** Why a text is no JSON: emptiness, merge markers, a cut-off end, or the faults in it. */
export function syntaxProblems(text: string, shownPath: string): Diagnostic[] {
  if (text.trim() === '')
    return [
      {
        code: 'tasks-file-empty',
        message: 'The file is empty',
        target: `${shownPath}:1`,
        fix: 'Restore it from version control, or delete it and plan the feature anew.',
      },
    ];
  const markers = mergeMarkers(text, shownPath);
  if (markers.length > 0) return markers;
  const faults = faultsOf(text);
  if (faults === null) return [syntaxFault('it is nested too deeply', shownPath)];
  const lastLine = text.trimEnd().split('\n').length;
  if (isOpenAtEnd(text) && faults.every((fault) => fault.line >= lastLine))
    return [
      {
        code: 'tasks-file-truncated',
        message: 'The file is cut off: it ends in the middle of the document',
        target: `${shownPath}:${lastLine}`,
        fix: 'Restore it from version control.',
      },
    ];
  if (faults.length === 0) return [syntaxFault('a value in it is not allowed', shownPath)];
  return faults.map(({ message, line }) => syntaxFault(message, `${shownPath}:${line}`));
}

function syntaxFault(message: string, target: string): Diagnostic {
  return {
    code: 'tasks-file-syntax',
    message: `Not valid JSON: ${message}`,
    target,
    fix: 'Correct it there, or restore the file from version control.',
  };
}

// Null for a text whose nesting overflows the parser.
function faultsOf(text: string): readonly JsonFault[] | null {
  try {
    return readJsonText(text).faults;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function mergeMarkers(text: string, shownPath: string): Diagnostic[] {
  return text.split('\n').flatMap((line, index) =>
    /^(?:<{7}|>{7})(?: |\r?$)/.test(line)
      ? {
          code: 'tasks-file-merge-markers',
          message: `An unfinished merge left the line «${line.slice(0, 7)}»`,
          target: `${shownPath}:${index + 1}`,
          fix: 'Finish the merge: keep one side of each conflict and delete the marker lines.',
        }
      : [],
  );
}

/** Whether brackets or a string are open at the end. */
function isOpenAtEnd(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (char === '"') {
      const inside = /(?:[^"\\\n]|\\.)*/y;
      inside.lastIndex = at + 1;
      at += 1 + (inside.exec(text)?.[0].length ?? 0);
      if (at >= text.length) return true;
    }
  }
  return depth > 0;
}
