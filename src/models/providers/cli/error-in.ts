import type { ModelErrorKind } from '../../../domain/model-error.ts';
import { withoutColours } from '../../../domain/text.ts';
import { codedKind, type ErrorFacts } from '../provider-error.ts';
import type { Cli, CliError, Reply } from './cli.ts';
import { isOptionUnknown, kindOfStatus, kindOfWords } from './cli-words.ts';
import type { ProgramEnd } from './run-program.ts';

/**
 * What went wrong, from how the program ended and from what it said: each of both alone makes an error.
 * What is wrong with a whole reply is judged where all providers' replies are.
 * @returns null when there is a whole reply.
 */
export function errorIn(
  cli: Cli,
  end: ProgramEnd,
  reply: Reply,
  streamed: string,
): ErrorFacts | null {
  const rawReply = [reply.text, streamed, reply.rest].find((text) => (text ?? '') !== '');
  const failed = (kind: ModelErrorKind, message: string, status?: number): ErrorFacts => ({
    kind,
    message,
    status,
    exitCode: end.exitCode || undefined,
    rawReply: rawReply ?? undefined,
    // A failed reply may have been paid for.
    usage: reply.usage,
    ...(kind === 'unavailable' &&
      isOptionUnknown(message) && { fix: `Update ${cli.title}: ${cli.install}.` }),
  });
  if (end.startProblem !== null)
    return failed('unavailable', `it could not be started (${end.startProblem})`);
  if (end.tooMuchOutput) return failed('malformed', 'it printed without end and was stopped');
  if (end.signal !== null) return failed('overloaded', withStderr(`${end.signal} ended it`, end));

  const exitKind = end.exitCode === null ? undefined : cli.exitKinds?.[end.exitCode];
  const error = reply.error ?? (isOfTheReply(reply, end) ? reply.late : undefined);
  if (error !== undefined)
    return failed(kindOf(error) ?? exitKind ?? 'unavailable', error.message, error.status);
  if (end.exitCode !== 0) {
    const said = tail(end.stderr) || tail(reply.rest ?? '');
    const message = said === '' ? 'it failed without a word' : said;
    const cause = kindOfWords(message) === null ? causeIn(end) : null;
    const kind = exitKind ?? kindOfWords(cause ?? message) ?? 'unavailable';
    return failed(kind, cause ?? message);
  }
  if (reply.text !== null) return null;
  const message = (reply.rest ?? '') === '' ? 'it printed nothing' : 'its output is no whole reply';
  return failed('malformed', withStderr(message, end));
}

/** The line that names a cause; the last lines may be those of a stack. */
function causeIn({ stderrStart, stderr }: ProgramEnd): string | null {
  const lines = withoutColours(`${stderrStart}\n${stderr}`).split('\n');
  return (
    lines
      .find((line) => kindOfWords(line) !== null)
      ?.trim()
      .slice(0, 260) ?? null
  );
}

/** Whether an error that came after the reply spoils it: a program may fail at cleaning up. */
function isOfTheReply({ text, late }: Reply, end: ProgramEnd): boolean {
  if (late === undefined) return false;
  if (end.exitCode !== 0 || (text ?? '').trim() === '') return true;
  const kind = kindOf(late);
  return kind === 'refused' || kind === 'truncated';
}

/** From codes that say more than words, then words, then the other codes and the status. */
function kindOf({ kind, codes = [], message, status }: CliError): ModelErrorKind | null {
  const coded = codedKind(codes);
  if (kind !== undefined) return kind;
  if (coded?.telling === true) return coded.kind;
  return kindOfWords(message) ?? coded?.kind ?? kindOfStatus(message, status);
}

function withStderr(message: string, end: ProgramEnd): string {
  const said = tail(end.stderr);
  return said === '' ? message : `${message}; it said: ${said}`;
}

/** The last words of a text, in a length that a message can hold. */
function tail(text: string): string {
  const lines = withoutColours(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-6).join(' ').slice(-260);
}
