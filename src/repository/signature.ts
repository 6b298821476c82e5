/** Characters of a signature. */
const longest = 200;
/** Of a declaration's head so much is looked at. */
const longestHead = 2_000;

/**
 * The head of a declaration on one line: without decorators, annotations and comments, and without what leads
 * over to its body.
 */
export function headOf(text: string, start: number, end: number): string {
  const head = text.slice(start, Math.min(end, start + longestHead));
  return head
    .slice(attributesEnd(head))
    .replace(/(^|\s)\/\/[^\n]*(?=\n|$)|\/\*[\s\S]*?\*\//g, '$1')
    .replace(/\s#(?![\[!])[^\n]*(?=\n)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/\( /g, '(')
    .replace(/,? \)/g, ')')
    .replace(/(?:\s*(?:=>|[{=:;,]|\bis\b))+\s*$/, '')
    .trim();
}

/** Cut at 200 characters, never within a character. */
export function signatureOf(head: string): string {
  if (head.length <= longest) return head;
  return `${head.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Where the declaration itself begins, behind `@decorator(…)`, `[Attribute]` and `#[attribute]`. */
export function attributesEnd(head: string): number {
  let at = 0;
  for (;;) {
    const space = /^\s*/.exec(head.slice(at))?.[0].length ?? 0;
    const rest = head.slice(at + space);
    const name = /^@(?!interface\b)[\w.$:]+/.exec(rest)?.[0];
    const opening = name === undefined ? /^#?\[/.exec(rest)?.[0].length : name.length + 1;
    if (opening === undefined) return at + space;
    const isCalled = name === undefined || rest[name.length] === '(';
    const end = isCalled ? closingOf(rest, opening - 1) : (name?.length ?? 0);
    if (end === null) return at + space;
    at += space + end;
  }
}

const pairs = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

/** Behind the bracket that closes the one at `start`; null when there is none. Brackets in strings do not count. */
function closingOf(text: string, start: number): number | null {
  const open: (string | undefined)[] = [];
  let quote: string | null = null;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== null) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = null;
    } else if (/["'`]/.test(character)) quote = character;
    else if (pairs.has(character)) open.push(pairs.get(character));
    else if (character === open.at(-1)) {
      open.pop();
      if (open.length === 0) return at + 1;
    }
  }
  return null;
}
