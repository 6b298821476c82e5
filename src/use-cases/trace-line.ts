import { parseModelRef } from '../domain/model-role.ts';
import type { TraceLine } from '../domain/trace.ts';
import type { TracedCall } from '../report/trace/trace-fold.ts';
import { sha256 } from '../text/sha256.ts';
import { keptCall, type ExportSource } from './export-sources.ts';

/** What of a work folder a line needs. */
export type TraceSource = Pick<ExportSource, 'path' | 'feature' | 'read'>;

/**
 * A call as a line, but for what was said of its work. Its id is the same while the command runs and after.
 * Hashes and limits are null where the call is not kept (yet).
 */
export async function traceLineOf(
  source: TraceSource,
  { model: ref, purpose, nth, ...traced }: TracedCall,
): Promise<Omit<TraceLine, 'verdict'>> {
  const { path, feature } = source;
  const { stage, task, attempt, round, candidate, critic } = purpose;
  const kept = await keptCall(source, traced.call);
  const parts = kept?.request?.parts ?? null;
  const { provider = '', model = '' } = parseModelRef(ref) ?? { model: ref };
  return {
    schema: 'blueprint.trace/1',
    id: sha256(JSON.stringify([path, traced.run, traced.call, nth])).slice(0, 16),
    folder: path,
    feature,
    ...traced,
    provider,
    model,
    stage,
    task,
    attempt,
    round,
    candidate: candidate ?? null,
    critic: critic ?? null,
    promptSha256:
      parts === null ? null : sha256(JSON.stringify(parts.map(({ role, hash }) => [role, hash]))),
    artefactSha256: kept === null ? null : sha256(kept.text),
    replySchema: kept?.request?.schema ?? null,
    maxOutputTokens: kept?.request?.maxOutputTokens ?? null,
  };
}
