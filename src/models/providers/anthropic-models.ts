import { askForList, type ListCall, type ListedModel } from './list-call.ts';

/** The models of a key, by the vendor's SDK. @throws ModelError with the fix */
export function anthropicModels(call: ListCall): Promise<ListedModel[]> {
  const baseUrl = call.baseUrl.replace(/\/v1\/?$/, '');
  return askForList({ ...call, baseUrl }, async (options, signal) => {
    const { Anthropic } = await import('@anthropic-ai/sdk');
    const client = new Anthropic({ ...options, authToken: null, openTelemetry: false });
    const found: ListedModel[] = [];
    for await (const { id, max_input_tokens } of client.models.list({ limit: 1000 }, { signal }))
      found.push({ id, contextTokens: max_input_tokens ?? null });
    return found;
  });
}
