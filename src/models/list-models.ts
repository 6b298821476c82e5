import type { ResolvedProvider } from '../config/resolved-config.ts';
import { ModelError, type ModelErrorKind } from '../domain/model-error.ts';
import { nearestOf } from '../text/nearest.ts';
import type { ListTraits } from './provider-kind.ts';
import type { ListedModel } from './providers/list-call.ts';

/** What came of asking one provider for its models. */
export type Listing =
  | { readonly outcome: 'listed'; readonly models: readonly ListedModel[] }
  /** It answers, but keeps no list that could be asked for. */
  | { readonly outcome: 'no-list'; readonly reason: string }
  | {
      readonly outcome: 'failed';
      readonly kind: ModelErrorKind;
      readonly reason: string;
      readonly fix: string | null;
    };

/**
 * Asks a provider which models it has. Null for providers that are no servers.
 * @param list of the provider's kind
 * @param options.deadlineMs for the whole of it, ms
 * @throws InterruptedError when the signal ended it; what else goes wrong is an outcome
 */
export async function listModels(
  config: ResolvedProvider,
  list: ListTraits | undefined,
  options: { signal: AbortSignal; deadlineMs: number },
): Promise<Listing | null> {
  const baseUrl = config.baseUrl ?? list?.baseUrl;
  if (list === undefined || baseUrl === undefined) return null;
  const lister = await list.load();
  try {
    return { outcome: 'listed', models: await lister({ config, baseUrl, ...options }) };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { kind, message, fix = null, status } = error;
    const noList = status === 404 || status === 405 || status === 501;
    if (noList && list.optional === true) return { outcome: 'no-list', reason: message };
    return { outcome: 'failed', kind, reason: message, fix };
  }
}

/** The listed model that an id stands for; null when there is none. */
export function findListed(models: readonly ListedModel[], id: string): ListedModel | null {
  const exact = models.find((model) => model.id === id);
  if (exact !== undefined) return exact;
  // Dated snapshots are listed, and asked for without their date; Ollama's `latest` needs no name;
  // OpenRouter's variants, as `:free`, are not all listed.
  return (
    models.find(
      (model) => model.id.startsWith(`${id}-`) && /^-\d{8}$/.test(model.id.slice(id.length)),
    ) ??
    models.find((model) => model.id === `${id}:latest` || `${model.id}:latest` === id) ??
    models.find(
      (model) =>
        /^[^/]+\/[^/]+:(free|nitro|floor|online|extended|thinking)$/.test(id) &&
        id.startsWith(`${model.id}:`),
    ) ??
    null
  );
}

const shownNearest = 3;

/** Listed ids that look most like this one, the nearest first, at most three. */
export function nearestListed(models: readonly ListedModel[], id: string): string[] {
  const ids = models.map((model) => model.id);
  return nearestOf(id, ids.sort()).slice(0, shownNearest);
}
