import { messageOf } from '../../domain/errors.ts';
import * as z from 'zod';
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
 "deletions": ["old/file.js"], "renames": [{"from": "a.js", "to": "src/a.js"}],
 "tests": ["test/a.test.js"], "commands": ["node --test"], "notes": ""}
All keys are required; lists may be empty. Paths are relative to the project's folder, with forward slashes. \`tests\` names the test files among the files, \`commands\` how to run them. A renamed file keeps what it holds, be it text or not; edits of it name its new path.`;

/** What is asked for: renames are worked into the bundle that is kept. */
export const bundleReplySchema = fileBundleSchema.extend({
  renames: z.array(z.strictObject({ from: z.string(), to: z.string() })),
});

const keys = Object.keys(bundleReplySchema.shape);

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
  const read = readAs(bundleReplySchema, withRenamesKey(value));
  if ('data' in read) {
    const { renames, ...bundle } = read.data;
    const checked = checkedBundle(bundle, options, renames.length);
    return 'bundle' in checked && renames.length > 0 ? { ...checked, renames } : checked;
  }
  if ('tooLarge' in read) return read;
  return { faults: firstFaults(read.faults.split('\n✖').map(withoutMark)) };
}

/** Whoever renames nothing may leave it out, as recorded replies of before do. */
function withRenamesKey(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { renames: [], ...value } : value;
}

function withoutMark(line: string): string {
  return line.replace(/^✖?\s*/, '').replace(/\s*\n\s*/g, ' ');
}
