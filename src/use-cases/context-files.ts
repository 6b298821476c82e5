import { readContextFiles, type ContextSelection } from '../pipeline/context-files.ts';
import type { ContextFile } from '../pipeline/ports.ts';
import type { Caller, Program } from './program.ts';

export type { ContextFile };

/** The project's files to show models, and what was left out. @throws BlueprintError `context-…` */
export function contextFiles(
  /** The globs are relative to where the caller stands. */
  { globs }: { globs: readonly string[] },
  { config, cwd }: Program,
  { signal }: Caller,
): Promise<ContextSelection> {
  const { contextTokens: maxTokens } = config.pipeline;
  return readContextFiles({ root: config.root, from: cwd, globs, maxTokens, signal });
}
