import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdir, mkdtemp, rm, writeFile } from '../../../files/disk.ts';
import type { ResolvedCli, ResolvedProvider } from '../../../config/resolved-config.ts';
import { ownChoice } from '../../../domain/model-role.ts';
import { toSingleLine } from '../../../domain/text.ts';
import type { ModelProvider } from '../../language-model.ts';
import { vendorProvider, type Call, type Missing, type StreamEnd } from '../call.ts';
import { ProviderError } from '../provider-error.ts';
import type { ReplyLimits } from '../reply-limits.ts';
import { formatOf } from '../ways.ts';
import type { Cli } from './cli.ts';
import { errorIn } from './error-in.ts';
import { findProgram } from '../../../files/find-program.ts';
import { runProgram } from './run-program.ts';

/** How often a program that is silent by nature counts as alive, in ms. */
const pulseMs = 5_000;

/** A provider on top of a command-line program. */
export function cliProvider(
  config: ResolvedProvider,
  limits: ReplyLimits,
  cli: Cli,
): ModelProvider {
  const { cli: resolved } = config;
  if (resolved === undefined) throw new Error(`providers.${config.name} names no program`);
  const { title, install } = cli;
  const another = 'put another model first for this role';
  const works = `that ${title} works in a terminal.`;
  return vendorProvider(config, limits, {
    family: (model) => resolved.family ?? cli.family(model),
    missing: () => missing(config, resolved, cli),
    whenMissing: { kind: 'unavailable', fix: `${upper(install)}.` },
    endsWithSignal: true,
    errors: {
      auth: { words: 'is not signed in, or its key is not accepted', fix: cli.login },
      quota_exhausted: {
        fix: `Wait until the limit of the account behind ${title} is reset, or ${another}.`,
      },
      network: {
        words: 'could not reach its service',
        fix: `Check the network, and ${works}`,
      },
      unavailable: { fix: `Check the model's id, and ${works}` },
      bad_request: { fix: `Check providers.${config.name} in the config, or ${another}.` },
    },
    stream: (model, call) =>
      runCli(cli, resolved, model === ownChoice ? null : model, asHeld(call)),
  });
}

/** A schema that the program is not held to stands in the prompt already. */
function asHeld(call: Call): Call {
  const { schema, ...request } = call.request;
  return schema === undefined || formatOf(call.request, call.ways) === 'json_schema'
    ? call
    : { ...call, request };
}

function missing(config: ResolvedProvider, resolved: ResolvedCli, cli: Cli): Missing | null {
  const found = findProgram(resolved.command, resolved.environment);
  if ('problem' in found) return { reason: `${found.problem}; ${cli.install}`, variables: [] };
  const { keyVariables, apiKey = '' } = config;
  if (keyVariables.length === 0 || apiKey.trim() !== '') return null;
  return { reason: `${keyVariables.join(' or ')} is not set`, variables: keyVariables };
}

async function runCli(
  cli: Cli,
  { command, environment }: ResolvedCli,
  model: string | null,
  call: Call,
): Promise<StreamEnd> {
  const found = findProgram(command, environment);
  if ('problem' in found) throw new Error(`${command} is missing after all`);
  // For files that the program is told of, readable by their owner alone.
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-cli-'));
  try {
    const invocation = cli.prepare({ ...call, model }, folder);
    const size = Buffer.byteLength(invocation.input);
    if (cli.maxInputBytes !== undefined && size > cli.maxInputBytes)
      throw new ProviderError({
        kind: 'context_too_long',
        message: `${cli.title} reads at most ${cli.maxInputBytes} bytes, the prompt has ${size}`,
      });
    // Empty: the program's working folder.
    const cwd = join(folder, 'work');
    await mkdir(cwd);
    for (const [file, text] of Object.entries(invocation.files ?? {}))
      await writeFile(file, text, { mode: 0o600 });
    let streamed = '';
    const reader = cli.reader(call, (delta) => {
      streamed += delta;
      call.text(delta);
    });
    const pulse = cli.streams ? undefined : setInterval(call.alive, pulseMs);
    const end = await runProgram({
      path: found.path,
      args: invocation.args,
      cwd,
      environment: { ...environment, ...invocation.environment },
      input: invocation.input,
      signal: call.signal,
      onOutput: reader.push,
      onActivity: call.alive,
    }).finally(() => clearInterval(pulse));
    const reply = reader.end();
    const error = errorIn(cli, end, reply, streamed);
    if (error !== null) throw new ProviderError(error);
    const text = reply.text ?? '';
    // Programs that stream show the text as it grows; from others it comes at once.
    if (text.startsWith(streamed)) call.text(text.slice(streamed.length));
    return {
      text,
      finishReason: reply.finishReason ?? 'stop',
      rawFinishReason: reply.rawFinishReason ?? null,
      usage: reply.usage ?? null,
      servedBy: reply.servedBy ?? null,
      warnings: [
        ...(end.inputCut ? ['The program stopped reading before the prompt was over.'] : []),
        ...(reply.late === undefined
          ? []
          : [`After its reply the program said: ${toSingleLine(reply.late.message)}`]),
      ],
    };
  } finally {
    // A process that left the group may still write there: what remains is the system's to clear.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
