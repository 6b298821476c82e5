import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type * as TreeSitter from 'web-tree-sitter';
import type { Node, Parser, Query } from 'web-tree-sitter';
import { slipIn } from './javascript-slips.ts';
import type { Grammar, SyntaxError } from './languages.ts';

const reportedErrors = 5;

/**
 * Bytes of a grammar's code that are executed before V8 compiles it a second time, to be faster. By V8's own
 * figure, 1.8 million, it does so for a few lines of text, which takes a third of all CPU of a short command.
 */
const executedBeforeOptimized = 1_000_000_000;

/** Shared by all gates of the process: the runtime is 0.2 MB, each grammar up to 5 MB. */
const parsers = new Map<Grammar, Promise<Parser>>();
let runtime: Promise<typeof TreeSitter> | undefined;

/**
 * What `read` makes of the text's tree, which is gone afterwards. Nothing else happens meanwhile; once some
 * parsers are stopped, they need seconds to put down what they have (`readSyntax` knows how to end that).
 * @throws Error when parsing takes longer than `limitMs`.
 */
export async function withTree<T>(
  grammar: Grammar,
  text: string,
  limitMs: number,
  read: (root: Node) => T,
): Promise<T> {
  const parser = await parserFor(grammar);
  const end = performance.now() + limitMs;
  // The declared type says void, but the runtime stops when the callback returns true.
  const progressCallback = (() => performance.now() > end) as () => void;
  const tree = parser.parse(text, null, { progressCallback });
  if (tree === null) {
    // Else it would go on with this text when it is given the next.
    parser.reset();
    throw new Error(`reading it took more than ${limitMs} ms`);
  }
  try {
    return read(tree.rootNode);
  } finally {
    tree.delete();
  }
}

/**
 * The places that could not be read, first ones first; empty when the whole text was.
 * @throws Error when it takes longer than `limitMs`.
 */
export function grammarErrors(
  grammar: Grammar,
  text: string,
  limitMs: number,
): Promise<SyntaxError[]> {
  const read = (root: Node): SyntaxError[] => {
    if (root.hasError) return errorsBelow(root);
    const slip = slipIn(grammar, text, root);
    return slip === null ? [] : [slip];
  };
  return withTree(grammar, text, limitMs, read);
}

/** By grammar and text: compiling one takes some milliseconds. */
const queries = new Map<string, Query>();

/** @throws Error when the query is not valid for the grammar. */
export async function queryFor(grammar: Grammar, source: string): Promise<Query> {
  const key = `${grammar} ${source}`;
  const { language } = await parserFor(grammar);
  const { Query } = await (runtime ??= loadRuntime());
  let query = queries.get(key);
  if (query === undefined) {
    if (language === null) throw new Error(`the parser for ${grammar} has no language`);
    query = new Query(language, source);
    queries.set(key, query);
  }
  return query;
}

/** So that no text's time is spent on it. @throws Error where it cannot be loaded */
export async function loadGrammar(grammar: Grammar): Promise<void> {
  await parserFor(grammar);
}

/** Begins to load what all grammars need; what cannot be loaded is told by the first that needs it. */
export function beginRuntime(): void {
  runtime ??= loadRuntime();
  runtime.catch(() => undefined);
}

function parserFor(grammar: Grammar): Promise<Parser> {
  let parser = parsers.get(grammar);
  if (parser === undefined) {
    parser = loadParser(grammar);
    parsers.set(grammar, parser);
    // A grammar that failed to load is tried again next time.
    parser.catch(() => parsers.delete(grammar));
  }
  return parser;
}

async function loadParser(grammar: Grammar): Promise<Parser> {
  runtime ??= loadRuntime();
  const { Language, Parser } = await runtime;
  const file = createRequire(import.meta.url).resolve(
    `@repomix/tree-sitter-wasms/out/tree-sitter-${grammar}.wasm`,
  );
  const parser = new Parser().setLanguage(await Language.load(file));
  // The runtime compiles on first use, up to half a second for one lexer: no text's time is spent on that.
  parser.parse('')?.delete();
  return parser;
}

async function loadRuntime(): Promise<typeof TreeSitter> {
  setFlagsFromString(`--wasm-tiering-budget=${executedBeforeOptimized}`);
  const treeSitter = await import('web-tree-sitter');
  await treeSitter.Parser.init();
  return treeSitter;
}

function errorsBelow(root: Node): SyntaxError[] {
  const errors: SyntaxError[] = [];
  const open: Node[] = [root];
  for (
    let node = open.pop();
    node !== undefined && errors.length < reportedErrors;
    node = open.pop()
  ) {
    if (node.isMissing) errors.push(missing(node));
    else if (node.isError)
      errors.push(loneBracket(node) ?? { line: errorLine(node), message: unexpected(node) });
    else if (node.hasError) for (const child of node.children.reverse()) open.push(child);
  }
  // The error can lie in a node that the tree does not show.
  if (errors.length === 0)
    errors.push({ line: root.startPosition.row + 1, message: 'is not valid' });
  return errors;
}

const brackets = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
]);

/** An unmatched bracket makes the whole file one error: the bracket itself is the place to look at. */
function loneBracket(node: Node): SyntaxError | null {
  const open: Node[] = [];
  const closing = new Set(brackets.values());
  for (const child of node.children) {
    if (brackets.has(child.type)) open.push(child);
    else if (closing.has(child.type)) {
      const opening = open.pop();
      if (opening === undefined || brackets.get(opening.type) !== child.type)
        return { line: child.startPosition.row + 1, message: `«${child.type}» closes nothing` };
    }
  }
  const last = open.at(-1);
  if (last === undefined) return null;
  return { line: last.startPosition.row + 1, message: `«${last.type}» is never closed` };
}

/** An error that spans much begins with what could be read: the inner one is nearer to the fault. */
function errorLine(node: Node): number {
  const inner = node.children.find((child) => child.isError || child.isMissing);
  return (inner ?? node).startPosition.row + 1;
}

function missing(node: Node): SyntaxError {
  const { type } = node;
  const opening = node.parent?.children.find((child) => brackets.get(child.type) === type);
  if (opening !== undefined)
    return { line: opening.startPosition.row + 1, message: `«${opening.type}» is never closed` };
  const message = type === '' ? 'something is missing' : `«${type}» is missing`;
  return { line: node.startPosition.row + 1, message };
}

function unexpected(node: Node): string {
  const [line] = node.text.trim().split('\n');
  if (line === undefined || line === '') return 'unexpected end';
  return `cannot read «${line.length > 60 ? `${line.slice(0, 59)}…` : line}»`;
}
