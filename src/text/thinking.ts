/**
 * Reasoning models behind a server that does not part it off put their thinking, drafts included, before
 * the answer in one text: between tags, with its opening tag in the prompt and so not in the reply, or in
 * a channel of its own.
 */
const names =
  'think|thinking|thought|thoughts|reasoning|reason|reflection|scratchpad|analysis|antthinking|inner_monologue|seed:think';
/** Each kind of mark as its opening and its closing form. */
const kinds: readonly (readonly [string, string])[] = [
  [`<(?:${names})(?:\\s[^<>]*)?>`, `</(?:${names})\\s*>`],
  ['\\[(?:THINK|THINKING)\\]', '\\[/(?:THINK|THINKING)\\]'],
  ['◁think▷', '◁/think▷'],
  // Gemma's.
  ['<\\|channel>thought', '<channel\\|>'],
  [
    '<\\|(?:begin_of_thought|start_thinking|thinking)\\|>',
    '<\\|(?:end_of_thought|end_thinking|/thinking)\\|>',
  ],
];
const marks = kinds.map(([open, close]) => ({
  opens: new RegExp(`^\\s*(?:${open})`, 'i'),
  close: new RegExp(close, 'i'),
}));
/** What begins an answer: after it a mark must stand alone on its line to be no part of it. */
const answerBegins = /^ {0,3}(?:#{1,6}\s|`{3}|~{3}|[-*+]\s|\d+[.)]\s|>|\||[{[]|[A-Z]+:)/;

/** A reply that thinks more often is not searched any further. */
const mostBlocks = 20;
/** All of a reply is read for each: of a longer one this many. */
const longText = 1_000_000;
const mostBlocksOfLong = 3;

/** Where thinking ends: the line after it, and what stands behind its closing mark. */
interface End {
  readonly line: number;
  readonly rest: string;
  /** False where the reply ends first: it then holds no answer behind it. */
  readonly closed: boolean;
}

/** Whether a line can begin an answer, rather than greet or think aloud. */
export function beginsAnswer(line: string): boolean {
  return answerBegins.test(line);
}

/**
 * The end of the thinking that opens on this line; null where none does.
 * @param begun an answer has begun before: only a mark alone on its line counts.
 * @param looks counts the lines that were read for it.
 */
export function endOfThinking(
  lines: readonly string[],
  at: number,
  begun: boolean,
  looks = { count: 0 },
): End | null {
  const first = lines[at] ?? '';
  for (const { opens, close } of marks) {
    const [mark] = opens.exec(first) ?? [];
    if (mark === undefined || (begun && first.trim() !== mark.trim())) continue;
    let loose: End | null = null;
    for (let line = at; line < lines.length; line++) {
      const text = line === at ? first.slice(mark.length) : (lines[line] ?? '');
      looks.count++;
      const rest = restBehind(text, close);
      if (rest === null) continue;
      if (standsOut(text, close)) return { line: line + 1, rest, closed: true };
      loose ??= { line: line + 1, rest, closed: true };
    }
    // A mark within a sentence ends the thinking only where no other does.
    return loose ?? { line: lines.length, rest: '', closed: false };
  }
  return null;
}

/** What stands behind a closing mark whose opening one is not in the reply; null where this line has none. */
export function closesThinking(line: string): string | null {
  for (const { close } of marks) {
    const rest = standsOut(line, close) ? restBehind(line, close) : null;
    if (rest !== null) return rest;
  }
  return null;
}

/** Alone on its line, or at an end of one that is no heading, list item or quotation. */
function standsOut(line: string, close: RegExp): boolean {
  const found = close.exec(line);
  if (found === null) return false;
  const before = line.slice(0, found.index);
  const after = line.slice(found.index + found[0].length);
  if (before.trim() === '') return !/^['"`]/.test(after);
  return after.trim() === '' && !answerBegins.test(line) && !/['"`]$/.test(before);
}

function restBehind(line: string, close: RegExp): string | null {
  const found = close.exec(line);
  return found === null ? null : line.slice(found.index + found[0].length).trimStart();
}

/**
 * A reply without its thinking.
 * @param contentOf the lines of a text that are content, as code in a fence: marks in them are no marks.
 */
export function withoutThinking(
  reply: string,
  contentOf: (text: string) => (line: number) => boolean,
): string {
  let text = finalChannel(reply);
  const most = text.length > longText ? mostBlocksOfLong : mostBlocks;
  for (let blocks = 0; blocks < most; blocks++) {
    const shorter = withoutFirstThinking(text, contentOf(text));
    if (shorter === null) break;
    text = shorter;
  }
  return text;
}

function withoutFirstThinking(text: string, isContent: (line: number) => boolean): string | null {
  const lines = text.split('\n');
  let begun = false;
  let unclosed = false;
  for (const [at, line] of lines.entries()) {
    if (isContent(at)) {
      begun = true;
      continue;
    }
    const end: End | null = unclosed ? null : endOfThinking(lines, at, begun);
    // Behind the beginning of an answer a mark that nothing closes is a word of it, and so are all after.
    unclosed ||= begun && end?.closed === false;
    if (end !== null && !unclosed)
      return [...lines.slice(0, at), end.rest, ...lines.slice(end.line)].join('\n');
    const rest = closesThinking(line);
    if (rest !== null) return [rest, ...lines.slice(at + 1)].join('\n');
    begun ||= beginsAnswer(line);
  }
  return null;
}

const channel =
  /^\s*(?:<\|start\|>\s*assistant\s*)?<\|channel\|>\s*(\w+)\b[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>/;

/** The final channel of a reply in OpenAI's open format, whose marks some servers leave in or half out. */
export function finalChannel(reply: string): string {
  // With its marks lost, `analysis…assistantfinal…` is left of it.
  const bare = /^\s*analysis[^]*?assistantfinal/.exec(reply);
  if (bare !== null) return reply.slice(bare[0].length);
  let rest = reply;
  for (;;) {
    const found = channel.exec(rest);
    if (found === null) return rest;
    rest = rest.slice(found[0].length);
    if (found[1] === 'final') return withoutEnd(rest);
    const next = /<\|(?:end|call|return)\|>|(?=<\|start\|>|<\|channel\|>)/.exec(rest);
    rest = next === null ? '' : rest.slice(next.index + next[0].length);
  }
}

function withoutEnd(text: string): string {
  const trimmed = text.trimEnd();
  const end = ['<|return|>', '<|end|>'].find((mark) => trimmed.endsWith(mark));
  return end === undefined ? text : trimmed.slice(0, -end.length).trimEnd();
}

/** Lines within closed fenced blocks, for `withoutThinking`. */
export function fencedLines(text: string): (line: number) => boolean {
  const inside = new Set<number>();
  let open: { readonly line: number; readonly mark: string } | null = null;
  for (const [at, line] of text.split('\n').entries()) {
    const [, mark, info] = /^ {0,3}(`{3,}|~{3,})(.*)$/s.exec(line) ?? [];
    if (mark === undefined || info === undefined) continue;
    if (open === null) {
      if (!info.includes('`')) open = { line: at, mark };
    } else if (mark.startsWith(open.mark) && info.trim() === '') {
      for (let each = open.line; each <= at; each++) inside.add(each);
      open = null;
    }
  }
  return (line) => inside.has(line);
}
