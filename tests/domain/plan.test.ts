import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { fileBundleSchema } from '../../src/domain/bundle.ts';
import { clarifyReplySchema, planReplySchema, refineReplySchema } from '../../src/domain/plan.ts';
import { reviewReplySchema } from '../../src/domain/review.ts';

const plannedTask = {
  id: 'T1',
  title: 'x',
  description: '',
  type: 'code',
  dependsOn: [],
  requirements: [],
  acceptance: [],
  files: [],
  complexity: 3,
  category: 'general',
  workflow: 'coding',
};

/** Providers' schema modes refuse a schema that breaks one of these rules. */
function portabilityFaults(node: unknown, at = '$'): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const schema = node as Record<string, unknown>;
  const faults: string[] = [];
  if (schema['type'] === 'object') {
    const properties = Object.keys((schema['properties'] ?? {}) as object);
    if (schema['additionalProperties'] !== false) faults.push(`${at}: takes extra properties`);
    const required = (schema['required'] ?? []) as string[];
    for (const name of properties)
      if (!required.includes(name)) faults.push(`${at}.${name}: is optional`);
  }
  for (const rule of [
    '$ref',
    'pattern',
    'minLength',
    'maxLength',
    'minItems',
    'maxItems',
    'format',
  ])
    if (rule in schema) faults.push(`${at}: has ${rule}`);
  for (const [key, child] of Object.entries(schema))
    faults.push(...portabilityFaults(child, `${at}.${key}`));
  return faults;
}

test.each([
  ['plan', planReplySchema],
  ['refine', refineReplySchema],
  ['clarify', clarifyReplySchema],
  ['review', reviewReplySchema('any')],
  ['bundle', fileBundleSchema],
] as [string, z.ZodType][])('the %s reply is in the portable schema style', (_name, schema) => {
  expect(portabilityFaults(z.toJSONSchema(schema, { target: 'draft-7' }))).toEqual([]);
});

describe('replies', () => {
  test('a whole one is taken', () => {
    expect(planReplySchema.safeParse({ requirements: [], tasks: [plannedTask] }).success).toBe(
      true,
    );
    expect(refineReplySchema.safeParse({ tasks: [], removed: [], notes: [] }).success).toBe(true);
    expect(clarifyReplySchema.safeParse({ questions: [] }).success).toBe(true);
  });

  test.each([
    ['an unknown type', { ...plannedTask, type: 'magic' }, 'type'],
    ['a missing field', { ...plannedTask, files: undefined }, 'files'],
    ['a fraction', { ...plannedTask, complexity: 1.5 }, 'complexity'],
    ['a status, which no model may set', { ...plannedTask, status: 'done' }, 'status'],
  ])('%s is named', (_name, task, field) => {
    const parsed = planReplySchema.safeParse({ requirements: [], tasks: [task] });
    expect(parsed.success).toBe(false);
    expect(z.prettifyError(parsed.error ?? new z.ZodError([]))).toContain(field);
  });
});
