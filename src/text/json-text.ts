import { lineCounter } from './lines.ts';
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';

export interface JsonFault {
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/**
 * A JSON text with its places, for saying where something is wrong. Heavy beside `JSON.parse`: made only
 * when a fault is known to be there.
 */
export interface JsonText {
  /** At most one a line, in order. */
  readonly faults: readonly JsonFault[];
  /** Keys that an object holds twice; the line is the later one's. */
  readonly duplicateKeys: readonly { key: string; path: readonly PropertyKey[]; line: number }[];
  /** The line of the value at a path, or of the nearest thing around it that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

const words: Record<string, string> = {
  CloseBraceExpected: 'a } is missing',
  CloseBracketExpected: 'a ] is missing',
  ColonExpected: 'a : is missing after the key',
  CommaExpected: 'a comma is missing before this',
  EndOfFileExpected: 'something follows after the end of the document',
  InvalidCharacter: 'a character is in the text that cannot be there',
  InvalidCommentToken: 'JSON knows no comments',
  InvalidEscapeCharacter: 'a backslash is followed by a character that cannot be escaped',
  InvalidNumberFormat: 'a number is not well formed',
  InvalidSymbol: 'a word stands where a value should; texts need double quotes',
  InvalidUnicode: 'a \\u escape is not followed by four hexadecimal digits',
  PropertyNameExpected: 'a key in double quotes is missing (or the comma before is too much)',
  UnexpectedEndOfComment: 'a comment has no end; JSON knows no comments',
  UnexpectedEndOfNumber: 'a number is cut off',
  UnexpectedEndOfString: 'a text has no closing quote',
  ValueExpected: 'a value is missing (or the comma before is too much)',
};

/** @throws RangeError when the text is nested too deeply to be looked at. */
export function readJsonText(text: string): JsonText {
  const lineAt = lineCounter(text);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const faults = new Map<number, JsonFault>();
  for (const { error, offset } of errors) {
    const line = lineAt(offset);
    const name = printParseErrorCode(error);
    if (!faults.has(line)) faults.set(line, { line, message: words[name] ?? name });
  }
  return {
    faults: [...faults.values()],
    duplicateKeys: root === undefined ? [] : duplicateKeys(root, lineAt),
    lineOf: (path) => lineAt(root === undefined ? 0 : offsetOf(root, path)),
  };
}

function offsetOf(root: Node, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = root.offset;
  for (const step of path) {
    const next =
      typeof step === 'number' && node.type === 'array'
        ? node.children?.[step]
        : // The last of doubled keys is the one whose value counts.
          node.children?.findLast((child) => child.children?.[0]?.value === String(step));
    if (next === undefined) break;
    offset = next.offset;
    node = next.type === 'property' ? (next.children?.[1] ?? next) : next;
  }
  return offset;
}

function duplicateKeys(
  root: Node,
  lineAt: (offset: number) => number,
): { key: string; path: readonly PropertyKey[]; line: number }[] {
  const found: { key: string; path: readonly PropertyKey[]; line: number }[] = [];
  const open: { node: Node; path: readonly PropertyKey[] }[] = [{ node: root, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    const keys = new Set<string>();
    const inner: typeof open = [];
    for (const [index, child] of (node.children ?? []).entries()) {
      if (node.type === 'array') inner.push({ node: child, path: [...path, index] });
      const [name, value] = child.type === 'property' ? (child.children ?? []) : [];
      if (name === undefined) continue;
      const key = String(name.value);
      if (keys.has(key)) found.push({ key, path: [...path, key], line: lineAt(name.offset) });
      keys.add(key);
      if (value !== undefined) inner.push({ node: value, path: [...path, key] });
    }
    for (const each of inner.reverse()) open.push(each);
  }
  return found;
}
