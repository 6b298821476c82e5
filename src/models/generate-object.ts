import { messageOf } from '../domain/errors.ts';
import * as z from 'zod';
import { askWithRepair } from './ask-with-repair.ts';
import { answerIn, parseJsonPiece, unwrapped } from '../text/json-reply.ts';
import { createMender } from '../text/mend-json.ts';
import type { TooLarge } from '../text/bundle/limits.ts';
import { readAs } from '../text/reply-schema.ts';
import type { LanguageModel, ModelRequest, ModelResult, ResponseSchema } from './language-model.ts';

export interface GeneratedObject<T> {
  readonly object: T;
  readonly result: ModelResult;
}

/** The JSON Schema that providers are shown for a reply. */
export function responseSchema(name: string, schema: z.ZodType): ResponseSchema {
  return { name, json: jsonOf(schema) };
}

/** Made once: that takes longer than all else about a call that is asked for an object. */
function jsonOf(schema: z.ZodType): Record<string, unknown> {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) return known;
  const json = portable(z.toJSONSchema(schema, { target: 'draft-7' })) as Record<string, unknown>;
  delete json['$schema'];
  jsonSchemas.set(schema, json);
  return json;
}

const jsonSchemas = new WeakMap<z.ZodType, Record<string, unknown>>();

/**
 * Without what providers' schema modes reject: number rules, as zod gives integers the bounds of safe integers,
 * and what stands for a field that is missing: it is asked for all the same.
 */
function portable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(portable);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !isRejected(key, value))
      .map(([key, value]) => [key, portable(value)]),
  );
}

/** A field of such a name has a schema, which is an object. */
function isRejected(key: string, value: unknown): boolean {
  const isRule = /^(exclusive)?(minimum|maximum)$/i.test(key) && typeof value === 'number';
  return isRule || (key === 'default' && (typeof value !== 'object' || value === null));
}

export interface ObjectOptions {
  /** Begins the message of the error, before the faults of the second reply. */
  readonly failed?: string;
  /** Replies that cannot be used stay in the call store: the same request is not paid for again. */
  readonly keepUnusable?: boolean;
}

/**
 * Asks for JSON that matches the schema. A reply that does not is shown to the model once with its exact
 * faults; a second one ends as ModelError `malformed` with the raw reply. Both are then forgotten by the
 * call store, so that a new run asks anew, unless `keepUnusable`.
 */
export async function generateObject<T>(
  model: LanguageModel,
  request: Omit<ModelRequest, 'schema'>,
  name: string,
  schema: z.ZodType<T>,
  { failed, keepUnusable = false }: ObjectOptions = {},
): Promise<GeneratedObject<T>> {
  const { value, result } = await askWithRepair(
    model,
    { ...request, schema: responseSchema(name, schema) },
    (text) => {
      const read = readObject(text, schema);
      if ('object' in read) return { value: read.object };
      return 'tooLarge' in read ? read : { faults: [read.faults] };
    },
    {
      failed:
        failed ?? `The reply for «${request.purpose.stage}» was not the JSON that was asked for`,
      forget: !keepUnusable,
    },
  );
  return { object: value, result };
}

/**
 * The object in a reply: bare, in a fence, or among sentences; small syntax faults are mended. Of several
 * the last that was meant counts, whether it can be used or not. A reply that was cut short is a fault:
 * mending it would make half a list look whole.
 */
export function readObject<T>(
  text: string,
  schema: z.ZodType<T>,
): { object: T } | { faults: string } | TooLarge {
  const keys = keysOf(schema);
  const mend = createMender();
  const piece = answerIn(text, keys, mend);
  if (piece === null) return { faults: 'It holds no JSON object.' };
  if (!piece.whole)
    return { faults: 'The JSON is never closed; the reply may have been cut short.' };
  let value: unknown;
  try {
    value = unwrapped(parseJsonPiece(piece.text, mend), keys);
  } catch (error) {
    return {
      faults: `It is not valid JSON: ${messageOf(error)}`,
    };
  }
  const read = readAs(schema, value);
  return 'data' in read ? { object: read.data } : read;
}

function keysOf(schema: z.ZodType): string[] {
  return Object.keys(jsonOf(schema)['properties'] ?? {});
}
