import type { NamedNode } from '../../syntax/definitions.ts';
import { checkerFor } from '../../syntax/languages.ts';
import { readSyntax } from '../../syntax/read-syntax.ts';
import { parametersIn, type Parameters } from './declarations.ts';

/** A name that a file defines. */
export interface Definition extends Omit<NamedNode, 'parameters'> {
  readonly parameters: Parameters | null;
}

const limitMs = 20_000;

/**
 * The names that a source file defines; null for a language without a grammar.
 * @throws Error on a time limit. @throws InterruptedError
 */
export async function definitionsIn(
  path: string,
  text: string,
  signal?: AbortSignal,
): Promise<Definition[] | null> {
  const checker = checkerFor(path);
  const grammar = checker?.kind === 'code' ? checker.grammars[0] : undefined;
  if (grammar === undefined) return null;
  const found = await readSyntax({ kind: 'definitions', grammar, text, limitMs }, signal);
  return found.map(({ parameters, ...rest }) => ({
    ...rest,
    parameters: parameters === null ? null : parametersIn(parameters),
  }));
}
