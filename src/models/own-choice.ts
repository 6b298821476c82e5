import type { ResolvedProvider } from '../config/resolved-config.ts';
import { ownChoice } from '../domain/model-role.ts';
import type { LanguageModel, ModelProvider } from './language-model.ts';
import { listModels, type Listing } from './list-models.ts';
import type { ListTraits } from './provider-kind.ts';

/** For a provider's list, before the call itself, ms. */
const deadlineMs = 5_000;

/** What stands in lists of models and writes no text. */
const noWriter =
  /embed|whisper|tts|speech|audio|transcri|guard|moderat|rerank|image|imagine|dall-e|\bocr\b|diffusion|video|realtime|bge-|\bclip\b/i;

/**
 * The model to ask where the choice is the provider's: the usual one where it is listed, or no list is had,
 * else the first that writes text. Null for a list that has none.
 */
export function chosenFrom(listing: Listing | null, usual: string | undefined): string | null {
  if (listing?.outcome !== 'listed') return usual ?? ownChoice;
  const ids = listing.models.map(({ id }) => id);
  if (usual !== undefined && (ids.length === 0 || ids.includes(usual))) return usual;
  return ids.find((id) => !noWriter.test(id)) ?? null;
}

/** The provider, whose `default` is one of the models that it has; asked for once, when first needed. */
export function withOwnChoice(
  provider: ModelProvider,
  config: ResolvedProvider,
  traits: { readonly list?: ListTraits | undefined; readonly usualModel?: string | undefined },
): ModelProvider {
  if (traits.list === undefined) return provider;
  let chosen: Promise<string> | undefined;
  // Many calls wait for this one answer: it has a deadline, but none of their signals.
  const choose = async (): Promise<string> => {
    const options = { signal: new AbortController().signal, deadlineMs };
    const listing = await listModels(config, traits.list, options);
    return chosenFrom(listing, traits.usualModel) ?? ownChoice;
  };
  return {
    name: provider.name,
    unavailable: () => provider.unavailable(),
    model(id): LanguageModel {
      if (id !== ownChoice) return provider.model(id);
      const { identity } = provider.model(id);
      return {
        identity,
        async generate(request) {
          chosen ??= choose();
          const result = await provider.model(await chosen).generate(request);
          return { ...result, identity };
        },
      };
    },
  };
}
