import { fileBundleSchema } from '../../domain/bundle.ts';
import { answerIn, parseJsonPiece, unwrapped } from '../json-reply.ts';
import { createMender } from '../mend-json.ts';
import { readAs } from '../reply-schema.ts';
import { firstFaults, longReply } from './limits.ts';
import { checkedBundle, type ParsedBundle, type ParseOptions } from './parsed.ts';

/** What a model is told of the form that `parseJsonBundle` reads. */
export const jsonInstructions = `Reply with one JSON object and nothing else:
{"files": [{"path": "src/a.js", "content": "…the whole content…"}],
 "edits": [{"path": "package.json", "search": "old text, copied exactly, that occurs once", "replace": "new text"}],
 "deletions": ["old/file.js"], "tests": ["test/a.test.js"], "commands": ["node --test"], "notes": ""}
All keys are required; lists may be empty. Paths are relative to the project's folder, with forward slashes. \`tests\` names the test files among the files, \`commands\` how to run them.`;

const keys = Object.keys(fileBundleSchema.shape);

/**
 * Reads a bundle as JSON: bare, in a fence, or after a sentence. Small syntax faults are mended, but a
 * reply that was cut short is a fault: mending it would make half a file look whole.
 */
export function parseJsonBundle(text: string, options: ParseOptions = {}): ParsedBundle {
  const long = longReply(text);
  if (long !== null) return long;
  const mend = createMender();
  const piece = answerIn(text, keys, mend);
  if (piece === null) return { faults: ['The reply holds no JSON object.'] };
  if (!piece.whole)
    return { faults: ['The JSON object is never closed; the reply may have been cut short.'] };
  let value: unknown;
  try {
    value = unwrapped(parseJsonPiece(piece.text, mend), keys);
  } catch (error) {
    return { faults: [`The reply is not valid JSON: ${messageOf(error)}`] };
  }
  const read = readAs(fileBundleSchema, value);
  if ('data' in read) return checkedBundle(read.data, options);
  if ('tooLarge' in read) return read;
  return { faults: firstFaults(read.faults.split('\n✖').map(withoutMark)) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function withoutMark(line: string): string {
  return line.replace(/^✖?\s*/, '').replace(/\s*\n\s*/g, ' ');
}
