import { checkerFor, type Grammar } from '../syntax/languages.ts';
import type { TreeQuery } from '../syntax/queries.ts';
import { prepareSyntax, readSyntax } from '../syntax/read-syntax.ts';
import { decodeText } from '../text/encoding.ts';
import { wordsOf } from '../text/words.ts';
import type { FileEntry } from './file-entry.ts';
import { keywordsOf } from './keywords.ts';
import { natureOf } from './nature.ts';
import { languageQueries } from './queries/by-grammar.ts';
import type { LanguageQuery } from './queries/language-query.ts';
import { readSymbols, type SymbolsAndImports } from './read-symbols.ts';

/** Bytes; what is larger is not read. */
export const largestRead = 1_000_000;
/**
 * For the symbols of one file: a quarter of the usual speed for what is large, and for all so long that a busy
 * machine does not take away what a file defines.
 */
const leastLimitMs = 2_000;
const msPerCharacter = 0.001;
const mostWords = 2_000;

const nothing: SymbolsAndImports = { symbols: [], imports: [] };

/**
 * What one content says of itself; it depends on the content and on the path's ending alone. A grammar that
 * fails or takes too long is told in `problem`.
 * @throws BlueprintError when `signal` is aborted
 */
export async function readEntry(
  path: string,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<FileEntry> {
  if (bytes.length > largestRead) {
    const nature = bytes.subarray(0, 8_000).includes(0) ? 'binary' : 'too-large';
    return unread(path, nature, nature === 'binary' ? 0 : linesOf(bytes));
  }
  const text = textOf(bytes, path);
  if (text === null) return unread(path, 'binary', 0);
  const nature = natureOf(text, isProse.test(path));
  const lines = countLines(text);
  if (nature === 'minified') return unread(path, nature, lines);
  const grammar = grammarOf(path, text);
  const reading = symbolsOf(grammar, text, signal);
  // A thread reads the symbols meanwhile.
  const words = wordsOf(text, { without: keywordsOf(grammar), most: mostWords });
  const { problem, ...read } = await reading;
  return { grammar, nature, problem, lines, ...read, words };
}

/**
 * Starts what reads the symbols of a file, while its text is not there yet.
 * @param size of the file, in bytes
 * @returns whether there was anything to start
 */
export function prepareToRead(path: string, size: number): boolean {
  const grammar = size > largestRead ? null : grammarOf(path, '');
  return grammar !== null && prepareSyntax(jobFor(grammar, '').job, size);
}

const isProse = /\.(?:md|mdx|markdown|txt|rst|adoc|tex|org)$/i;

function unread(path: string, nature: FileEntry['nature'], lines: number): FileEntry {
  const grammar = nature === 'binary' ? null : grammarOf(path, '');
  return { grammar, nature, problem: null, lines, symbols: [], imports: [], words: new Map() };
}

/** Null for what is no text. Bytes that are no UTF-8 are replaced where most of it is text. */
function textOf(bytes: Uint8Array, path: string): string | null {
  const decoded = decodeText(bytes, path);
  const text = 'text' in decoded ? decoded.text : lossyText(bytes);
  return text?.startsWith('\ufeff') === true ? text.slice(1) : text;
}

/** A tenth of characters that could not be read makes a text another thing. */
const mostReplaced = 0.1;

function lossyText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  const text = new TextDecoder('utf-8').decode(bytes);
  const replaced = text.split('\ufffd').length - 1;
  const controls = text.match(/[\x01-\x08\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0;
  return replaced + controls > text.length * mostReplaced ? null : text;
}

/** The ending `.h` does not tell C from C++, but these words do. */
const cppAlone =
  /^\s*(?:class\s+\w|namespace\s+[\w{]|template\s*<|(?:public|private|protected)\s*:|using\s+\w)/m;

function grammarOf(path: string, text: string): Grammar | null {
  const checker = checkerFor(path);
  if (checker?.kind !== 'code') return null;
  const [first = null, second] = checker.grammars;
  return first === 'c' && second === 'cpp' && cppAlone.test(text) ? 'cpp' : first;
}

type Symbols = SymbolsAndImports & { readonly problem: string | null };

async function symbolsOf(
  grammar: Grammar | null,
  text: string,
  signal?: AbortSignal,
): Promise<Symbols> {
  if (grammar === null) return { ...nothing, problem: null };
  const { job, language } = jobFor(grammar, text);
  try {
    const { matches, problem } = await readSyntax(job, signal);
    return { ...readSymbols(job.text, matches, language), problem };
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
  }
}

function jobFor(grammar: Grammar, text: string) {
  const { code, read } = grammar === 'vue' ? vueScript(text) : { code: text, read: grammar };
  const language = languageQueries[read];
  const limitMs = leastLimitMs + Math.round(code.length * msPerCharacter);
  const queries = queriesFor(language, code);
  const job = { kind: 'matches', grammar: read, queries, text: code, limitMs } as const;
  return { job, language };
}

function queriesFor({ query, depth, also = [] }: LanguageQuery, text: string): TreeQuery[] {
  const used = also.filter(({ when }) => when?.test(text) !== false);
  // The rest of a language's reading is no data.
  return [{ query, ...(depth !== undefined && { depth }) }, ...used];
}

/** The scripts of a component where they stand; all else is blank, so that lines stay what they are. */
function vueScript(text: string): { code: string; read: 'typescript' | 'tsx' } {
  let code = '';
  let read: 'typescript' | 'tsx' = 'typescript';
  let done = 0;
  for (const found of text.matchAll(/(<script\b([^>]*)>)([\s\S]*?)<\/script\s*>/gi)) {
    const [, tag = '', attributes = '', script = ''] = found;
    const start = found.index + tag.length;
    if (/\blang\s*=\s*["'](?:tsx|jsx)/i.test(attributes)) read = 'tsx';
    code += blank(text.slice(done, start)) + script;
    done = start + script.length;
  }
  return { code: code + blank(text.slice(done)), read };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function countLines(text: string): number {
  if (text === '') return 0;
  let lines = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function linesOf(bytes: Uint8Array): number {
  let lines = bytes.at(-1) === 10 ? 0 : 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}
