import { jsonrepair } from 'jsonrepair';
import * as z from 'zod';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import type { LanguageModel, ModelRequest, ModelResult, ResponseSchema } from './language-model.ts';

export interface GeneratedObject<T> {
  readonly object: T;
  readonly result: ModelResult;
}

/** The JSON Schema that providers are shown for a reply. */
export function responseSchema(name: string, schema: z.ZodType): ResponseSchema {
  const json = z.toJSONSchema(schema, { target: 'draft-7' }) as Record<string, unknown>;
  delete json['$schema'];
  return { name, json: withoutNumberRules(json) as Record<string, unknown> };
}

// zod gives integers the bounds of safe integers; providers' schema modes reject number rules.
function withoutNumberRules(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutNumberRules);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(
        ([key, value]) =>
          !(/^(exclusive)?(minimum|maximum)$/i.test(key) && typeof value === 'number'),
      )
      .map(([key, value]) => [key, withoutNumberRules(value)]),
  );
}

/**
 * Asks for JSON that matches the schema. A reply that does not is shown to the model once with its exact
 * faults; a second one ends as ModelError `malformed` with the raw reply, and both are forgotten by the
 * call store so that a new run asks anew.
 */
export async function generateObject<T>(
  model: LanguageModel,
  request: Omit<ModelRequest, 'schema'>,
  name: string,
  schema: z.ZodType<T>,
): Promise<GeneratedObject<T>> {
  const asked = { ...request, schema: responseSchema(name, schema) };
  const first = await model.generate(asked);
  const firstRead = readObject(first.text, schema);
  if ('object' in firstRead) return { object: firstRead.object, result: first };

  const second = await model.generate({
    ...asked,
    purpose: { ...request.purpose, stage: `${request.purpose.stage}:repair` },
    parts: [
      ...request.parts,
      { role: 'assistant', name: 'reply', text: first.text === '' ? '(empty)' : first.text },
      {
        role: 'user',
        name: 'faults',
        text: `Your reply could not be used:\n${firstRead.faults}\nSend the whole JSON object again, corrected, and nothing else.`,
      },
    ],
  });
  const secondRead = readObject(second.text, schema);
  if ('object' in secondRead) return { object: secondRead.object, result: second };

  await first.forget?.();
  await second.forget?.();
  throw new ModelError({
    kind: 'malformed',
    model: formatModelRef(second.identity.ref),
    message: `The reply for «${request.purpose.stage}» was not the JSON that was asked for, twice: ${secondRead.faults}`,
    fix: 'Run the same command again, or put another model first for this role.',
    rawReply: second.text,
  });
}

/** The object in a reply: bare, in a fence, or after a sentence; small syntax faults are mended. */
export function readObject<T>(
  text: string,
  schema: z.ZodType<T>,
): { object: T } | { faults: string } {
  const source = jsonPart(text);
  if (source === null) return { faults: 'It holds no JSON object.' };
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    try {
      value = JSON.parse(jsonrepair(source));
    } catch (error) {
      return {
        faults: `It is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { object: parsed.data };
  return { faults: z.prettifyError(parsed.error) };
}

function jsonPart(text: string): string | null {
  const start = text.search(/[{[]/);
  if (start === -1) return null;
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  return end > start ? text.slice(start, end + 1) : text.slice(start);
}
