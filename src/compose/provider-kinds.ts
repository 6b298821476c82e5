import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import { knownProviders, providers } from '../extensions.ts';
import { listModels, type Listing } from '../models/list-models.ts';

/** What is asked of providers beside replies, each in its kind's own way. */
export const providerKinds = {
  /** Its list of models; null when there is none to ask for. @throws InterruptedError */
  listOf: (
    provider: ResolvedProvider,
    options: { signal: AbortSignal; deadlineMs: number },
  ): Promise<Listing | null> => listModels(provider, providers[provider.kind].list, options),

  /** A server that its user starts when he likes, on this machine or beside it. */
  isLocal: ({ kind }: ResolvedProvider): boolean => providers[kind].local !== undefined,

  /** Why there is no list to ask for; null when there may be one. */
  noList({ kind }: ResolvedProvider): string | null {
    const { program, builtIn } = providers[kind];
    if (program !== undefined) return 'a program, which has no list to ask for';
    return builtIn === true ? 'part of this program, which has no list to ask for' : null;
  },

  /** Tokens that a model takes as a local server runs it now; null when that is not known. */
  async contextOf(
    { kind, baseUrl }: ResolvedProvider,
    model: string,
    signal: AbortSignal,
  ): Promise<number | null> {
    const { local } = providers[kind];
    if (local === undefined || baseUrl === undefined) return null;
    return (await local.contextOf())(baseUrl, model, signal);
  },

  /** Local servers as they usually are, which the config does not have. */
  unconfigured: (config: Pick<ResolvedConfig, 'providers'>): ResolvedProvider[] =>
    [...knownProviders].flatMap(([name, { kind, baseUrl }]) =>
      providers[kind].local === undefined || config.providers.has(name)
        ? []
        : {
            name,
            kind,
            baseUrl,
            apiKey: undefined,
            keyVariables: [],
            keyless: true,
            structured: 'json_schema',
            script: undefined,
          },
    ),
};
