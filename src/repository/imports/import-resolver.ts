import type { Grammar } from '../../syntax/languages.ts';
import type { ImportClause } from '../file-entry.ts';

/** The project's files that a clause leads to; empty for what comes from outside, or is not found. */
export type ResolveClause = (from: string, clause: ImportClause) => readonly string[];

export type ResolveImport = (
  from: string,
  clause: ImportClause,
  grammar: Grammar,
) => readonly string[];

/** What imports need to know of a package. */
export interface ImportPackage {
  /** `''` is the root. */
  readonly folder: string;
  readonly name: string | null;
  readonly ecosystem: string;
  readonly sourceRoots: readonly string[];
}

/** Where a clause means a whole folder, no more files of it than these. */
export const mostOfFolder = 20;
