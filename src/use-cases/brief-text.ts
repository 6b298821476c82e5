import { readBriefBytes } from '../pipeline/read-brief.ts';
import type { Program } from './program.ts';

/**
 * The text of a brief, a spec or a question.
 * @param source what to call it in errors: a path, or `that was given`
 * @throws BlueprintError when it is empty, binary, too large or not UTF-8
 */
export function briefText(
  { bytes, source }: { bytes: Uint8Array; source: string },
  { config }: Program,
): string {
  return readBriefBytes(bytes, source, config.pipeline.maxBriefBytes);
}
