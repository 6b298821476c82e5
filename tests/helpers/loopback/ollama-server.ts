import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { frame } from './server.ts';

/** What the one model `qwen3:latest` of this server is like; contexts in tokens. */
export interface OllamaModel {
  /** `/api/ps` tells it, from the start or once the model has answered. */
  readonly loaded?: number;
  readonly loadedAfter?: number;
  readonly set?: number;
  readonly longest?: number;
  /** The prompt tokens that it reports. */
  readonly read?: number;
  readonly missing?: boolean;
}

/** Speaks Ollama's own API and the one that it shares with others. */
export async function startOllamaServer(model: OllamaModel) {
  const paths: string[] = [];
  const name = 'qwen3:latest';
  const documents: Record<string, () => unknown> = {
    '/api/tags': () => ({ models: model.missing === true ? [] : [{ name, model: name }] }),
    '/api/show': () => ({
      parameters: model.set === undefined ? '' : `stop "<|im_end|>"\nnum_ctx    ${model.set}`,
      model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': model.longest },
    }),
    '/api/ps': () => {
      const context = model.loaded ?? (answered() ? model.loadedAfter : undefined);
      return { models: context === undefined ? [] : [{ name, context_length: context }] };
    },
  };
  const chat = '/v1/chat/completions';
  const answered = (): boolean => paths.includes(chat);
  const server = createServer((incoming, response) => {
    incoming.resume();
    const path = incoming.url ?? '';
    paths.push(path);
    const document = documents[path];
    const known = document !== undefined || path === chat;
    const absent = model.missing === true && path !== '/api/tags' && path !== '/api/ps';
    if (!known || absent) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: 'model "qwen3" not found, try pulling it' } }),
      );
    } else if (document !== undefined) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(document()));
    } else {
      const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: name };
      const choice = (delta: object, reason: string | null) =>
        frame({ ...chunk, choices: [{ index: 0, delta, finish_reason: reason }] });
      const usage = { prompt_tokens: model.read ?? 10, completion_tokens: 3, total_tokens: 13 };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(choice({ role: 'assistant', content: 'Answer.' }, null));
      response.write(choice({}, 'stop'));
      response.write(frame({ ...chunk, choices: [], usage }));
      response.end(frame('[DONE]'));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked: (path: string): number => paths.filter((each) => each === path).length,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
