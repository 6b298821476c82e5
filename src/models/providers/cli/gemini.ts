import { join } from 'node:path';
import type { ResolvedProvider } from '../../../config/resolved-config.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { ModelProvider } from '../../language-model.ts';
import { replyEnd } from '../finish-reason.ts';
import { count, field, isText, textField } from '../json-fields.ts';
import type { ReplyLimits } from '../reply-limits.ts';
import type { Cli, CliCall, CliError, Invocation, Reply, ReplyReader } from './cli.ts';
import { cliProvider } from './cli-provider.ts';
import { conversation, instructions } from './conversation.ts';
import { kindOfWords } from './cli-words.ts';
import { jsonLines } from './json-lines.ts';

/** The `gemini` program, which without a terminal denies what would need an approval. */
export function geminiCliProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  return cliProvider(config, limits, gemini);
}

const gemini: Cli = {
  title: 'gemini',
  install: 'install it with npm install -g @google/gemini-cli',
  login: 'Run gemini in a terminal and sign in with /auth, or set GEMINI_API_KEY.',
  streams: true,
  // It cuts a longer prompt off and says so in its debug log alone.
  maxInputBytes: 8 * 1024 * 1024,
  exitKinds: {
    41: 'auth',
    42: 'bad_request',
    44: 'unavailable',
    52: 'unavailable',
    53: 'malformed',
    55: 'unavailable',
  },
  family: () => 'gemini',
  prepare,
  reader,
};

function prepare({ request, prompt, model }: CliCall, folder: string): Invocation {
  const systemFile = join(folder, 'system.md');
  return {
    args: [
      // Put after what comes through stdin.
      '--prompt',
      'Answer the request above.',
      '--output-format',
      'stream-json',
      '--approval-mode',
      'default',
      '--extensions',
      'none',
      ...(model === null ? [] : ['--model', model]),
    ],
    input: conversation(prompt, { system: false, schema: request.schema }),
    files: { [systemFile]: instructions(prompt) },
    environment: {
      GEMINI_SYSTEM_MD: systemFile,
      // The folder is ours and empty; without this newer versions refuse to work in it.
      GEMINI_CLI_TRUST_WORKSPACE: 'true',
    },
  };
}

function reader(_call: CliCall, onText: (delta: string) => void): ReplyReader {
  let text = '';
  let last: Record<string, unknown> | null = null;
  let told: CliError | undefined;
  let late: CliError | undefined;
  let servedBy: string | undefined;
  const lines = jsonLines((event) => {
    if (event['type'] === 'init') servedBy = textField(event, 'model');
    else if (event['type'] === 'message') {
      if (field(event, 'role') !== 'assistant') return;
      const piece = textField(event, 'content') ?? '';
      text += piece;
      onText(piece);
    } else if (event['type'] === 'error') {
      // Also what only a stream tells: that the reply was blocked, or cut off.
      if (last === null) told = spoken(event) ?? told;
      else late = spoken(event) ?? late;
    } else if (event['type'] === 'result' || isDocument(event)) {
      if (last !== null && errorOf(last) === undefined && errorOf(event) !== undefined)
        late = errorOf(event);
      else last = event;
    }
  });
  return {
    push: lines.push,
    end() {
      lines.end();
      if (last === null)
        return { text: null, rest: text === '' ? lines.rest() : text, error: told };
      const reply = replyOf(last, text, servedBy);
      return { ...reply, error: reply.error ?? aboutReply(told, reply.text), late };
    },
  };
}

/** What `--output-format json` prints; an error's document is the same in both formats. */
const isDocument = (event: Record<string, unknown>): boolean =>
  event['type'] === undefined && ('response' in event || 'error' in event);

function replyOf(end: Record<string, unknown>, streamed: string, model: string | undefined): Reply {
  const stats = field(end, 'stats');
  const text = isDocument(end) ? textField(end, 'response') : streamed;
  const raw = textField(end, 'finish_reason') ?? textField(end, 'finishReason');
  return {
    text: text ?? null,
    error: errorOf(end),
    ...(raw !== undefined && { rawFinishReason: raw, finishReason: replyEnd(raw) }),
    usage: usageOf(stats),
    servedBy: answeredBy(stats) ?? model,
  };
}

function errorOf(end: Record<string, unknown>): CliError | undefined {
  const error = field(end, 'error');
  const status = textField(end, 'status') ?? 'success';
  if (error === undefined && status === 'success') return undefined;
  const type = textField(error, 'type');
  const code = count(field(error, 'code'));
  const codes = [type, textField(error, 'code'), textField(error, 'status')].filter(isText);
  return {
    message: textField(error, 'message') ?? type ?? status,
    status: code >= 400 && code < 600 ? code : undefined,
    codes,
    kind: type === 'FatalAuthenticationError' ? 'auth' : undefined,
  };
}

/** An event that tells of a fault on its way, with its words beside or within an `error`. */
function spoken(event: Record<string, unknown>): CliError | undefined {
  const message = textField(event, 'message');
  return message === undefined ? errorOf(event) : { message };
}

/** What was told before a good result counts where it is why the reply is short, or none. */
function aboutReply(told: CliError | undefined, text: string | null): CliError | undefined {
  if (told === undefined) return undefined;
  const kind = kindOfWords(told.message);
  const spoils = kind === 'refused' || kind === 'truncated' || (text ?? '').trim() === '';
  return spoils ? told : undefined;
}

/** Totals where they are given, else the sum over the models; thinking is beside their output. */
function usageOf(stats: unknown): Usage | undefined {
  if (stats === undefined) return undefined;
  const tokens = perModel(stats).map(([, model]) => field(model, 'tokens'));
  const sum = (name: string): number =>
    tokens.reduce<number>((total, each) => total + count(field(each, name)), 0);
  const detailed = sum('prompt') + sum('candidates') > 0;
  if (detailed)
    return {
      input: sum('prompt') + sum('tool'),
      cachedInput: sum('cached'),
      cacheWrite: 0,
      output: sum('candidates') + sum('thoughts'),
      reasoning: sum('thoughts'),
    };
  const input = count(field(stats, 'input_tokens'));
  const output = count(field(stats, 'output_tokens'));
  const reasoning = Math.max(0, count(field(stats, 'total_tokens')) - input - output);
  if (input + output === 0) return undefined;
  return {
    input,
    cachedInput: count(field(stats, 'cached')),
    cacheWrite: 0,
    output: output + reasoning,
    reasoning,
  };
}

/** It may route within itself: the model that wrote most is the one that answered. */
function answeredBy(stats: unknown): string | undefined {
  const written = perModel(stats).map(([name, model]): [string, number] => [
    name,
    count(field(field(model, 'tokens'), 'candidates')) || count(field(model, 'output_tokens')),
  ]);
  return written.sort(([, a], [, b]) => b - a)[0]?.[0];
}

function perModel(stats: unknown): [string, unknown][] {
  const models = field(stats, 'models');
  return typeof models === 'object' && models !== null ? Object.entries(models) : [];
}
