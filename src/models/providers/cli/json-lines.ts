import { parsedJson } from '../json-fields.ts';

/** So much of the output that is no event is kept, in characters. */
const maxRest = 4 * 1024 * 1024;

export interface JsonLines {
  push(text: string): void;
  /** The last line, and the output as one document where no line was an event. */
  end(): void;
  /** What was no event. */
  rest(): string;
}

/**
 * Finds the events in output that is meant to be one JSON object a line. Programs print notices among
 * them; a program that prints one document over many lines is read when it has ended.
 */
export function jsonLines(onEvent: (event: Record<string, unknown>) => void): JsonLines {
  let pending: string[] = [];
  let rest = '';
  let events = 0;
  const take = (line: string): void => {
    const event = objectIn(line);
    if (event === null) {
      if (line !== '' && rest.length < maxRest) rest += `${line}\n`;
      return;
    }
    events++;
    onEvent(event);
  };
  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        pending.push(text.slice(from, at));
        const line = pending.join('');
        pending = [];
        take(line.replace(/\r$/, ''));
        from = at + 1;
      }
      if (from < text.length) pending.push(text.slice(from));
    },
    end() {
      take(pending.join(''));
      pending = [];
      if (events > 0) return;
      for (const value of documents(rest)) onEvent(value);
    },
    rest: () => rest.trim(),
  };
}

// Indented lines are parts of a document that is spread over lines.
function objectIn(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{') || !line.trimEnd().endsWith('}')) return null;
  const value = parsedJson(line);
  return isObject(value) ? value : null;
}

/** The objects of a document: itself, or the members of an array; notices before it are passed over. */
function documents(text: string): Record<string, unknown>[] {
  const start = text.search(/^[{[]/m);
  if (start === -1) return [];
  const value = parsedJson(text.slice(start));
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
