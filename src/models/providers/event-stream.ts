import { field, parsedJson } from './json-fields.ts';
import { readErrorBody } from './http-errors.ts';
import { ProviderError, type ErrorFacts } from './provider-error.ts';
import { parseEvents } from './sse.ts';

/** So much of what is no event is shown, characters. */
const headLimit = 200;

/** The members of a vendor's events that its SDK is to see. */
export interface EventWays {
  /** Whether its SDK tells events by their names. */
  readonly named?: boolean;
  /** The events that a reply in one document stands for; null for a document that is no reply. */
  readonly eventsOf: (document: Record<string, unknown>) => readonly object[] | null;
}

export interface EventStream {
  /** Events in the one form that every SDK reads. */
  readonly body: ReadableStream<Uint8Array>;
  /** Whether the server said that its stream is over. */
  isDone(): boolean;
}

/**
 * A reply as the server sent it, in the form that SDKs read: events as the standard allows them, whatever
 * content type stands above them, or one document where a stream was asked for. Each event is an object.
 * @throws ProviderError while it is read, for what is no reply, or no event
 */
export function eventStream(body: ReadableStream<Uint8Array>, ways: EventWays): EventStream {
  const reader = body.getReader();
  let done = false;
  async function* normalised(): AsyncGenerator<Uint8Array> {
    const texts = decoded(reader);
    let head = '';
    // A loop over it would end it where it breaks off.
    for (let next = await texts.next(); next.done !== true; next = await texts.next()) {
      head += next.value;
      if (head.trimStart() !== '') break;
    }
    const rest = joined(head, texts);
    if (/^\s*[{[<]/.test(head)) {
      for (const event of documentEvents(await whole(rest), ways)) yield encoded(event, ways);
      done = true;
      return;
    }
    let events = 0;
    let seen = '';
    const watched = passing(rest, (text) => {
      if (seen.length < headLimit) seen += text;
    });
    for await (const { data, finished } of parseEvents(watched)) {
      events++;
      if (data.trim() === '') continue;
      done = data.trim() === '[DONE]';
      if (done) return;
      const event = parsedJson(data);
      // A stream that broke off within its last event holds half of it.
      if (event === undefined && !finished) return;
      yield encoded(checked(event, data), ways);
    }
    if (events === 0 && seen.trim() !== '' && !isEvents(seen))
      throw new ProviderError(foreignReply(seen, ''));
  }
  return { body: streamOf(normalised(), reader), isDone: () => done };
}

function encoded(event: object, { named }: EventWays): Uint8Array {
  const type = field(event, 'type');
  const name = named === true && typeof type === 'string' ? `event: ${type}\n` : '';
  return new TextEncoder().encode(`${name}data: ${JSON.stringify(event)}\n\n`);
}

/** @throws ProviderError for an event that no vendor could mean */
function checked(event: unknown, data: string): object {
  if (event === undefined) throw malformed('the stream holds an event that is not JSON');
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    throw malformed(`the stream holds an event that is no object: ${data.slice(0, headLimit)}`);
  if (Object.keys(event).length === 0) throw malformed('the stream holds an event without fields');
  return event;
}

/** Several documents are events that came without a form around them. @throws ProviderError for no reply */
function documentEvents(text: string, { eventsOf }: EventWays): readonly object[] {
  const documents = documentsIn(text) ?? [];
  const failed = documents.find((document) => field(document, 'error') !== undefined);
  if (failed !== undefined) throw new ProviderError(readErrorBody(failed));
  const [only, ...others] = documents;
  const events = only === undefined ? null : others.length > 0 ? documents : eventsOf(only);
  if (events === null) throw new ProviderError(foreignReply(text, ''));
  return events;
}

/** One object, a list of them, or one a line; null for anything else. */
function documentsIn(text: string): Record<string, unknown>[] | null {
  const value = parsedJson(text);
  const values =
    value === undefined
      ? text
          .split(/\r\n|\r|\n/)
          .filter((line) => line.trim() !== '')
          .map(parsedJson)
      : Array.isArray(value)
        ? (value as unknown[])
        : [value];
  const objects = values.filter(
    (each): each is Record<string, unknown> =>
      typeof each === 'object' && each !== null && !Array.isArray(each),
  );
  return objects.length === values.length ? objects : null;
}

/** An error object in a good status is classed by its content; a page comes from a wrong address. */
export function foreignReply(text: string, type: string): ErrorFacts {
  const body = parsedJson(text);
  if (body === undefined) {
    const what = `answered ${type === '' ? 'text' : type} instead of a stream of events`;
    return { kind: 'unavailable', message: `${what}: ${text.slice(0, headLimit)}` };
  }
  const candidate = Array.isArray(body) ? (body as unknown[])[0] : body;
  if (typeof candidate === 'object' && candidate !== null && 'error' in candidate)
    return readErrorBody(body);
  return {
    kind: 'malformed',
    message: `answered JSON instead of a stream of events: ${text.slice(0, headLimit)}`,
    rawReply: text,
  };
}

function malformed(message: string): ProviderError {
  return new ProviderError({ kind: 'malformed', message });
}

function isEvents(head: string): boolean {
  return /^(data|event|id|retry)?:/m.test(head);
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function* decoded(reader: Reader): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (let next = await reader.read(); !next.done; next = await reader.read())
    yield decoder.decode(next.value, { stream: true });
  yield decoder.decode();
}

async function* joined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

async function* passing(
  texts: AsyncIterable<string>,
  see: (text: string) => void,
): AsyncGenerator<string> {
  for await (const text of texts) {
    see(text);
    yield text;
  }
}

async function whole(texts: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  for await (const text of texts) pieces.push(text);
  return pieces.join('');
}

/** The connection ends with the last chunk, with a fault, and when nobody reads any more. */
function streamOf(chunks: AsyncGenerator<Uint8Array>, reader: Reader): ReadableStream<Uint8Array> {
  const leave = (reason?: unknown): Promise<void> => reader.cancel(reason).catch(() => undefined);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done !== true) return controller.enqueue(next.value);
        controller.close();
        await leave();
      } catch (error) {
        controller.error(error);
        await leave(error);
      }
    },
    cancel: leave,
  });
}
