import * as z from 'zod';
import { fileBundleSchema } from '../../domain/bundle.ts';
import { parseJsonPiece, scanJson } from '../json-reply.ts';
import { checkedBundle, type ParsedBundle, type ParseOptions } from './parsed.ts';

/** What a model is told of the form that `parseJsonBundle` reads. */
export const jsonInstructions = `Reply with one JSON object and nothing else:
{"files": [{"path": "src/a.js", "content": "…the whole content…"}],
 "edits": [{"path": "package.json", "search": "old text, copied exactly, that occurs once", "replace": "new text"}],
 "deletions": ["old/file.js"], "tests": ["test/a.test.js"], "commands": ["node --test"], "notes": ""}
All keys are required; lists may be empty. Paths are relative to the project's folder, with forward slashes. \`tests\` names the test files among the files, \`commands\` how to run them.`;

/**
 * Reads a bundle as JSON: bare, in a fence, or after a sentence. Small syntax faults are mended, but a
 * reply that was cut short is a fault: mending it would make half a file look whole.
 */
export function parseJsonBundle(text: string, options: ParseOptions = {}): ParsedBundle {
  const start = startOfObject(text);
  if (start === -1) return { faults: ['The reply holds no JSON object.'] };
  const { end } = scanJson(text, start);
  if (end === null)
    return { faults: ['The JSON object is never closed; the reply may have been cut short.'] };
  let value: unknown;
  try {
    value = parseJsonPiece(text.slice(start, end));
  } catch (error) {
    return { faults: [`The reply is not valid JSON: ${messageOf(error)}`] };
  }
  const parsed = fileBundleSchema.safeParse(value);
  return parsed.success
    ? checkedBundle(parsed.data, options)
    : { faults: z.prettifyError(parsed.error).split('\n✖').map(withoutMark) };
}

function startOfObject(text: string): number {
  // Prose before the object may hold braces of its own.
  const known = text.search(/\{\s*"(?:files|edits|deletions|tests|commands|notes)"\s*:/);
  return known === -1 ? text.indexOf('{') : known;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function withoutMark(line: string): string {
  return line.replace(/^✖?\s*/, '').replace(/\s*\n\s*/g, ' ');
}
