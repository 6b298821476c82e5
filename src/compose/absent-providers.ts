import type { ResolvedConfig } from '../config/resolved-config.ts';
import { providers } from '../extensions.ts';

/** A server on this machine or beside it answers at once or not at all, ms. */
const deadlineMs = 1_000;

/**
 * The providers that a role may choose and that do not answer now; by name, with the reason. Only those are
 * asked that are there or not as their user starts them.
 */
export async function absentProviders(
  config: Pick<ResolvedConfig, 'roles' | 'providers'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const named = new Set(
    Object.values(config.roles).flatMap(({ models, large }) =>
      [...models, ...large].map(({ provider }) => provider),
    ),
  );
  const silent = [...named].map(async (name) => {
    const { kind, baseUrl } = config.providers.get(name) ?? {};
    const local = kind === undefined ? undefined : providers[kind].local;
    if (local === undefined || baseUrl === undefined) return [];
    const silence = await local.silence();
    const reason = await silence(baseUrl, { signal, deadlineMs });
    return reason === null ? [] : [[name, reason] as const];
  });
  return new Map((await Promise.all(silent)).flat());
}
