import * as z from 'zod';
import { replyBounds, tooManyValues, type TooLarge } from './bundle/limits.ts';
import { firstIssues } from './schema-issues.ts';

/**
 * The JSON value of a reply as its schema has it, or what is wrong with it. A schema takes its time for each
 * fault that it finds: a value that holds too many others is not looked at, and after some faults of its lists
 * no more are looked for.
 */
export function readAs<T>(
  schema: z.ZodType<T>,
  value: unknown,
): { readonly data: T } | { readonly faults: string } | TooLarge {
  const many = tooManyValues(countValues(value));
  if (many !== null) return many;
  const early = issuesInLists(schema, value);
  if (early.length >= replyBounds.faults)
    return {
      faults: `${firstIssues(new z.ZodError(early))}\n✖ There may be more faults like these.`,
    };
  const parsed = schema.safeParse(value);
  return parsed.success ? { data: parsed.data } : { faults: firstIssues(parsed.error) };
}

/** How many values there are at any depth, as far as it matters. A stack of its own: they can be nested without end. */
function countValues(value: unknown): number {
  const open = [value];
  let count = 0;
  while (open.length > 0 && count <= replyBounds.values) {
    const next = open.pop();
    count += 1;
    if (typeof next !== 'object' || next === null) continue;
    const members: readonly unknown[] = Array.isArray(next) ? next : Object.values(next);
    count += Math.max(0, members.length - (replyBounds.values - count));
    for (const member of members.slice(0, replyBounds.values)) open.push(member);
  }
  return count;
}

/** Faults in the lists that an object holds, entry by entry, up to the number that is told. */
function issuesInLists(schema: z.ZodType, value: unknown): z.core.$ZodIssue[] {
  if (schema instanceof z.ZodPipe) {
    const mended = (schema.def.in as z.ZodType).safeParse(value);
    return mended.success ? issuesInLists(schema.def.out as z.ZodType, mended.data) : [];
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null) return [];
  const found: z.core.$ZodIssue[] = [];
  for (const [key, field] of Object.entries(schema.shape as Record<string, unknown>)) {
    const list = (value as Record<string, unknown>)[key];
    if (!(field instanceof z.ZodArray) || !Array.isArray(list)) continue;
    const entry = field.element as z.ZodType;
    for (const [index, member] of list.entries()) {
      if (found.length >= replyBounds.faults) return found;
      const issues = entry.safeParse(member).error?.issues ?? [];
      for (const issue of issues) found.push({ ...issue, path: [key, index, ...issue.path] });
    }
  }
  return found;
}
