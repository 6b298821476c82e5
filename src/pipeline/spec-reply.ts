import type { Token, Tokens } from 'marked';
import { blocksOf } from '../domain/markdown-blocks.ts';
import { repeatedRequirements, requirementsOf } from '../domain/spec.ts';
import { cleanedText } from '../domain/text.ts';
import { readFence } from '../text/bundle/lines.ts';
import { fencedLines, withoutThinking } from '../text/thinking.ts';

/**
 * The spec in a reply: without thinking, a fence around the whole, a draft that a later one replaces, and
 * what is said to the reader before and after; terminal codes out, one final newline.
 */
export function specFromReply(reply: string): string {
  const clean = cleanedText(reply.replace(/^\uFEFF/, ''));
  const text = outOfFence(withoutThinking(clean, fencedLines).trim()).trim();
  return `${withoutTalk(lastDraft(text)).trim()}\n`;
}

/** The inside of the fence that stands around a spec, of several the last that holds requirements. */
function outOfFence(text: string): string {
  const lines = text.split('\n');
  const fences = lines.flatMap((line, at) => (readFence(line) === null ? [] : at));
  const opens = fences.filter((at) => opensDocument(lines, at, at === fences[0]));
  const [first] = opens;
  if (first === undefined || lines.slice(0, first).some(isHeading)) return text;
  const insides = opens.map((open) => inside(lines, open));
  const last = insides.findLast((inner) => requirementsOf(inner).length > 0);
  return last ?? insides[0] ?? text;
}

function opensDocument(lines: readonly string[], at: number, isFirst: boolean): boolean {
  const info = readFence(lines[at] ?? '')?.info ?? '';
  // Behind another one a bare fence may as well close it.
  if (!(isFirst ? /^(?:markdown|md|text|txt)?$/i : /^(?:markdown|md)$/i).test(info)) return false;
  const next = lines.slice(at + 1).find((line) => line.trim() !== '') ?? '';
  return isHeading(next) || (at === 0 && /^(?:markdown|md)$/i.test(info));
}

/** Up to the last line that closes the fence, as inner blocks may be as long; to the end where text follows. */
function inside(lines: readonly string[], open: number): string {
  const fence = readFence(lines[open] ?? '');
  const close = lines.findLastIndex((line, at) => {
    const other = readFence(line);
    return (
      at > open &&
      other?.info === '' &&
      other.mark === fence?.mark &&
      other.length >= (fence?.length ?? 0)
    );
  });
  const ends = close !== -1 && !lines.slice(close + 1).some(isHeading);
  return lines.slice(open + 1, ends ? close : undefined).join('\n');
}

function isHeading(line: string): boolean {
  return /^ {0,3}#{1,6}\s/.test(line);
}

/** Of a spec that is written twice in one reply the second. */
function lastDraft(text: string): string {
  if (repeatedRequirements(text).length === 0) return text;
  const parts: string[] = [];
  for (const token of blocksOf(text)) {
    if (parts.length === 0 || (token.type === 'heading' && (token as Tokens.Heading).depth === 1))
      parts.push('');
    parts.push(`${parts.pop() ?? ''}${token.raw}`);
  }
  const ids = parts.map((part) => new Set(requirementsOf(part).map(({ id }) => id)));
  const last = ids.at(-1) ?? new Set();
  const isRewritten = ids.slice(0, -1).some((earlier) => [...earlier].some((id) => last.has(id)));
  return isRewritten ? (parts.at(-1) ?? text) : text;
}

/** Longer than this it is no greeting, and no question at the end, characters. */
const longestTalk = 400;
const greeting =
  /^(?:sure|certainly|of course|absolutely|great|okay|ok|hi|hello|thanks|thank you|here|below|the following|i(?:'|’)?(?: ha)?ve|got it)\b/i;
const closing =
  /\b(?:let me know|would you like|do you want|shall i|should i|feel free|happy to|please (?:confirm|review)|hope this|if you(?:'|’)d like|ready to proceed|next step)\b/i;

/** Without what a model says to the reader before the title and after the last section. */
function withoutTalk(text: string): string {
  const tokens = blocksOf(text);
  const start = greetingEnd(tokens);
  const end = talkAtEnd(tokens, start);
  if (start === 0 && end === tokens.length) return text;
  return tokens
    .slice(start, end)
    .map(({ raw }) => raw)
    .join('');
}

function greetingEnd(tokens: readonly Token[]): number {
  const first = tokens.findIndex(({ type, raw }) => type === 'heading' && raw.startsWith('#'));
  const lead = tokens.slice(0, Math.max(0, first));
  const said = lead.filter((token) => !isBlank(token));
  const last = said.at(-1);
  if (last === undefined || lead.reduce((sum, { raw }) => sum + raw.length, 0) > longestTalk)
    return 0;
  // A rule below a sentence makes a heading of it.
  if (!said.every(({ type }) => type === 'paragraph' || type === 'heading')) return 0;
  const isTitle = (tokens[first] as Tokens.Heading).depth === 1;
  const greets = isTitle || said.some(({ raw }) => greeting.test(raw)) || /:\s*$/.test(last.raw);
  return greets ? first : 0;
}

/** Where what is said to the reader after the last section begins; the number of tokens where nothing is. */
function talkAtEnd(tokens: readonly Token[], start: number): number {
  // What is said, with the heading that it stands below.
  const said: Said[] = [];
  let section: Token | null = null;
  for (const [at, token] of tokens.entries()) {
    if (at < start || token.type === 'space') continue;
    if (token.type === 'heading') section = token;
    said.push({ at, token, section });
  }
  let end = tokens.length;
  for (let last = said.at(-1); last !== undefined; last = said.at(-1)) {
    if (!isTalk(last, said.at(-2)?.token)) break;
    end = last.at;
    while (end > start && isBlank(tokens[end - 1])) end--;
    while ((said.at(-1)?.at ?? -1) >= end) said.pop();
  }
  return end;
}

interface Said {
  readonly at: number;
  readonly token: Token;
  readonly section: Token | null;
}

function isTalk({ token: { type, raw }, section }: Said, before: Token | undefined): boolean {
  if (type === 'hr') return true;
  if (type !== 'paragraph' || before === undefined || raw.length > longestTalk) return false;
  // What stands alone below a heading is what that section says.
  if (before.type === 'heading') return false;
  if (before.type === 'hr' || closing.test(raw)) return true;
  const asks = /[?？][*_\s]*$/u.test(raw);
  return asks && (before.type === 'list' || !/question|frage/i.test(section?.raw ?? ''));
}

function isBlank(token: Token | undefined): boolean {
  return token?.type === 'space' || token?.type === 'hr';
}
