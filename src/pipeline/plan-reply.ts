import * as z from 'zod';
import { planReplySchema, refineReplySchema } from '../domain/plan.ts';

type Fields = Readonly<Record<string, unknown>>;

const taskShape = planReplySchema.shape.tasks.element.shape;
const requirementShape = planReplySchema.shape.requirements.element.shape;
const removedShape = refineReplySchema.shape.removed.element.shape;

/**
 * The reply schemas with the slips undone that need no judgement: a number or an enum value in another
 * spelling, a single string or null for a list, a hint or a list left out, fields nobody asked for. What
 * would need a guess, as an unknown task type, stays and is shown to the model.
 */
export const lenientPlanReply = z.preprocess(
  (value) =>
    mend(value, planReplySchema.shape, {
      requirements: (items) => each(items, mendRequirement),
      tasks: (items) => each(items, mendTask),
    }),
  planReplySchema,
);

export const lenientRefineReply = z.preprocess(
  (value) =>
    mend(value, refineReplySchema.shape, {
      tasks: (items) => each(items, mendTask),
      removed: (items) => each(items, (item) => mend(item, removedShape, { id: text })),
      notes: list,
    }),
  refineReplySchema,
);

const mendTask = (value: unknown): unknown =>
  mend(value, taskShape, {
    id: text,
    description: (description) => description ?? '',
    type: enumeration,
    dependsOn: list,
    requirements: list,
    acceptance: list,
    files: list,
    complexity: (complexity) => {
      const number = typeof complexity === 'string' ? parseFloat(complexity) : complexity;
      return typeof number === 'number' ? Math.round(number) : (number ?? 3);
    },
    category: (category) => enumeration(category ?? 'general'),
    workflow: (workflow) => enumeration(workflow ?? 'coding'),
  });

const mendRequirement = (value: unknown): unknown =>
  mend(value, requirementShape, { id: text, acceptance: list });

function mend(
  value: unknown,
  shape: Fields,
  mends: Readonly<Record<string, (field: unknown) => unknown>>,
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = new Map(Object.entries(value));
  return Object.fromEntries(
    Object.keys(shape).map((key) => [
      key,
      Object.hasOwn(mends, key) ? mends[key]?.(fields.get(key)) : fields.get(key),
    ]),
  );
}

function each(items: unknown, change: (item: unknown) => unknown): unknown {
  if (items === null || items === undefined) return [];
  return Array.isArray(items) ? items.map(change) : items;
}

function list(value: unknown): unknown {
  if (value === null || value === undefined || value === '') return [];
  return (Array.isArray(value) ? value : [value]).map(text);
}

function text(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}

function enumeration(value: unknown): unknown {
  return typeof value === 'string'
    ? value
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_')
    : value;
}
