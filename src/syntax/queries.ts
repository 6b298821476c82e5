import type { Node, Query, QueryMatch } from 'web-tree-sitter';
import type { Grammar } from './languages.ts';
import { queryFor, withTree } from './tree-sitter.ts';

/** A piece of the text that a query names; offsets count UTF-16 units, as strings do. */
export interface Capture {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What one pattern of a query found together. */
export type Match = readonly Capture[];

export interface QueryResult {
  readonly matches: readonly Match[];
  /** Why there may be more than these; null when the whole text was read in time. */
  readonly problem: string | null;
}

export interface TreeQuery {
  /**
   * In tree-sitter's language; predicates are applied. `@holder` captures the body of a node as `@body`: where a
   * pattern names what stands so deep itself, a large grammar takes twice the time to compile it.
   */
  readonly query: string;
  /** How many nodes deep a pattern may begin: a run through all of a tree costs as much as parsing it. */
  readonly depth?: number;
  /**
   * Types of nodes, at that depth: patterns begin directly below the root and these alone. Where each pattern
   * names the node around it instead, a large grammar takes a tenth of a second to compile them.
   */
  readonly below?: readonly string[];
}

const holder = 'holder';

/** Where parsing has used up the time, searching still gets this much. */
const leastMs = 100;

/**
 * What queries find in a text, in no certain order.
 * @throws Error when a query is not valid for the grammar, or when parsing takes longer than `limitMs`.
 */
export async function matchesOf(
  grammar: Grammar,
  queries: readonly TreeQuery[],
  text: string,
  limitMs: number,
): Promise<QueryResult> {
  const compiled = await compile(grammar, queries);
  // Loading a grammar and compiling its queries are no fault of the text.
  const end = performance.now() + limitMs;
  const read = (root: Node): QueryResult => {
    const last = Math.max(end, performance.now() + leastMs);
    const parts = compiled.map((one) => run(one, root, last));
    const isWhole = parts.every((part) => part.isWhole);
    return {
      matches: parts.flatMap((part) => part.matches),
      problem: isWhole ? null : `searching it took more than ${limitMs} ms`,
    };
  };
  return withTree(grammar, text, limitMs, read);
}

interface CompiledQuery {
  readonly query: Query;
  readonly depth: number | undefined;
  /** Finds the nodes that patterns begin below; null for anywhere. */
  readonly below: Query | null;
}

/** Compiled once by grammar and text. @throws Error when a query is not valid for the grammar */
export function compile(
  grammar: Grammar,
  queries: readonly TreeQuery[],
): Promise<readonly CompiledQuery[]> {
  return Promise.all(
    queries.map(async ({ query, depth, below }) => ({
      query: await queryFor(grammar, query),
      depth,
      below:
        below === undefined
          ? null
          : await queryFor(grammar, `[${below.map((type) => `(${type})`).join(' ')}] @below`),
    })),
  );
}

function run(
  { query, depth, below }: CompiledQuery,
  root: Node,
  end: number,
): { matches: Match[]; isWhole: boolean } {
  let isLate = false;
  // The declared type says void, but the runtime stops when the callback returns true.
  const progressCallback = (() => (isLate ||= performance.now() > end)) as () => void;
  const found = (one: Query, node: Node, most: number | undefined): QueryMatch[] =>
    one.matches(node, { progressCallback, ...(most !== undefined && { maxStartDepth: most }) });
  const matches =
    below === null
      ? found(query, root, depth)
      : [root, ...nodesIn(found(below, root, depth))].flatMap((node) => found(query, node, 1));
  return { matches: matches.flatMap(offsetsOf), isWhole: !isLate };
}

function nodesIn(matches: readonly QueryMatch[]): Node[] {
  return matches.flatMap(({ captures }) => captures.map(({ node }) => node));
}

/** Of a match whose holder has no body, nothing. */
function offsetsOf({ captures }: QueryMatch): Match[] {
  const match: Capture[] = [];
  for (const { name, node } of captures) {
    const captured = name === holder ? node.childForFieldName('body') : node;
    if (captured === null) return [];
    const { startIndex: start, endIndex: end } = captured;
    match.push({ name: name === holder ? 'body' : name, start, end });
  }
  return [match];
}
