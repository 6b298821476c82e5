import type { TreeQuery } from '../../syntax/queries.ts';
import type { ImportClause, SourceSymbol } from '../file-entry.ts';

/**
 * How the symbols and imports of a language are found. The captures of its query mean:
 * - `@function`, `@method`, `@class`, `@type`, `@value`, `@module`: a declaration. A function directly in a
 *   class or type is a method; declarations within a function's body are its own matter and left out.
 * - `@scope`: members stand in it, but it is no symbol itself; its name is `@owner`.
 * - `@name`: of the declaration; without one it is the file's default.
 * - `@body`: where the signature ends. `@holder`: the body of this node is. `@brace`: it ends at the first brace of this node.
 * - `@upto`: the last of these ends the signature.
 * - `@rest`: the declaration goes on to its end.
 * - `@init`: the value that a name gets; in the signature when it is short.
 * - `@lead`: its first word stands before the signature (`const`).
 * - `@owner`: the name of the class of a method that stands outside of it.
 * - `@target`: what a declaration is assigned to, where that is no name of its own (`exports.read`).
 * - `@access`: a mark that holds for the members after it.
 * - `@import`: a clause that asks for other files, `@from` the literal that says which.
 * - `@export`: a statement that says which names are seen from other files.
 */
export interface LanguageQuery extends TreeQuery {
  /** Also asked, some only of texts that `when` finds something in. */
  readonly also?: readonly (TreeQuery & { readonly when?: RegExp })[];
  isExported(declaration: Declaration): boolean;
  /** @param from what `@from` holds, without quotes; empty without one. */
  importsOf(clause: string, from: string): readonly ImportClause[];
  exportsOf?(statement: string): readonly ExportedName[];
  /** What a `@target` declares; null for a place that is nobody's name. */
  placed?(target: string): PlacedName | null;
  /** What such a statement does not name is not exported, whatever else it is. */
  readonly exportsAreComplete?: true;
}

export interface Declaration {
  readonly name: string;
  readonly kind: SourceSymbol['kind'] | 'module' | 'scope';
  readonly owner: Declaration | null;
  /** From its start to its body, as it is written, on one line. */
  readonly head: string;
  /** Some text before it, on its line. */
  readonly before: string;
  /** The mark that holds for it, or an empty text. */
  readonly access: string;
  readonly isExported: boolean;
}

export interface ExportedName {
  readonly name: string;
  /** What others see. */
  readonly as: string;
}

export interface PlacedName {
  readonly name: string;
  readonly owner: string | null;
  readonly isExported: boolean;
}

/** The clause that takes nothing by name. */
export function whole(specifier: string): ImportClause[] {
  return specifier === '' ? [] : [{ specifier, names: [] }];
}
