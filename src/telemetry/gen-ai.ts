import type { TraceLine } from '../domain/trace.ts';

/**
 * Names of spans and attributes follow the semantic conventions for generative AI in this revision of
 * OpenTelemetry's semantic conventions (status: development). This file is all that knows them.
 */
export const conventions = 'https://opentelemetry.io/schemas/1.45.0';

/** Names that the conventions have for providers; others keep their own. */
const providerNames: Readonly<Record<string, string>> = {
  google: 'gcp.gemini',
  xai: 'x_ai',
  mistral: 'mistral_ai',
};

type Value = string | number | boolean | string[];

/** A call as a span. */
export interface CallSpan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Value>>;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
  /** Why it failed, in one word; null for one that did not. */
  readonly fault: string | null;
}

/** Null for a reply that was kept from before: nothing was asked. */
export function spanOf(line: TraceLine): CallSpan | null {
  if (line.outcome === 'kept') return null;
  const { provider, model, usage, verdict } = line;
  const fault = line.outcome === 'cut-off' ? 'cut_off' : line.fault;
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerNames[provider] ?? provider,
    'gen_ai.request.model': model,
    'gen_ai.request.max_tokens': line.maxOutputTokens,
    'gen_ai.output.type': outputOf(line),
    'gen_ai.response.model': line.servedBy,
    'gen_ai.response.finish_reasons': line.finishReason === null ? null : [line.finishReason],
    'gen_ai.usage.input_tokens': usage?.input,
    'gen_ai.usage.output_tokens': usage?.output,
    'gen_ai.usage.cache_read.input_tokens': usage?.cachedInput,
    'gen_ai.usage.cache_creation.input_tokens': usage?.cacheWrite,
    'gen_ai.usage.reasoning.output_tokens': usage?.reasoning,
    'gen_ai.agent.name': line.role,
    'error.type': fault,
    // What the conventions have no names for.
    'blueprint.call.id': line.id,
    'blueprint.request.sha256': line.call,
    'blueprint.prompt.sha256': line.promptSha256,
    'blueprint.artefact.sha256': line.artefactSha256,
    'blueprint.folder': line.folder,
    'blueprint.feature': line.feature,
    'blueprint.task': line.task,
    'blueprint.stage': line.stage,
    'blueprint.attempt': line.attempt,
    'blueprint.round': line.round,
    'blueprint.candidate': line.candidate,
    'blueprint.critic': line.critic,
    'blueprint.tries': line.tries,
    'blueprint.cost.usd': line.usd,
    'blueprint.verdict': verdict?.verdict,
    'blueprint.verdict.by': verdict?.by,
  };
  return {
    name: `chat ${model}`,
    attributes: known(attributes),
    start: line.startedAt,
    end: line.endedAt ?? line.startedAt,
    fault,
  };
}

/** Null where nothing says what was asked for. */
function outputOf({ replySchema, promptSha256 }: TraceLine): 'json' | 'text' | null {
  if (replySchema !== null) return 'json';
  return promptSha256 === null ? null : 'text';
}

/** The span around the calls of one command in one folder. */
export function runSpan(folder: string, run: string): Pick<CallSpan, 'name' | 'attributes'> {
  return {
    name: 'blueprint run',
    attributes: { 'blueprint.folder': folder, 'blueprint.run': run },
  };
}

/** What is not known is left out. */
function known(
  attributes: Readonly<Record<string, Value | null | undefined>>,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, value] as const],
    ),
  );
}
