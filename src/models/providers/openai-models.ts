import { count, field } from './json-fields.ts';
import { askForList, type ListCall, type ListedModel } from './list-call.ts';

/** Under what names servers tell how much a model takes: OpenRouter, Groq, vLLM, Mistral. */
const contextFields = ['context_length', 'context_window', 'max_model_len', 'max_context_length'];

/** The models of OpenAI, or of a server that speaks as it does. @throws ModelError with the fix */
export function openaiModels(call: ListCall): Promise<ListedModel[]> {
  return askForList(call, async (options, signal) => {
    const { OpenAI } = await import('openai');
    const client = new OpenAI({
      ...options,
      adminAPIKey: null,
      // What is meant for OpenAI itself goes nowhere else.
      ...(call.config.kind === 'openai-compatible' && { organization: null, project: null }),
    });
    const found: ListedModel[] = [];
    for await (const model of client.models.list({ signal })) {
      const context = contextFields.map((name) => count(field(model, name))).find((n) => n > 0);
      found.push({ id: model.id, contextTokens: context ?? null });
    }
    return found;
  });
}
