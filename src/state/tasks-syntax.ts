import { isUtf8 } from 'node:buffer';
import type { Diagnostic } from '../domain/errors.ts';
import { readJsonText, type JsonText } from '../text/json-text.ts';

/** Why bytes are no text, or null: byte order marks, NUL bytes, another encoding than UTF-8. */
export function encodingProblem(bytes: Buffer, shownPath: string): Diagnostic | null {
  const problem = (name: string, at: number, message: string, fix: string): Diagnostic => {
    const line = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
    return { code: `tasks-file-${name}`, message, target: `${shownPath}:${line}`, fix };
  };
  const save = 'Save it as UTF-8 without BOM.';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return problem('bom', 0, 'The file starts with a byte order mark (BOM)', save);
  const first = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (first === 0xfffe || first === 0xfeff)
    return problem('encoding', 0, 'The file is UTF-16', save);
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    const message = `The file holds NUL bytes, the first at byte ${nul}; a crash of the system can leave such a file`;
    return problem('nul', nul, message, 'Restore it from version control.');
  }
  if (isUtf8(bytes)) return null;
  // What is not valid comes back as a replacement character.
  const valid = Buffer.from(bytes.toString('utf8'));
  const wrong = bytes.findIndex((byte, at) => byte !== valid[at]);
  const at = wrong === -1 ? bytes.length : wrong;
  const message = `The file is not valid UTF-8, from byte ${at} on`;
  return problem('encoding', at, message, 'Save it as UTF-8.');
}

/** Why a text is no JSON: emptiness, merge markers, a cut-off end, or the faults in it. */
export function syntaxProblems(text: string, shownPath: string): Diagnostic[] {
  const problem = (name: string, line: number, message: string, fix: string): Diagnostic[] => [
    { code: `tasks-file-${name}`, message, target: `${shownPath}:${line}`, fix },
  ];
  const restore = 'Restore it from version control';
  if (text.trim() === '')
    return problem(
      'empty',
      1,
      'The file is empty',
      `${restore}, or delete it and plan the feature anew.`,
    );
  const markers = mergeMarkers(text, shownPath);
  if (markers.length > 0) return markers;
  const faults = jsonTextOf(text)?.faults;
  if (faults === undefined) return [syntaxFault('it is nested too deeply', shownPath)];
  const lastLine = text.trimEnd().split('\n').length;
  if (isOpenAtEnd(text) && faults.every((fault) => fault.line >= lastLine)) {
    const message = 'The file is cut off: it ends in the middle of the document';
    return problem('truncated', lastLine, message, `${restore}.`);
  }
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

/** Null for a text whose nesting overflows the locating parser. */
export function jsonTextOf(text: string): JsonText | null {
  try {
    return readJsonText(text);
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
