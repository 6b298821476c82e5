import { readContextFiles, type ContextSelection } from '../pipeline/context-files.ts';
import { readBriefBytes } from '../pipeline/read-brief.ts';
import type { Caller, Program } from './program.ts';

/**
 * The text of a brief, a spec or a question.
 * @param source what to call it in errors: a path, or `that was given`
 * @throws BlueprintError when it is empty, binary, too large or not UTF-8
 */
export function briefText(bytes: Uint8Array, source: string, { config }: Program): string {
  return readBriefBytes(bytes, source, config.pipeline.maxBriefBytes);
}

/**
 * The project's files to show models, and what was left out.
 * @param globs relative to where the caller stands. @throws BlueprintError `context-…`
 */
export function contextFiles(
  globs: readonly string[],
  { config, cwd }: Program,
  { signal }: Caller,
): Promise<ContextSelection> {
  const { contextTokens: maxTokens } = config.pipeline;
  return readContextFiles({ root: config.root, from: cwd, globs, maxTokens, signal });
}
