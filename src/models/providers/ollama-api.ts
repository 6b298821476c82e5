import { once } from 'node:events';
import { connect } from 'node:net';
import { count, field, items, textField } from './json-fields.ts';
import { askForList, fetchJson, type ListCall, type ListedModel } from './list-call.ts';
import { shownUrl } from './model-error.ts';

/** What Ollama tells of a model's context, tokens; each null where it does not tell. */
export interface OllamaContext {
  /** That it runs with now. */
  readonly loaded: number | null;
  /** That its Modelfile sets. */
  readonly set: number | null;
  /** That it was trained for: no setting goes above. */
  readonly longest: number | null;
}

/** Ollama's own API stands beside the one that it shares with others. */
export function ollamaRoot(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
}

/**
 * Why Ollama cannot be asked now; null when something answers there. Loads no model.
 * @param options.deadlineMs for the answer, ms
 */
export async function ollamaSilence(
  baseUrl: string,
  options: { signal: AbortSignal; deadlineMs: number },
): Promise<string | null> {
  const root = ollamaRoot(baseUrl);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
  try {
    await connection(root, signal);
    const response = await fetch(`${root}/api/version`, { signal, redirect: 'manual' });
    await response.body?.cancel();
    return null;
  } catch {
    // What was interrupted says so by itself.
    if (options.signal.aborted) return null;
    return `Ollama does not answer at ${shownUrl(root).replace(/\/$/, '')}; start it with: ollama serve`;
  }
}

/** Mostly nothing is there, and loading `fetch` takes longer than to hear that. @throws Error */
async function connection(root: string, signal: AbortSignal): Promise<void> {
  const { protocol, hostname, port } = new URL(root);
  const socket = connect({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
  });
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.destroy();
  }
}

/** The models that were pulled. @throws ModelError with the fix */
export function ollamaModels(call: ListCall): Promise<ListedModel[]> {
  return askForList(call, async ({ fetch }, signal) => {
    const response = await fetch(`${ollamaRoot(call.baseUrl)}/api/tags`, { signal });
    const body: unknown = await response.json();
    if (field(body, 'models') === undefined) throw new Error('no «models» in it');
    return items(body, 'models').flatMap((model) => {
      const id = textField(model, 'name') ?? textField(model, 'model');
      return id === undefined ? [] : { id, contextTokens: null };
    });
  });
}

/**
 * The context of a model, from what runs now and from what is set for it.
 * @throws ProviderError when Ollama does not answer, or does not know the model
 */
export async function ollamaContext(
  baseUrl: string,
  model: string,
  signal: AbortSignal,
): Promise<OllamaContext> {
  const root = ollamaRoot(baseUrl);
  const shown = await json(`${root}/api/show`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model }),
    signal,
  });
  return {
    loaded: await loadedContext(root, model, signal),
    set: setContext(field(shown, 'parameters')),
    longest: trainedContext(field(shown, 'model_info')),
  };
}

/** Tokens that a model takes as it runs or is set now; null when that cannot be read. */
export async function currentContext(
  baseUrl: string,
  model: string,
  signal: AbortSignal,
): Promise<number | null> {
  const context = await ollamaContext(baseUrl, model, signal).catch(() => null);
  return context?.loaded ?? context?.set ?? null;
}

async function loadedContext(
  root: string,
  model: string,
  signal: AbortSignal,
): Promise<number | null> {
  const running = items(await json(`${root}/api/ps`, { signal }), 'models');
  const own = running.find((each) =>
    [field(each, 'name'), field(each, 'model')].some((name) => sameModel(name, model)),
  );
  return count(field(own, 'context_length')) || null;
}

/** `llama3` is `llama3:latest`. */
export function sameModel(name: unknown, model: string): boolean {
  const full = (id: string): string => (/:[^/]*$/.test(id) ? id : `${id}:latest`).toLowerCase();
  return typeof name === 'string' && full(name) === full(model);
}

/** Modelfile parameters come as lines of text: `num_ctx    8192`. */
function setContext(parameters: unknown): number | null {
  const found = typeof parameters === 'string' ? /^num_ctx\s+(\d+)\s*$/m.exec(parameters) : null;
  return count(Number(found?.[1])) || null;
}

/** The name starts with the architecture, as `llama.context_length`. */
function trainedContext(info: unknown): number | null {
  const name = `${String(field(info, 'general.architecture'))}.context_length`;
  return count(field(info, name)) || null;
}

async function json(url: string, init: RequestInit): Promise<unknown> {
  return (await fetchJson(url, init, { keyless: true })).json();
}
