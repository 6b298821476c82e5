import type * as z from 'zod';
import type { StrategyRecord } from '../strategy.ts';

export async function recordJson(
  record: StrategyRecord,
  name: string,
  value: unknown,
): Promise<void> {
  await record.write(name, `${JSON.stringify(value, null, 2)}\n`);
}

/** Null when there is none, or when a person made something else of it. */
export async function readRecord<T>(
  record: StrategyRecord,
  name: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const text = await record.read(name);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
