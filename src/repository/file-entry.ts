import type { Grammar } from '../syntax/languages.ts';

/** What one content says about itself. It depends on nothing but the content and the file's ending. */
export interface FileEntry {
  /** Null for a language without a grammar. */
  readonly grammar: Grammar | null;
  /** What it turned out to be on reading; null for text that people write. */
  readonly nature: 'binary' | 'generated' | 'minified' | 'too-large' | null;
  /** Why symbols are missing that a grammar could have read; else null. */
  readonly problem: string | null;
  readonly lines: number;
  /** In the order of the text. */
  readonly symbols: readonly SourceSymbol[];
  readonly imports: readonly ImportClause[];
  /**
   * How often each word occurs: identifiers as they are written, and their parts in lower case
   * (`readFile` counts for `readFile`, `read` and `file`). Keywords of the language are left out.
   */
  readonly words: ReadonlyMap<string, number>;
}

export interface SourceSymbol {
  readonly name: string;
  readonly kind: 'function' | 'method' | 'class' | 'type' | 'value';
  /** The class or module that it is in; null at the top level. */
  readonly owner: string | null;
  /** As it is written, without its body, on one line. */
  readonly signature: string;
  /** Seen from other files, as far as the language says. */
  readonly exported: boolean;
  /** First and last line, from 1. */
  readonly line: number;
  readonly endLine: number;
}

/** That a file asks for another, as it is written. */
export interface ImportClause {
  /** `./read.ts`, `lodash`, `package.module`, `..module`, `crate::a::b`, `example.com/x/y`, `java.util.List`. */
  readonly specifier: string;
  /** Names taken from it, where the language lists them (`from a import b`); else empty. */
  readonly names: readonly string[];
}
