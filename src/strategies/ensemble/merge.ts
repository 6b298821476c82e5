import { earlierOf, type Candidate } from '../../domain/candidate.ts';
import type { EnsembleMerge } from '../../domain/ensemble.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { estimatePromptTokens } from '../../domain/text.ts';
import { askForBundle, decide } from '../../supervisor/work.ts';
import type { StrategyInput } from '../strategy.ts';
import { mergePrompt, type MergeOptions } from './merge-prompt.ts';
import { fileOrigins, filesLeftOut, readRemarks, type Perspective } from './origins.ts';

/**
 * One answer out of several that differ, by the synthesizer, with the origin of each part and what was not
 * taken over.
 * @throws ModelError when it gives none that can be used. @throws BlueprintError of the budget, `no-model`
 */
export async function merge(
  perspectives: readonly Perspective[],
  { work, prompt }: Pick<StrategyInput, 'work' | 'prompt'>,
  options: MergeOptions,
): Promise<{ candidate: Candidate; merge: EnsembleMerge }> {
  const decision = decide(work, 'synthesizer', { contentTokens: estimatePromptTokens(prompt) });
  const answers = perspectives.map(({ candidate }) => candidate);
  const parts = mergePrompt(work.context, answers, work.codec, options);
  const merged = await askForBundle(
    work,
    work.router.model(decision),
    { role: 'synthesizer', stage: 'merge', parts },
    { mayBeText: options.mayBeText },
  );
  const remarks = readRemarks(merged.bundle.notes, perspectives);
  const bundle = { ...merged.bundle, notes: remarks.text };
  const candidate = { ...merged, ...earlierOf(merged.author, ...answers), bundle };
  return {
    candidate,
    merge: {
      by: formatModelRef(merged.author.ref),
      origins: [...fileOrigins(candidate, perspectives), ...remarks.origins],
      minority: [...remarks.minority, ...filesLeftOut(candidate, perspectives)],
    },
  };
}
