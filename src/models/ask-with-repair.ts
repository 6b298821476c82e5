import { ModelError } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { fenced } from '../text/fence.ts';
import type { LanguageModel, ModelRequest, ModelResult } from './language-model.ts';

/**
 * What a reply holds, or what is wrong with it, in words for the model; one that is too large to be worked on
 * is not shown to it again.
 */
export type ReadReply<T> =
  | { readonly value: T }
  | { readonly faults: readonly string[]; readonly tooLarge?: true };

/** Of a reply that is not worked on so much is kept, characters. */
const keptReply = 500_000;

/**
 * Asks, and shows the model the exact faults of a reply that cannot be read, once.
 * @param failed begins the error's message, before the faults of the second reply.
 * @throws ModelError `malformed` with the raw reply when the second one cannot be read either,
 * `reply_too_large` for one that passes a bound
 */
export async function askWithRepair<T>(
  model: LanguageModel,
  request: ModelRequest,
  read: (text: string) => ReadReply<T> | Promise<ReadReply<T>>,
  options: { failed: string; forget: boolean },
): Promise<{ value: T; result: ModelResult }> {
  const first = await model.generate(request);
  const firstRead = await read(first.text);
  if ('value' in firstRead) return { value: firstRead.value, result: first };
  if (firstRead.tooLarge === true) throw await tooLarge(first, firstRead.faults);

  const second = await model.generate({
    ...request,
    purpose: { ...request.purpose, stage: `${request.purpose.stage}:repair` },
    parts: [
      ...request.parts,
      // Providers refuse a message without text.
      { role: 'assistant', name: 'reply', text: first.text.trim() === '' ? '(empty)' : first.text },
      {
        role: 'user',
        name: 'faults',
        text: [
          'Your reply could not be used; nothing of it was kept:',
          fenced(firstRead.faults.map((fault) => `- ${fault}`).join('\n')),
          'Send all of it again in the form that was asked for, corrected, and nothing else.',
        ].join('\n'),
      },
    ],
  });
  const secondRead = await read(second.text);
  if ('value' in secondRead) return { value: secondRead.value, result: second };
  if (secondRead.tooLarge === true) throw await tooLarge(second, secondRead.faults);

  if (options.forget) {
    await first.forget?.();
    await second.forget?.();
  }
  throw new ModelError({
    kind: 'malformed',
    model: formatModelRef(second.identity.ref),
    message: `${options.failed}, twice: ${secondRead.faults.join('; ')}`,
    fix: 'Run the same command again, or put another model first for this role.',
    rawReply: second.text,
  });

  async function tooLarge(result: ModelResult, faults: readonly string[]): Promise<ModelError> {
    if (options.forget) await result.forget?.();
    return new ModelError({
      kind: 'reply_too_large',
      model: formatModelRef(result.identity.ref),
      message: `${options.failed}: ${faults.join('; ')}`,
      fix: 'Make the task smaller, run it again, or put another model first for this role.',
      rawReply: result.text.slice(0, keptReply),
    });
  }
}
