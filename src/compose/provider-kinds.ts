import { unconfigured } from '../config/own-choices.ts';
import { providers } from '../extensions.ts';
import { listModels } from '../models/list-models.ts';
import type { ProviderKinds } from '../use-cases/ports.ts';

export const providerKinds: ProviderKinds = {
  listOf: (provider, options) => listModels(provider, providers[provider.kind].list, options),

  isLocal: ({ kind }) => providers[kind].local !== undefined,

  noList({ kind }) {
    const { program, builtIn } = providers[kind];
    if (program !== undefined) return 'a program, which has no list to ask for';
    return builtIn === true ? 'part of this program, which has no list to ask for' : null;
  },

  async contextOf({ kind, baseUrl }, model, signal) {
    const { local } = providers[kind];
    if (local === undefined || baseUrl === undefined) return null;
    return (await local.contextOf())(baseUrl, model, signal);
  },

  unconfigured: (config) => unconfigured(config.providers),
};
