import type { ResolvedCli, ResolvedProvider } from '../../../config/resolved-config.ts';
import { InterruptedError, throwIfAborted } from '../../../domain/errors.ts';
import type { ModelError } from '../../../domain/model-error.ts';
import { formatModelRef } from '../../../domain/model-role.ts';
import { estimateTokens } from '../../../domain/text.ts';
import type {
  LanguageModel,
  ModelIdentity,
  ModelProvider,
  ModelRequest,
  ModelResult,
} from '../../language-model.ts';
import { arrangePrompt } from '../prompt.ts';
import { callFolder } from './call-folder.ts';
import type { Cli, CliCall, Invocation, Reply } from './cli.ts';
import { cliError, type CliErrorContext } from './cli-error.ts';
import { failureIn, type Failure } from './failure.ts';
import { findProgram } from './find-program.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';

/** How often a program that is silent by nature counts as alive, in ms. */
const pulseMs = 5_000;

/** The model's part of a reference that leaves the choice to the program. */
const ownChoice = 'default';

/** A provider on top of a command-line program. */
export function cliProvider(config: ResolvedProvider, cli: Cli): ModelProvider {
  const resolved = config.cli;
  if (resolved === undefined) throw new Error(`providers.${config.name} names no program`);
  return {
    name: config.name,
    unavailable: () => missing(config, resolved, cli),
    model(id): LanguageModel {
      const identity: ModelIdentity = {
        ref: { provider: config.name, model: id },
        family: resolved.family ?? cli.family(id),
      };
      const context = { config, resolved, cli, model: formatModelRef(identity.ref) };
      return { identity, generate: (request) => generate(context, identity, request) };
    },
  };
}

function missing(
  config: ResolvedProvider,
  resolved: ResolvedCli,
  cli: Cli,
): { reason: string; variables: readonly string[] } | null {
  const found = findProgram(resolved.command, resolved.environment);
  if ('problem' in found) return { reason: `${found.problem}; ${cli.install}`, variables: [] };
  if (config.keyVariables.length === 0 || (config.apiKey ?? '').trim() !== '') return null;
  return {
    reason: `${config.keyVariables.join(' or ')} is not set`,
    variables: config.keyVariables,
  };
}

async function generate(
  context: CliErrorContext,
  identity: ModelIdentity,
  request: ModelRequest,
): Promise<ModelResult> {
  throwIfAborted(request.signal);
  const { cli, config, resolved } = context;
  const lacking = missing(config, resolved, cli);
  const found = findProgram(resolved.command, resolved.environment);
  if (lacking !== null || 'problem' in found) {
    const message = lacking?.reason ?? '';
    throw cliError(context, { kind: 'unavailable', message, fix: `${upper(cli.install)}.` });
  }
  const prompt = arrangePrompt(request.parts);
  if (prompt === null) throw cliError(context, { kind: 'bad_request', message: 'empty prompt' });
  const { model } = identity.ref;
  const call: CliCall = { request, prompt, model: model === ownChoice ? null : model };

  const folder = await callFolder();
  try {
    const invocation = cli.prepare(call, folder.path);
    const size = Buffer.byteLength(invocation.input);
    if (cli.maxInputBytes !== undefined && size > cli.maxInputBytes)
      throw cliError(context, {
        kind: 'context_too_long',
        message: `${cli.title} reads at most ${cli.maxInputBytes} bytes, the prompt has ${size}`,
      });
    await folder.write(invocation.files ?? {});
    let streamed = '';
    const reader = cli.reader(call, (delta) => {
      if (delta === '') return;
      streamed += delta;
      request.onText?.(delta);
    });
    const end = await run(found.path, invocation, folder.work, context, request, reader.push);
    throwIfAborted(request.signal);
    const reply = reader.end();
    const failure = failureIn(cli, end, reply, streamed);
    if (failure !== null) throw failed(context, failure, end);
    return resultOf(reply, streamed, identity, invocation, end, request);
  } catch (error) {
    // What a program makes of being ended is of no interest.
    throw request.signal.aborted ? new InterruptedError() : error;
  } finally {
    await folder.remove();
  }
}

async function run(
  path: string,
  invocation: Invocation,
  cwd: string,
  { cli, resolved }: CliErrorContext,
  request: ModelRequest,
  onOutput: (text: string) => void,
): Promise<ProgramEnd> {
  const alive = (): void => request.onActivity?.();
  const pulse = cli.streams ? undefined : setInterval(alive, pulseMs);
  try {
    return await runProgram({
      path,
      args: invocation.args,
      cwd,
      environment: { ...resolved.environment, ...invocation.environment },
      input: invocation.input,
      // A signal of this call alone: one that many calls listen on makes Node warn of a leak.
      signal: AbortSignal.any([request.signal]),
      onOutput,
      onActivity: alive,
    });
  } finally {
    clearInterval(pulse);
  }
}

function failed(context: CliErrorContext, failure: Failure, end: ProgramEnd): ModelError {
  const { optionUnknown, ...facts } = failure;
  return cliError(context, {
    ...facts,
    exitCode: end.exitCode === 0 ? null : end.exitCode,
    ...(optionUnknown && {
      fix: `Update ${context.cli.title}: ${context.cli.install}.`,
    }),
  });
}

/** A reply in which no failure was found. */
function resultOf(
  reply: Reply,
  streamed: string,
  identity: ModelIdentity,
  invocation: Invocation,
  end: ProgramEnd,
  request: ModelRequest,
): ModelResult {
  const text = reply.text ?? '';
  // Programs that stream show the text as it grows; from others it comes at once.
  const unseen = text.startsWith(streamed) ? text.slice(streamed.length) : '';
  if (unseen !== '') request.onText?.(unseen);
  return {
    text,
    finishReason: reply.finishReason ?? 'stop',
    rawFinishReason: reply.rawFinishReason ?? null,
    usage: reply.usage ?? {
      input: estimateTokens(invocation.input),
      cachedInput: 0,
      cacheWrite: 0,
      output: estimateTokens(text),
      reasoning: 0,
    },
    identity,
    servedBy: reply.servedBy ?? identity.ref.model,
    warnings: [
      ...(reply.usage === undefined ? ['The program reported no usage; it is estimated.'] : []),
      ...(end.inputCut ? ['The program stopped reading before the prompt was over.'] : []),
    ],
  };
}

const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
