import stripAnsi from 'strip-ansi';
import type { ResolvedCli, ResolvedProvider } from '../../../config/resolved-config.ts';
import type { ModelProvider } from '../../language-model.ts';
import { modelFamily } from '../family.ts';
import { field } from '../json-fields.ts';
import type { ReplyLimits } from '../reply-limits.ts';
import type { Cli, Reply, ReplyReader } from './cli.ts';
import { cliProvider } from './cli-provider.ts';
import { conversation } from './conversation.ts';
import { documentIn, jsonLines, withoutTerminal } from './json-lines.ts';

/** Any program that takes a prompt on stdin and prints a reply. */
export function commandProvider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider {
  const resolved = config.cli;
  if (resolved === undefined) throw new Error(`providers.${config.name} names no program`);
  const command: Cli = {
    title: resolved.command,
    install: `check providers.${config.name}.command`,
    login: `Check that ${resolved.command} works in a terminal, and the variable in providers.${config.name}.apiKeyEnv.`,
    streams: false,
    family: (model) => modelFamily(config.name, model),
    prepare: ({ request, prompt, model }) => ({
      args: resolved.args.map((arg) => arg.replaceAll('{model}', model ?? 'default')),
      input: conversation(prompt, { system: true, schema: request.schema }),
    }),
    reader: (_call, onText) => readers[resolved.output](resolved, onText),
  };
  return cliProvider(config, limits, command);
}

type OnText = (delta: string) => void;

const readers: Record<ResolvedCli['output'], (cli: ResolvedCli, onText: OnText) => ReplyReader> = {
  text: () => wholeOutput((output) => ({ text: stripAnsi(output).replace(/\s+$/, '') || null })),
  json: ({ textPath }) =>
    wholeOutput((output) => {
      const rest = withoutTerminal(output).trim();
      const found = documentIn(rest);
      if (found === null) return { text: null, rest };
      // Without a path the document itself is the reply.
      const text = (textPath === undefined ? found.text : textAt(found.value, textPath)) ?? null;
      return { text, rest, error: errorOf(found.value, text) };
    }),
  jsonl: ({ textPath = 'text' }, onText) => {
    const pieces: string[] = [];
    let error: { message: string } | undefined;
    const lines = jsonLines((event) => {
      const piece = textAt(event, textPath);
      error = errorOf(event, piece ?? null) ?? error;
      if (piece === undefined) return;
      pieces.push(piece);
      onText(piece);
    });
    return {
      push: lines.push,
      end: () => {
        lines.end();
        return { text: pieces.length === 0 ? null : pieces.join(''), rest: lines.rest(), error };
      },
    };
  },
};

/** For output that says nothing before its end. */
function wholeOutput(read: (output: string) => Reply): ReplyReader {
  const pieces: string[] = [];
  return {
    push: (piece) => void pieces.push(piece),
    end: () => read(pieces.join('')),
  };
}

/** The text at a path as `choices.0.message.content`; undefined when none is there. */
function textAt(document: unknown, path: string): string | undefined {
  const value = path.split('.').reduce<unknown>((at, step) => field(at, step), document);
  return typeof value === 'string' ? value : undefined;
}

/** An `error` in place of a text, as most programs that print JSON tell of it. */
function errorOf(document: unknown, text: string | null): { message: string } | undefined {
  const error = text === null ? field(document, 'error') : undefined;
  if (error === undefined) return undefined;
  const message = typeof error === 'string' ? error : field(error, 'message');
  return { message: typeof message === 'string' ? message : JSON.stringify(error) };
}
