import type { ResolvedProvider } from '../../config/resolved-config.ts';
import type { ModelRequest } from '../language-model.ts';
import { schemaInWords, type Prompt } from './prompt.ts';

/** How a server is asked, in what not all of them understand. */
export interface Ways {
  readonly structured: ResolvedProvider['structured'];
  /** Chat completions: whether usage is asked for. */
  readonly streamOptions: boolean;
  /** Chat completions: the name of the output's limit. */
  readonly maxTokens: 'max_tokens' | 'max_completion_tokens' | 'none';
  /** Output tokens that the server allows; null where it did not say. */
  readonly outputLimit: number | null;
  /** Whether instructions are apart from what is asked. */
  readonly system: boolean;
  readonly effort: boolean;
  /** Whether good ends of a cached prefix are marked. */
  readonly cacheMarks: boolean;
  /** By which of OpenAI's two interfaces. */
  readonly api: 'responses' | 'chat';
  /** What stands between the base URL and the interfaces, where the config left it out. */
  readonly below: '' | '/v1';
}

/** As the config says it by hand, else as the kind's servers usually take it. */
export function usualWays({ kind, structured, compat }: ResolvedProvider): Ways {
  return {
    structured,
    streamOptions: compat?.streamOptions ?? true,
    maxTokens: compat?.maxTokens ?? 'max_tokens',
    outputLimit: null,
    system: compat?.system ?? true,
    effort: compat?.effort ?? true,
    cacheMarks: compat?.cacheMarks ?? true,
    api: compat?.api ?? (kind === 'openai' ? 'responses' : 'chat'),
    below: '',
  };
}

export interface Question {
  readonly request: ModelRequest;
  readonly prompt: Prompt;
}

/** The question without what the server does not take; a schema that it is not held to stands in words. */
export function inWays({ request, prompt }: Question, ways: Ways): Question {
  const { effort, schema, ...rest } = request;
  const limit = ways.outputLimit ?? Number.POSITIVE_INFINITY;
  return {
    request: {
      ...rest,
      maxOutputTokens: Math.min(request.maxOutputTokens, limit),
      ...(effort !== undefined && ways.effort && { effort }),
      ...(schema !== undefined && { schema }),
    },
    prompt: promptInWays(prompt, schema, ways),
  };
}

function promptInWays(prompt: Prompt, schema: ModelRequest['schema'], ways: Ways): Prompt {
  const words =
    schema === undefined || ways.structured === 'json_schema'
      ? []
      : [{ role: 'system' as const, name: 'schema', text: schemaInWords(schema) }];
  const spoken: Prompt = { ...prompt, system: [...prompt.system, ...words] };
  const marked = ways.cacheMarks ? spoken : withoutMarks(spoken);
  return ways.system ? marked : withoutSystem(marked);
}

function withoutMarks({ system, turns }: Prompt): Prompt {
  const plain = (parts: Prompt['system']): Prompt['system'] =>
    parts.map(({ role, name, text }) => ({ role, name, text }));
  return {
    system: plain(system),
    turns: turns.map(({ role, parts }) => ({ role, parts: plain(parts) })),
  };
}

/** The instructions begin the first question. */
function withoutSystem({ system, turns }: Prompt): Prompt {
  const [first, ...rest] = turns;
  if (first === undefined) return { system: [], turns: [{ role: 'user', parts: system }] };
  return { system: [], turns: [{ ...first, parts: [...system, ...first.parts] }, ...rest] };
}

/** What the server is to hold the reply to; null for nothing. */
export function formatOf(
  { schema }: Pick<ModelRequest, 'schema'>,
  { structured }: Pick<Ways, 'structured'>,
): 'json_schema' | 'json_object' | null {
  return schema === undefined || structured === 'none' ? null : structured;
}
