/** An event of a stream: its data, and whether the blank line after it was there. */
export interface ServerEvent {
  readonly data: string;
  readonly finished: boolean;
}

/**
 * The events of a stream in the form `text/event-stream`: comments, names and ids are passed over, lines end
 * in LF, CR or CRLF, several lines of data are one event. The last one counts without its blank line too,
 * as `finished: false`. Source: the HTML standard, «Server-sent events», interpreting an event stream.
 */
export async function* parseEvents(texts: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let data: string[] = [];
  for await (const line of linesOf(texts)) {
    if (line !== '') {
      const value = dataOf(line);
      if (value !== null) data.push(value);
    } else if (data.length > 0) {
      yield { data: data.join('\n'), finished: true };
      data = [];
    }
  }
  if (data.length > 0) yield { data: data.join('\n'), finished: false };
}

/** Null for a line of another field, and for a comment. */
function dataOf(line: string): string | null {
  if (line === 'data') return '';
  if (!line.startsWith('data:')) return null;
  return line.startsWith('data: ') ? line.slice('data: '.length) : line.slice('data:'.length);
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let pending: string[] = [];
  let afterReturn = false;
  for await (const text of texts) {
    let from = 0;
    // The other half of a CRLF that was cut between two pieces.
    if (afterReturn && text.startsWith('\n')) from = 1;
    if (text !== '') afterReturn = text.endsWith('\r');
    const ends = /\r\n|\r|\n/g;
    ends.lastIndex = from;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      pending.push(text.slice(from, end.index));
      yield pending.join('');
      pending = [];
      from = end.index + end[0].length;
    }
    if (from < text.length) pending.push(text.slice(from));
  }
  if (pending.length > 0) yield pending.join('');
}
