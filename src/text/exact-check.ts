import * as z from 'zod';

/**
 * How many keys a value holds at any depth, when the schema would give it back exactly as it is: nothing
 * refused, filled in, changed or put in another order. -1 when it would not.
 */
export type ExactCheck = (value: unknown) => number;

/**
 * A check made from the schema's own definition. It builds nothing and collects no faults, so for a long
 * list that is nearly always sound it takes a tenth of what parsing does in a process that has just begun.
 * What it does not know of a schema it asks the schema.
 */
export function exactCheck(schema: z.core.$ZodType): ExactCheck {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object' && def.catchall?._zod.def.type === 'never')
    return objectCheck(def.shape);
  if (def.type === 'array' && def.checks === undefined) return listCheck(exactCheck(def.element));
  if (def.type === 'nullable') return orElse(null, exactCheck(def.innerType));
  if (def.type === 'optional') return orElse(undefined, exactCheck(def.innerType));
  // What a default fills in is not there exactly.
  if (def.type === 'default') return exactCheck(def.innerType);
  if (def.type === 'enum') return leafCheck(schema, oneOf(Object.values(def.entries)));
  if (def.type === 'literal') return leafCheck(schema, oneOf(def.values));
  if (def.type === 'string' || def.type === 'number' || def.type === 'boolean') {
    const { type } = def;
    return leafCheck(schema, (value) => typeof value === type);
  }
  return byParsing(schema);
}

function orElse(other: null | undefined, check: ExactCheck): ExactCheck {
  return (value) => (value === other ? 0 : check(value));
}

/** Keys in the schema's order, which is the one that parsing gives them. */
function objectCheck(shape: Readonly<Record<string, z.core.$ZodType>>): ExactCheck {
  const fields = Object.entries(shape).map(([key, field]) => ({
    key,
    check: exactCheck(field),
    optional: field._zod.def.type === 'optional',
  }));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return -1;
    const members = value as Readonly<Record<string, unknown>>;
    let count = 0;
    let at = 0;
    for (const key in members) {
      let field = fields[at++];
      while (field?.optional === true && field.key !== key) field = fields[at++];
      if (field?.key !== key) return -1;
      const inner = field.check(members[key]);
      if (inner < 0) return -1;
      count += inner + 1;
    }
    while (fields[at]?.optional === true) at++;
    return at === fields.length ? count : -1;
  };
}

function listCheck(check: ExactCheck): ExactCheck {
  return (value) => {
    if (!Array.isArray(value)) return -1;
    let count = 0;
    for (const member of value) {
      const inner = check(member);
      if (inner < 0) return -1;
      count += inner;
    }
    return count;
  };
}

type Rule = (value: never) => unknown;

const oneOf = (values: readonly unknown[]): Rule => {
  const known = new Set(values);
  return (value) => known.has(value);
};

/** For a value that holds no others: its type, then the schema's checks on it. */
function leafCheck(schema: z.core.$ZodType, isOfType: Rule): ExactCheck {
  const { def } = schema._zod;
  const own = 'check' in def ? [def as CheckDef] : [];
  const rules = [...own, ...(def.checks ?? []).map((check) => check._zod.def as CheckDef)].map(
    ruleOf,
  );
  if (rules.includes(null)) return byParsing(schema);
  const all = [isOfType, ...(rules as Rule[])];
  return (value) => {
    for (const rule of all) if (rule(value as never) !== true) return -1;
    return 0;
  };
}

type CheckDef =
  | z.core.$ZodCheckStringFormatDef
  | z.core.$ZodCheckNumberFormatDef
  | z.core.$ZodCheckMinLengthDef
  | z.core.$ZodCheckGreaterThanDef
  | z.core.$ZodCheckLessThanDef
  | z.core.$ZodCustomDef;

function ruleOf(def: CheckDef): Rule | null {
  switch (def.check) {
    case 'string_format': {
      const { pattern, format } = def;
      // Other formats do more than look at a pattern.
      if (pattern === undefined || (format !== 'regex' && format !== 'datetime')) return null;
      return pattern.global || pattern.sticky ? null : (value) => pattern.test(value);
    }
    case 'number_format':
      return def.format === 'safeint' ? (value) => Number.isSafeInteger(value) : null;
    case 'min_length':
      return (value: string) => value.length >= def.minimum;
    case 'greater_than':
      return (value: number) => value > Number(def.value) || (def.inclusive && value === def.value);
    case 'less_than':
      return (value: number) => value < Number(def.value) || (def.inclusive && value === def.value);
    case 'custom':
      return (value) => Boolean(def.fn(value));
    default:
      return null;
  }
}

function byParsing(schema: z.core.$ZodType): ExactCheck {
  return (value) => {
    const parsed = z.safeParse(schema, value);
    if (!parsed.success || JSON.stringify(parsed.data) !== JSON.stringify(value)) return -1;
    return keyCount(value);
  };
}

/** How many keys a value of JSON holds at any depth. A stack of its own: values can be nested without end. */
export function keyCount(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object') open.push(item);
    } else if (typeof next === 'object' && next !== null) {
      // JSON gives plain objects: what is enumerable is its own. No array of keys is made.
      for (const key in next) {
        count++;
        const inner = (next as Record<string, unknown>)[key];
        if (typeof inner === 'object') open.push(inner);
      }
    }
  }
  return count;
}
