import type { ProjectView } from '../files/project-view.ts';
import type { ProjectMap } from './map.ts';
import type { SearchHit } from './search.ts';

/** Why a file is shown beside a piece of work. */
export type Relation = 'import' | 'caller' | 'test' | 'rank';

/** A file that has to do with a piece of work. */
export interface RelatedFile {
  readonly path: string;
  readonly relation: Relation;
  /** In words, as `imported by src/a.ts`. */
  readonly reason: string;
}

/** A file that a text names, by its path or by what it declares. */
export interface NamedFile {
  readonly path: string;
  /** In words, as `declares readFile`. */
  readonly reason: string;
  /** The file as a whole is named, not lines or names in it alone. */
  readonly isWanted: boolean;
  /** Lines that are meant, from 1. */
  readonly lines: readonly number[];
}

/** A piece of work, as far as it says which files have to do with it. */
export interface WorkOnFiles {
  /** Paths that it names: there, or still to be made. */
  readonly named: readonly string[];
  /** Paths of what was made before it and that it builds on, the nearest first. */
  readonly produced: readonly string[];
  /** Its own words. */
  readonly text: string;
}

/** A file as the work sees it, which may be another than the one on disk; null where there is none. */
export type ReadText = (path: string) => Promise<string | null>;

/** Files that a change of others may reach, these among them; or why nothing can be said of it. */
export type Reach = { readonly files: ReadonlySet<string> } | { readonly doubt: string };

/** What the tool knows of the project that it works in. Reading begins when something is first asked. */
export interface Project {
  /** Whether there is nothing that a model could be shown: no source, no manifest. */
  isEmpty(): Promise<boolean>;
  /** What a person should know of how it was read. */
  remarks(): Promise<readonly string[]>;
  /** Languages, packages, runners, scripts, the README's beginning; Markdown for a prompt. */
  facts(maxTokens: number): Promise<string>;
  /** The part that matters for a text, drawn into a number of tokens. The same text gives the same map. */
  map(text: string, maxTokens: number): Promise<ProjectMap>;
  /** Pieces of files that fit a query, best first. */
  search(query: string, limit: number): Promise<readonly SearchHit[]>;
  /**
   * Files that a text names by a path, or that declare what it names in the form of code (`mentionsOf`), those
   * by path first. For a text that names nothing so, nothing is listed; for one that names files alone, nothing
   * is read.
   */
  named(text: string): Promise<readonly NamedFile[]>;
  /** Files that have to do with a piece of work, the nearest first; without those that it names itself. */
  around(work: WorkOnFiles, read: ReadText): Promise<readonly RelatedFile[]>;
  /** The files of a state of the project that a change of some may reach, by who imports whom there. */
  reach(changed: readonly string[], view: ProjectView): Promise<Reach>;
  /** A file as it stands on disk; null for what is no text, absent, secret or too large. */
  read: ReadText;
  /** What a file defines, one signature a line; empty where a grammar finds nothing. */
  outline(path: string, text: string): Promise<string>;
  /** Pieces of a file that hold some lines, each under its own; empty where it has none of them. */
  excerpt(path: string, text: string, lines: readonly number[]): Promise<string>;
  /** Files that may be of interest and are not looked into, each with the reason. */
  passedOver(): Promise<readonly { readonly path: string; readonly reason: string }[]>;
  /** All files, sorted. */
  paths(): Promise<readonly string[]>;
  /** Folders of its packages, `''` for the root, each with those that it can reach. */
  packages(): Promise<readonly PackageReach[]>;
}

export interface PackageReach {
  readonly folder: string;
  readonly name: string | null;
  readonly ecosystem: string;
  /** Folders of other packages of the project that it asks for. */
  readonly dependsOn: readonly string[];
  /** Programs that run its tests. */
  readonly runners: readonly string[];
}
