import type { ProjectMap } from '../repository/map.ts';
import { factTokens } from '../pipeline/fact-tokens.ts';
import type { Caller, Program } from './program.ts';

export interface MapInput {
  /** What the map is drawn for: a task's words, names of files or of what they define; empty for the whole. */
  readonly query: string;
  /** Room, in tokens. */
  readonly tokens: number;
  /** Whether the project's facts are told, too: manifests and the README are read for them. */
  readonly withFacts: boolean;
}

export interface DrawnMap extends ProjectMap {
  /** What the project is, as planners see it; empty where it was not asked for. */
  readonly facts: string;
  /** What a person should know of how the project was read. */
  readonly remarks: readonly string[];
}

/** What models see of the project for some words. Makes no call; what is read of the project is kept. */
export async function drawMap(
  { query, tokens, withFacts }: MapInput,
  program: Program,
  { signal }: Caller,
  progress: (done: number, all: number) => void,
): Promise<DrawnMap> {
  const project = await program.project(signal, progress);
  const map = await project.map(query, tokens);
  const facts = withFacts ? await project.facts(factTokens) : '';
  return { ...map, facts, remarks: await project.remarks() };
}
