import * as z from 'zod';

/** Where a key of the config can be set beside the file and `--set`, and how it may be shortened. */
export interface KeyFacts {
  /** Environment variable, without `BLUEPRINT_`. */
  readonly variable?: string;
  /** Option of the commands that it matters to, without dashes. */
  readonly option?: string;
  /** What the option asks for too: the value of another key, which has an option of the same name. */
  readonly asksFor?: { readonly key: string; readonly value: string };
  /** A value that is no object stands for this key of the full form. */
  readonly short?: string;
  /** In short form it says nothing of the other keys of the full form; otherwise it takes their place. */
  readonly keepsOthers?: true;
}

const factsOf = new WeakMap<z.core.$ZodType, KeyFacts>();

/** Describes a key once, for the file's JSON schema, the environment, options, help and docs. */
export function key<S extends z.ZodType>(schema: S, text: string, facts: KeyFacts = {}): S {
  // `describe` would copy each schema, and building the config's is a good part of a start.
  if (factsOf.has(schema)) throw new Error(`One schema for two keys: ${text}`);
  z.globalRegistry.add(schema, { description: text });
  factsOf.set(schema, facts);
  return schema;
}

export function keyFacts(schema: z.core.$ZodType): KeyFacts {
  return factsOf.get(schema) ?? {};
}

/** An object with one member for each name. */
export function objectOf<const Name extends string, S extends z.ZodType>(
  names: readonly Name[],
  member: (name: Name) => S,
) {
  const shape = Object.fromEntries(names.map((name) => [name, member(name)])) as Record<Name, S>;
  return z.strictObject(shape);
}

export const milliseconds = z.int().min(1).max(86_400_000);

/** For a shell. */
export const shellWords = z.string().regex(/\S/, { error: 'is empty' });
