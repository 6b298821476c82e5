import type { ModelErrorKind } from '../../../domain/model-error.ts';
import { withoutControls } from '../../../domain/text.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { Cli, Reply } from './cli.ts';
import { isOptionUnknown, kindOfWords } from './cli-words.ts';
import type { ProgramEnd } from './run-program.ts';

export interface Failure {
  readonly kind: ModelErrorKind;
  readonly message: string;
  readonly status?: number | undefined;
  readonly rawReply?: string | undefined;
  /** A failed reply may have been paid for. */
  readonly usage?: Usage | undefined;
  readonly optionUnknown: boolean;
}

/**
 * What went wrong, from how the program ended and from what it said: each of both alone makes a failure.
 * @returns null when the reply is whole and usable.
 */
export function failureIn(
  cli: Cli,
  end: ProgramEnd,
  reply: Reply,
  streamed: string,
): Failure | null {
  const rawReply =
    [reply.text, streamed, reply.rest].find((text) => (text ?? '') !== '') ?? undefined;
  const failure = (kind: ModelErrorKind, message: string, status?: number): Failure => ({
    kind,
    message,
    status,
    rawReply,
    usage: reply.usage,
    optionUnknown: kind === 'unavailable' && isOptionUnknown(message),
  });
  if (end.startFault !== null)
    return failure('unavailable', `it could not be started (${end.startFault})`);
  if (end.tooMuchOutput) return failure('malformed', 'it printed without end and was stopped');
  if (end.signal !== null) return failure('overloaded', withStderr(`${end.signal} ended it`, end));

  const { fault } = reply;
  const exitKind = end.exitCode === null ? undefined : cli.exitKinds?.[end.exitCode];
  if (fault !== undefined) {
    const kind =
      fault.kind ?? kindOfWords(fault.message, fault.status) ?? exitKind ?? 'unavailable';
    return failure(kind, fault.message, fault.status);
  }
  if (end.exitCode !== 0) {
    const said = tail(end.stderr) || tail(reply.rest ?? '');
    const message = said === '' ? 'it failed without a word' : said;
    return failure(exitKind ?? kindOfWords(message) ?? 'unavailable', message);
  }
  if (reply.finishReason === 'length')
    return failure('truncated', `the reply reached a limit (${reply.rawFinishReason ?? ''})`);
  if (reply.finishReason === 'refusal') return failure('refused', reply.rawFinishReason ?? '');
  if (reply.text === null)
    return failure(
      'malformed',
      withStderr(
        (reply.rest ?? '') === '' ? 'it printed nothing' : 'its output is no whole reply',
        end,
      ),
    );
  return reply.text.trim() === '' ? failure('malformed', 'the reply is empty') : null;
}

function withStderr(message: string, end: ProgramEnd): string {
  const said = tail(end.stderr);
  return said === '' ? message : `${message}; it said: ${said}`;
}

/** The last words of a text, in a length that a message can hold. */
function tail(text: string): string {
  const lines = withoutControls(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-6).join(' ').slice(-260);
}
