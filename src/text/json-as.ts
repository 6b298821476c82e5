import type * as z from 'zod';

/** A value as the text of a JSON file that people read. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The value in a JSON text; null where there is no text, or it is not of the schema. */
export function parseJsonAs<T>(text: string | null, schema: z.ZodType<T>): T | null {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return schema.safeParse(value).data ?? null;
}
