import * as z from 'zod';
import { toSingleLine } from '../domain/text.ts';
import { nearest } from './nearest.ts';

/** One fault of a file that a person may have written, in words. */
export interface SchemaProblem {
  readonly kind: 'unknown-key' | 'unknown-value' | 'missing' | 'wrong-type' | 'invalid';
  /** Where in the value; for an unknown key the key itself is the last step. */
  readonly path: readonly PropertyKey[];
  /** What is wrong, to be put after the name of the place: `must be a string, not a number`. */
  readonly message: string;
  readonly fix: string;
}

/** Text from a file as it may be shown: one short line with control and invisible characters as escapes. */
export function shown(value: unknown, limit = 60): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return toSingleLine(text, limit);
}

/** The faults that zod found in `value`, one a place, with suggestions taken from the schema. */
export function schemaProblems(
  error: z.ZodError,
  value: unknown,
  schema: z.ZodType,
): SchemaProblem[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const byPlace = new Map<string, SchemaProblem>();
  for (const problem of error.issues.flatMap((issue) => problemsOf(issue, [], value, json))) {
    const place = JSON.stringify(problem.path);
    if (!byPlace.has(place)) byPlace.set(place, problem);
  }
  return [...byPlace.values()];
}

type Issue = z.core.$ZodIssue;

function problemsOf(
  issue: Issue,
  parent: readonly PropertyKey[],
  value: unknown,
  schema: JsonSchema,
): SchemaProblem[] {
  const path = [...parent, ...issue.path];
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], key, keysAt(schema, path)));
    case 'invalid_key':
      return [unknownKey(path, String(path.at(-1)), keysAt(schema, path.slice(0, -1)))];
    case 'invalid_union': {
      const branch = closestBranch(issue.errors);
      if (branch.length > 0)
        return branch.flatMap((inner) => problemsOf(inner, path, value, schema));
      return [{ kind: 'invalid', path, message: issue.message, fix: 'Correct the value.' }];
    }
    case 'invalid_value':
      if (found === undefined) return [missing(path)];
      return [unknownValue(path, found, issue.values.map(String))];
    case 'invalid_type':
      if (found === undefined) return [missing(path)];
      return [
        {
          kind: 'wrong-type',
          path,
          message: `must be ${typeWord(issue.expected)}, not ${typeWord(typeName(found))}`,
          fix: `Write ${typeWord(issue.expected)}${rangeAt(schema, path)} there.`,
        },
      ];
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'not_multiple_of':
    case 'too_big':
    case 'too_small':
      return [{ kind: 'invalid', path, message: wordsOf(issue, found), fix: 'Correct the value.' }];
  }
}

function missing(path: readonly PropertyKey[]): SchemaProblem {
  return { kind: 'missing', path, message: 'is missing', fix: `Add «${String(path.at(-1))}».` };
}

function unknownKey(
  path: readonly PropertyKey[],
  key: string,
  known: readonly string[],
): SchemaProblem {
  const near = nearest(key, known);
  return {
    kind: 'unknown-key',
    path,
    message: 'is not a known key',
    fix: near === null ? `Delete it; known are ${known.join(', ')}.` : `Did you mean «${near}»?`,
  };
}

function unknownValue(
  path: readonly PropertyKey[],
  found: unknown,
  values: readonly string[],
): SchemaProblem {
  const near = nearest(String(found), values) ?? sameStart(String(found), values);
  return {
    kind: 'unknown-value',
    path,
    message: `cannot be «${shown(found)}»`,
    fix:
      near === null || values.length === 1
        ? `Write ${values.length === 1 ? '' : 'one of '}${values.join(', ')}.`
        : `Did you mean «${near}»? It is one of ${values.join(', ')}.`,
  };
}

// `coding` for `code`: too far apart by letters, yet clearly meant.
function sameStart(word: string, values: readonly string[]): string | null {
  const start = word.slice(0, 3).toLowerCase();
  return start.length < 3 ? null : (values.find((value) => value.startsWith(start)) ?? null);
}

function wordsOf(issue: Issue, found: unknown): string {
  const value = found === undefined || typeof found === 'object' ? '' : ` («${shown(found)}»)`;
  if (issue.code === 'too_small') return `is too small${value}: at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `is too large${value}: at most ${issue.maximum}`;
  if (issue.code === 'invalid_format' && issue.format === 'url')
    return `must be an http or https address${value}`;
  return `${issue.message}${value}`;
}

// Of a union's alternatives the one whose own type fits is the one that was meant.
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const fitting = branches.find(
    (branch) => !branch.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'),
  );
  return fitting ?? branches[0] ?? [];
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function typeWord(type: string): string {
  const words: Record<string, string> = {
    array: 'a list',
    boolean: 'true or false',
    int: 'a whole number',
    null: 'null',
    number: 'a number',
    object: 'an object',
    record: 'an object',
    string: 'a text',
  };
  return words[type] ?? type;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step))
      return undefined;
    current = (current as Record<PropertyKey, unknown>)[step];
  }
  return current;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What the schema says of a place, in all alternatives. */
function placesAt(schema: JsonSchema, path: readonly PropertyKey[]): JsonSchema[] {
  let places: JsonSchema[] = [schema];
  for (const step of path) {
    places = places.flatMap(alternatives).flatMap((place) => {
      if (typeof step === 'number') return place.items === undefined ? [] : [place.items];
      const named = place.properties?.[String(step)];
      if (named !== undefined) return [named];
      return typeof place.additionalProperties === 'object' ? [place.additionalProperties] : [];
    });
  }
  return places.flatMap(alternatives);
}

/** The keys that the schema knows at a place. */
function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  return placesAt(schema, path).flatMap((place) => [
    ...Object.keys(place.properties ?? {}),
    ...(place.propertyNames?.enum ?? []),
  ]);
}

/** ` from 1 to 64`, where a number has such bounds. */
function rangeAt(schema: JsonSchema, path: readonly PropertyKey[]): string {
  const bounded = placesAt(schema, path).find(({ maximum }) => maximum !== undefined);
  if (bounded?.maximum === undefined || bounded.maximum >= Number.MAX_SAFE_INTEGER) return '';
  return ` from ${bounded.minimum ?? 0} to ${bounded.maximum}`;
}

function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(alternatives);
}
