import { googleAddress } from './google-address.ts';
import { count, field, items, textField } from './json-fields.ts';
import { askForList, type ListCall, type ListedModel } from './list-call.ts';

/** Far more pages than there are models. */
const mostPages = 20;

/** The models of a key. The SDK has no call for them, so the REST API is asked. @throws ModelError */
export function googleModels(call: ListCall): Promise<ListedModel[]> {
  const { baseUrl, version } = googleAddress(call.baseUrl);
  return askForList({ ...call, baseUrl }, async ({ fetch, apiKey }, signal) => {
    const found: ListedModel[] = [];
    let page = '';
    for (let pages = 0; pages < mostPages; pages++) {
      const query = new URLSearchParams({
        pageSize: '1000',
        ...(page !== '' && { pageToken: page }),
      });
      const headers = { 'x-goog-api-key': apiKey };
      const response = await fetch(`${baseUrl}/${version}/models?${query}`, { headers, signal });
      const body: unknown = await response.json();
      for (const model of items(body, 'models')) {
        const id = textField(model, 'name')?.replace(/^models\//, '');
        const contextTokens = count(field(model, 'inputTokenLimit')) || null;
        if (id !== undefined) found.push({ id, contextTokens });
      }
      page = textField(body, 'nextPageToken') ?? '';
      if (page === '') break;
    }
    return found;
  });
}
