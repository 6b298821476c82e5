import type { Candidate } from '../../domain/candidate.ts';
import type { EnsembleMerge } from '../../domain/ensemble.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { generateBundle } from '../../models/generate-bundle.ts';
import type { StrategyInput } from '../strategy.ts';
import { mergePrompt } from './merge-prompt.ts';
import { fileOrigins, filesLeftOut, readRemarks, type Perspective } from './origins.ts';

/**
 * One answer out of several that differ, by the synthesizer, with the origin of each part and what was not
 * taken over.
 * @throws ModelError when it gives none that can be used. @throws BlueprintError of the budget, `no-model`
 */
export async function merge(
  perspectives: readonly Perspective[],
  input: StrategyInput,
  words: { readonly mayBeText: boolean; readonly allPerspectives: boolean },
): Promise<{ candidate: Candidate; merge: EnsembleMerge }> {
  const decision = input.router.decide('synthesizer', { contentTokens: input.contentTokens });
  input.emit({ type: 'route-decide', task: input.purpose.task, decision });
  const answers = perspectives.map(({ candidate }) => candidate);
  const context = input.parts.filter(({ role }) => role !== 'system');
  const merged = await generateBundle(
    input.router.model(decision),
    {
      role: 'synthesizer',
      purpose: { ...input.purpose, stage: 'merge' },
      parts: mergePrompt(context, answers, { codec: input.codec, ...words }),
      maxOutputTokens: input.maxOutputTokens,
      signal: input.signal,
      ...(input.salt !== undefined && { salt: input.salt }),
    },
    input.base,
    input.codec,
    { mayBeText: words.mayBeText },
  );
  const remarks = readRemarks(merged.bundle.notes, perspectives);
  const candidate = { ...merged, bundle: { ...merged.bundle, notes: remarks.text } };
  return {
    candidate,
    merge: {
      by: formatModelRef(merged.author.ref),
      origins: [...fileOrigins(candidate, perspectives), ...remarks.origins],
      minority: [...remarks.minority, ...filesLeftOut(candidate, perspectives)],
    },
  };
}
