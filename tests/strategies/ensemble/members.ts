import type { EnsembleSettings, PoolModel } from '../../../src/domain/ensemble.ts';
import { taskCategories } from '../../../src/domain/task.ts';

/** A model of the pool; `gpt` stands for any family. */
export function pooled(model: string, family: string, reachable = true): PoolModel {
  const provider = model.slice(0, model.indexOf('/'));
  const variables = [`${provider.toUpperCase()}_KEY`];
  return {
    model,
    provider,
    family,
    missing: reachable ? null : { reason: `${provider} has no key`, variables },
  };
}

export const sonnet = pooled('anthropic/sonnet', 'claude');
export const opus = pooled('anthropic/opus', 'claude');
export const terra = pooled('openai/terra', 'gpt');
export const pro = pooled('google/pro', 'gemini');

/** Settings in which no category names anybody, but for those given. */
export function settingsWith(more: {
  mode?: EnsembleSettings['mode'];
  types?: EnsembleSettings['types'];
  categories?: Partial<EnsembleSettings['categories']>;
}): EnsembleSettings {
  const nobody = { mode: null, primaries: [], validators: [] };
  const all = Object.fromEntries(taskCategories.map((category) => [category, nobody]));
  return {
    mode: more.mode ?? 'auto',
    types: more.types ?? {},
    categories: { ...all, ...more.categories } as EnsembleSettings['categories'],
    timeoutMs: null,
  };
}
