import type { Task } from '../../domain/task.ts';

/** A name that a task says its work has, as it stands there. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'callable' | 'type' | 'value';
  readonly exported: boolean;
  /** Null when it is declared without them. */
  readonly parameters: Parameters | null;
  /** The task's own words. */
  readonly text: string;
}

export interface Parameters {
  readonly required: number;
  /** Infinity for those that take any number. */
  readonly most: number;
}

/**
 * What a task declares: code in backticks, in its acceptance criteria, that declares a name as a language would: `export function f(a, b)`, `def f(a)`, `pub fn f(a: u8)`, `class C`. A call,
 * or a bare name, declares nothing.
 */
export function declarationsOf({ acceptance }: Task): Declaration[] {
  const found = new Map<string, Declaration>();
  for (const text of acceptance)
    for (const { code, before, after } of codeIn(text)) {
      // What is to go, or is only compared with, is not declared.
      if (turnedDown.test(before) || gone.test(after)) continue;
      for (const line of code.split('\n')) {
        const declaration = declarationIn(line);
        if (declaration !== null && !found.has(declaration.name))
          found.set(declaration.name, declaration);
      }
    }
  return [...found.values()];
}

const turnedDown =
  /\b(?:remov\w*|delet\w*|drop\w*|renam\w*|replac\w*|instead of|no longer|not|never|without|unlike|formerly)\b[^.;]*$/i;
const gone = /^\s*(?:is|are|was|were|has been|must)\s+(?:not|no longer|gone|removed|deleted)\b/i;

function codeIn(text: string): { code: string; before: string; after: string }[] {
  const spans: { code: string; before: string; after: string }[] = [];
  for (const match of text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)) {
    const start = text.lastIndexOf('\n', match.index - 1) + 1;
    spans.push({
      code: match[1] ?? match[2] ?? '',
      before: text.slice(start, match.index),
      after: text.slice(match.index + match[0].length),
    });
  }
  return spans;
}

const declaration =
  /^((?:(?:export|default|pub(?:\([^)]*\))?|public|async|static|abstract|declare|data|final)\s+)*)(function\*?|def|fn|func|class|interface|type|struct|enum|trait|const|let|var)\s+(?:\([^)]*\)\s*)?([A-Za-z_$][\w$]*)\s*(?:<[^(]*>)?\s*(\([\s\S]*)?/;

const kinds: Readonly<Record<string, Declaration['kind']>> = {
  function: 'callable',
  def: 'callable',
  fn: 'callable',
  func: 'callable',
  const: 'value',
  let: 'value',
  var: 'value',
};

function declarationIn(line: string): Declaration | null {
  const match = declaration.exec(line);
  if (match === null) return null;
  const [, modifiers = '', keyword = '', name = '', rest] = match;
  const exported = /\b(?:export|pub|public)\b/.test(modifiers);
  const kind = kinds[keyword.replace('*', '')] ?? 'type';
  // `const x = f(1)` shows a use; only an exported one is a promise.
  if (kind === 'value' && !exported) return null;
  const inner = kind === 'callable' && rest !== undefined ? withinParentheses(rest) : null;
  return {
    name,
    kind,
    exported: /\bexport\b/.test(modifiers),
    parameters: inner === null ? null : parametersIn(inner),
    text: line.trim(),
  };
}

/** What stands between a text's first parenthesis and the one that closes it; null when none does. */
function withinParentheses(text: string): string | null {
  let depth = 0;
  for (const [at, character] of [...text].entries()) {
    if (character === '(') depth++;
    if (character === ')' && --depth === 0) return [...text].slice(1, at).join('');
  }
  return null;
}

/** How many arguments a list of parameters takes, in the notation of any common language. */
export function parametersIn(list: string): Parameters {
  const own = splitList(list).filter(
    // Receivers, and Python's marks for how arguments are given, are no arguments.
    (part) =>
      !/^(?:\*|\/|self|cls|&?(?:'\w+\s+)?(?:mut\s+)?self(?:\s*:.*)?|this\s*:.*)$/.test(part),
  );
  const rest = own.some((part) => /^(?:\.\.\.|\*)|\.\.\.|\bvararg\b|^params\b/.test(part));
  const plain = own.filter((part) => !/^(?:\.\.\.|\*)|\.\.\./.test(part));
  const required = plain.filter((part) => !/(?<![=!<>])=(?![=>])|^[\w$]+\?/.test(part));
  return { required: required.length, most: rest ? Infinity : plain.length };
}

function splitList(list: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const [at, character] of [...list].entries()) {
    if ('([{<'.includes(character)) depth++;
    // The arrow of a function type closes nothing.
    if (
      ')]}'.includes(character) ||
      (character === '>' && list[at - 1] !== '=' && list[at - 1] !== '-')
    )
      depth--;
    if (character === ',' && depth <= 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
