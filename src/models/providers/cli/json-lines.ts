import stripAnsi from 'strip-ansi';
import { parsedJson } from '../json-fields.ts';

/** So many lines that look like the beginning of a document are tried; `[INFO]` is one. */
const mostBeginnings = 20;
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
        take(plainLine(line));
        from = at + 1;
      }
      if (from < text.length) pending.push(text.slice(from));
    },
    end() {
      take(plainLine(pending.join('')));
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

/** The objects of a document: itself, or the members of an array. */
function documents(text: string): Record<string, unknown>[] {
  const value = documentIn(text)?.value;
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isObject);
}

/** The JSON document in what a program printed; notices before and after it are passed over. */
export function documentIn(output: string): { text: string; value: unknown } | null {
  const whole = parsedJson(output);
  if (whole !== undefined) return { text: output, value: whole };
  const end = Math.max(output.lastIndexOf('}'), output.lastIndexOf(']')) + 1;
  const beginning = /^[{[]/gm;
  for (let tries = 0; tries < mostBeginnings; tries++) {
    const start = beginning.exec(output)?.index;
    if (start === undefined) break;
    const text = output.slice(start, end);
    const value = parsedJson(text);
    if (value !== undefined) return { text, value };
  }
  return null;
}

/** Without colours, cursor moves and a byte order mark; none of these can be part of JSON. */
export function withoutTerminal(text: string): string {
  const plain = /[\u001b\u009b]/.test(text) ? stripAnsi(text) : text;
  return plain.replace(/^\ufeff/, '');
}

/** As a terminal shows it: what returns to the line's start writes over it, as progress does. */
function plainLine(line: string): string {
  const plain = withoutTerminal(line.replace(/\r+$/, ''));
  return plain.slice(plain.lastIndexOf('\r') + 1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
