import { join } from 'node:path';
import type { ResolvedProvider } from '../../../config/resolved-config.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { ModelProvider } from '../../language-model.ts';
import { count, field, isText, parsedJson, textField } from '../json-fields.ts';
import type { ReplyLimits } from '../reply-limits.ts';
import type { Cli, CliCall, CliError, Invocation, ReplyReader } from './cli.ts';
import { cliProvider } from './cli-provider.ts';
import { conversation } from './conversation.ts';
import { jsonLines } from './json-lines.ts';

/** The `codex` program in its read-only sandbox. */
export function codexCliProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return cliProvider(config, limits, codex);
}

const codex: Cli = {
  title: 'codex',
  install: 'install it with npm install -g @openai/codex',
  login: 'Run codex login in a terminal, or set CODEX_API_KEY.',
  // It prints whole messages: while one is written it is silent.
  streams: false,
  family: () => 'gpt',
  prepare,
  reader,
};

function prepare({ request, prompt, model }: CliCall, folder: string): Invocation {
  const schemaFile = join(folder, 'schema.json');
  const { schema, effort } = request;
  return {
    args: [
      'exec',
      '--json',
      '--sandbox',
      'read-only',
      '--skip-git-repo-check',
      '--ephemeral',
      '--color',
      'never',
      ...(model === null ? [] : ['--model', model]),
      ...(effort === undefined ? [] : ['-c', `model_reasoning_effort="${effort}"`]),
      ...(schema === undefined ? [] : ['--output-schema', schemaFile]),
      '-',
    ],
    input: conversation(prompt, { system: true }),
    files: schema === undefined ? {} : { [schemaFile]: JSON.stringify(schema.json) },
  };
}

function reader(): ReplyReader {
  let text: string | null = null;
  let failure: CliError | null = null;
  let lastError: CliError | null = null;
  let late: CliError | undefined;
  let refusal: string | undefined;
  let completed = false;
  let usage: Usage | undefined;
  const lines = jsonLines((event) => {
    const item = field(event, 'item');
    switch (event['type']) {
      case 'item.completed':
        // Remarks before the last message are no part of the reply.
        if (field(item, 'type') === 'agent_message') {
          text = textField(item, 'text') ?? text;
          refusal = textField(item, 'refusal');
        } else if (field(item, 'type') === 'error') lastError = errorOf(item) ?? lastError;
        break;
      case 'turn.completed':
        completed = true;
        usage = usageOf(field(event, 'usage'));
        break;
      case 'turn.failed':
        if (completed) late = errorOf(event) ?? late;
        else failure = errorOf(event) ?? lastError ?? { message: 'the turn failed' };
        break;
      case 'error':
        // Also told of attempts that it makes again by itself.
        if (completed) late = errorOf(event) ?? late;
        else lastError = errorOf(event) ?? lastError;
        break;
    }
  });
  return {
    push: lines.push,
    end() {
      lines.end();
      const refused: CliError | null =
        refusal === undefined ? null : { message: refusal, kind: 'refused' };
      // A turn without a message: what it told before is why.
      const error = failure ?? refused ?? (completed && text !== null ? null : lastError);
      return {
        text: completed ? text : null,
        usage,
        rest: text ?? lines.rest(),
        error: error ?? undefined,
        late,
      };
    },
  };
}

/** The service's own error is passed on as JSON within the message. */
function errorOf(event: unknown): CliError | null {
  const fault = field(event, 'error');
  const message = textField(fault, 'message') ?? textField(event, 'message');
  if (message === undefined) return null;
  const inner = parsedJson(message);
  const cause = field(inner, 'error');
  const text = textField(cause, 'message') ?? textField(inner, 'detail');
  const status = count(field(inner, 'status')) || undefined;
  const codes = [fault, cause].flatMap((error) =>
    ['code', 'type', 'codex_error_info', 'codexErrorInfo'].map((name) => textField(error, name)),
  );
  return { message: text ?? message, status, codes: codes.filter(isText) };
}

/** Their `input_tokens` holds what was cached, their `output_tokens` the reasoning. */
function usageOf(usage: unknown): Usage | undefined {
  if (usage === undefined) return undefined;
  return {
    input: count(field(usage, 'input_tokens')),
    cachedInput: count(field(usage, 'cached_input_tokens')),
    cacheWrite: 0,
    output: count(field(usage, 'output_tokens')),
    reasoning: count(field(usage, 'reasoning_output_tokens')),
  };
}
