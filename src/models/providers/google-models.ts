import { count } from './call.ts';
import { googleError } from './google-faults.ts';
import { field } from './http-errors.ts';
import { askForList, type ListCall, type ListedModel } from './list-call.ts';

/** Far more pages than there are models. */
const mostPages = 20;

/** The models of a key. The SDK has no call for them, so the REST API is asked. @throws ModelError */
export function googleModels(call: ListCall): Promise<ListedModel[]> {
  const baseUrl = call.baseUrl.replace(/\/v1(beta)?\/?$/, '');
  return askForList({ ...call, baseUrl, readError: googleError }, async (options) => {
    const found: ListedModel[] = [];
    let page = '';
    for (let pages = 0; pages < mostPages; pages++) {
      const query = new URLSearchParams({
        pageSize: '1000',
        ...(page !== '' && { pageToken: page }),
      });
      const response = await options.fetch(`${options.baseURL}/v1beta/models?${query}`, {
        headers: { 'x-goog-api-key': options.apiKey },
        signal: options.signal,
      });
      const body: unknown = await response.json();
      found.push(...modelsIn(body));
      const next = field(body, 'nextPageToken');
      if (typeof next !== 'string' || next === '') break;
      page = next;
    }
    return found;
  });
}

function modelsIn(body: unknown): ListedModel[] {
  const listed = field(body, 'models');
  if (!Array.isArray(listed)) return [];
  return (listed as unknown[]).flatMap((model) => {
    const name = field(model, 'name');
    if (typeof name !== 'string') return [];
    const context = count(field(model, 'inputTokenLimit'));
    return [{ id: name.replace(/^models\//, ''), contextTokens: context === 0 ? null : context }];
  });
}
