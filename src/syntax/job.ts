import { tomlErrors, yamlErrors } from './data-errors.ts';
import { definitionsBelow, type NamedNode } from './definitions.ts';
import type { Grammar, SyntaxError } from './languages.ts';
import type { MutationPoint } from './mutation-point.ts';
import { mutationPoints } from './mutation-points.ts';
import { compile, matchesOf, type QueryResult, type TreeQuery } from './queries.ts';
import { rustTestsBelow, type RustTest } from './rust-tests.ts';
import { grammarErrors, loadGrammar, withTree } from './tree-sitter.ts';

interface Text {
  readonly text: string;
  /** For the text alone: loading a grammar is no fault of it. */
  readonly limitMs: number;
}

interface CodeText extends Text {
  readonly grammar: Grammar;
}

/** What can be asked of a text: plain data, as are the answers, so that a thread can be asked. */
export type Job =
  | (CodeText & { readonly kind: 'errors' | 'definitions' | 'mutations' })
  | (CodeText & { readonly kind: 'matches'; readonly queries: readonly TreeQuery[] })
  | (Text & { readonly kind: 'rust-tests' | 'yaml-errors' | 'toml-errors' });

export interface JobResults {
  /** The places that the grammar could not read, first ones first; empty when it read the whole text. */
  errors: SyntaxError[];
  /** Names that the text defines. */
  definitions: NamedNode[];
  /** Small changes that make a program another one. */
  mutations: MutationPoint[];
  /** What queries find, in no certain order. */
  matches: QueryResult;
  'rust-tests': RustTest[];
  'yaml-errors': SyntaxError[];
  'toml-errors': SyntaxError[];
}

export type JobResult = JobResults[keyof JobResults];

/** Loads what the job needs, whatever its text. @throws Error where it cannot be loaded */
export async function prepare(job: Job): Promise<void> {
  if (job.kind === 'matches') await compile(job.grammar, job.queries);
  else if (job.kind === 'rust-tests') await loadGrammar('rust');
  else if ('grammar' in job) await loadGrammar(job.grammar);
}

/** @throws Error when it takes longer than the limit, as far as that is noticed */
export async function perform(job: Job): Promise<JobResult> {
  const { text, limitMs } = job;
  switch (job.kind) {
    case 'errors':
      return grammarErrors(job.grammar, text, limitMs);
    case 'definitions':
      return withTree(job.grammar, text, limitMs, definitionsBelow);
    case 'mutations':
      return withTree(job.grammar, text, limitMs, (root) => mutationPoints(root, job.grammar));
    case 'matches':
      return matchesOf(job.grammar, job.queries, text, limitMs);
    case 'rust-tests':
      return withTree('rust', text, limitMs, rustTestsBelow);
    case 'yaml-errors':
      return yamlErrors(text);
    case 'toml-errors':
      return tomlErrors(text);
  }
}
