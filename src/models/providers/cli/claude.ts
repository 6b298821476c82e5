import { join } from 'node:path';
import type { ResolvedProvider } from '../../../config/resolved-config.ts';
import type { ModelErrorKind } from '../../../domain/model-error.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { ModelProvider } from '../../language-model.ts';
import { replyEnd } from '../finish-reason.ts';
import { count, field, isText, items, textField } from '../json-fields.ts';
import type { ReplyLimits } from '../reply-limits.ts';
import type { Cli, CliCall, CliError, Invocation, Reply, ReplyReader } from './cli.ts';
import { cliProvider } from './cli-provider.ts';
import { conversation, instructions } from './conversation.ts';
import { jsonLines } from './json-lines.ts';

/** The `claude` program, with tools and the user's own tool servers off. */
export function claudeCliProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return cliProvider(config, limits, claude);
}

const claude: Cli = {
  title: 'claude',
  install: 'install it with npm install -g @anthropic-ai/claude-code',
  login: 'Run claude in a terminal and sign in with /login, or set ANTHROPIC_API_KEY.',
  streams: true,
  family: () => 'claude',
  prepare,
  reader,
};

function prepare({ request, prompt, model }: CliCall, folder: string): Invocation {
  const systemFile = join(folder, 'system.md');
  const { schema, effort } = request;
  return {
    args: [
      '-p',
      // One document at the end would leave a long answer looking like silence.
      '--output-format',
      'stream-json',
      '--verbose',
      '--include-partial-messages',
      '--tools',
      '',
      '--strict-mcp-config',
      '--setting-sources',
      'user',
      '--disable-slash-commands',
      '--no-session-persistence',
      '--system-prompt-file',
      systemFile,
      ...(model === null ? [] : ['--model', model]),
      ...(effort === undefined ? [] : ['--effort', effort]),
      ...(schema === undefined ? [] : ['--json-schema', JSON.stringify(schema.json)]),
    ],
    input: conversation(prompt, { system: false }),
    files: { [systemFile]: instructions(prompt) },
    environment: {
      CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(request.maxOutputTokens),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_AUTOUPDATER: '1',
    },
  };
}

function reader({ request }: CliCall, onText: (delta: string) => void): ReplyReader {
  let result: Record<string, unknown> | null = null;
  let said: string | null = null;
  let told: CliError | undefined;
  let late: CliError | undefined;
  let servedBy: string | undefined;
  const lines = jsonLines((event) => {
    const inner = field(event, 'event');
    if (event['type'] === 'result') {
      const error = errorOf(event);
      if (result !== null && errorOf(result) === undefined && error !== undefined) late = error;
      else result = event;
    } else if (event['type'] === 'error') {
      const error = spoken(event);
      if (result === null) told = error;
      else late = error;
    } else if (event['type'] === 'assistant') {
      const message = field(event, 'message');
      said = textOf(message) ?? said;
      servedBy = textField(message, 'model') ?? servedBy;
    } else if (field(inner, 'type') === 'content_block_delta' && request.schema === undefined) {
      // With a schema the reply is the checked object alone, and comes at the end.
      onText(textField(field(inner, 'delta'), 'text') ?? '');
    }
  });
  return {
    push: lines.push,
    end() {
      lines.end();
      if (result === null) return { text: null, rest: said ?? lines.rest(), error: told };
      return {
        ...replyOf(result, request.schema !== undefined),
        servedBy: model(result, servedBy),
        late,
      };
    },
  };
}

const subtypes: Readonly<Record<string, ModelErrorKind>> = {
  error_max_structured_output_retries: 'malformed',
  error_max_turns: 'malformed',
  error_max_budget_usd: 'quota_exhausted',
};

function replyOf(result: Record<string, unknown>, structured: boolean): Reply {
  const object = structured ? field(result, 'structured_output') : undefined;
  const text = object === undefined ? textField(result, 'result') : JSON.stringify(object);
  const raw = textField(result, 'stop_reason');
  return {
    text: text ?? null,
    error: errorOf(result),
    rawFinishReason: raw ?? null,
    // What it called a tool for is done by then.
    finishReason: raw === undefined || raw === 'tool_use' ? 'stop' : replyEnd(raw),
    usage: usageOf(field(result, 'usage')),
  };
}

/** Some errors come as `subtype: "success"` with `is_error`, others as a subtype of their own. */
function errorOf(result: Record<string, unknown>): CliError | undefined {
  const subtype = textField(result, 'subtype') ?? 'success';
  if (subtype === 'success' && field(result, 'is_error') !== true) return undefined;
  const errors = items(result, 'errors').filter(isText).join('; ');
  const status = count(field(result, 'api_error_status'));
  return {
    message: errors || textField(result, 'result') || subtype,
    status: status || undefined,
    kind: subtypes[subtype],
  };
}

/** An event of its own, as their service sends it into a stream. */
function spoken(event: Record<string, unknown>): CliError {
  const error = field(event, 'error');
  const type = textField(error, 'type');
  const message = textField(error, 'message') ?? textField(event, 'message') ?? type;
  return { message: message ?? 'an error without words', codes: type === undefined ? [] : [type] };
}

/** Their `input_tokens` leaves out what was read from or written to the cache. */
function usageOf(usage: unknown): Usage | undefined {
  if (usage === undefined) return undefined;
  const cachedInput = count(field(usage, 'cache_read_input_tokens'));
  const cacheWrite = count(field(usage, 'cache_creation_input_tokens'));
  return {
    input: count(field(usage, 'input_tokens')) + cachedInput + cacheWrite,
    cachedInput,
    cacheWrite,
    output: count(field(usage, 'output_tokens')),
    reasoning: 0,
  };
}

/** Small models do side work under the same roof: the one that wrote most is the one that answered. */
function model(result: Record<string, unknown>, seen: string | undefined): string | undefined {
  const written = Object.entries(field(result, 'modelUsage') ?? {}).map(
    ([name, usage]): [string, number] => [name, count(field(usage, 'outputTokens'))],
  );
  return seen ?? written.sort(([, a], [, b]) => b - a)[0]?.[0];
}

function textOf(message: unknown): string | null {
  const texts = items(message, 'content')
    .map((block) => field(block, 'text'))
    .filter(isText);
  return texts.length === 0 ? null : texts.join('');
}
