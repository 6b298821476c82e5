import type { ResolvedConfig } from '../config/resolved-config.ts';

/** Ollama answers at once or not at all, also over a local network, ms. */
const deadlineMs = 1_000;

/**
 * The providers that a role may choose, need no key, and do not answer now; by name, with the reason. Only
 * Ollama is asked: it is the one that is there or not as its user starts it.
 */
export async function absentProviders(
  config: Pick<ResolvedConfig, 'roles' | 'providers'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const ollama = config.providers.get('ollama');
  if (ollama?.kind !== 'openai-compatible') return new Map();
  const isNamed = Object.values(config.roles).some(({ models, large }) =>
    [...models, ...large].some(({ provider }) => provider === 'ollama'),
  );
  if (!isNamed) return new Map();
  const { ollamaSilence } = await import('../models/providers/ollama-api.ts');
  const { ollamaUrl } = await import('../models/providers/openai-compatible.ts');
  const silence = await ollamaSilence(ollamaUrl(ollama.baseUrl) ?? '', {
    signal,
    deadlineMs,
  });
  return silence === null ? new Map() : new Map([['ollama', silence]]);
}
