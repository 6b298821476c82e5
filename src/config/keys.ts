import * as z from 'zod';
import { separated } from '../text/separated.ts';
import { configSchema } from './schema.ts';
import { keyFacts, type KeyFacts } from './schema/key.ts';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypes['_zod']['def'];

/** What a default, or what may be left out or null, stands around; null for what stands alone. */
function innerOf(schema: Schema): Schema | null {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'optional' || def.type === 'nullable') return def.innerType;
  return def.type === 'default' || def.type === 'prefault' ? def.innerType : null;
}

/** What the value may be, in all its forms. */
function alternativesOf(schema: Schema): { def: Def }[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'pipe') return alternativesOf(def.in);
  if (def.type === 'union') return def.options.flatMap(alternativesOf);
  const inner = innerOf(schema);
  return inner === null ? [{ def }] : alternativesOf(inner);
}

export interface ConfigKey {
  /** Names of what a person may choose stand in capitals. */
  readonly path: readonly string[];
  readonly schema: Schema;
  /** What it says, in one line. */
  readonly text: string;
  readonly facts: KeyFacts;
}

/** Every key of the config, in the schema's order. */
export function configKeys(
  schema: Schema = configSchema,
  path: readonly string[] = [],
): ConfigKey[] {
  const text = z.globalRegistry.get(schema)?.description ?? '';
  const own = path.length === 0 ? [] : [{ path, schema, text, facts: keyFacts(schema) }];
  const inner = alternativesOf(schema).flatMap(({ def }) => {
    if (def.type === 'object')
      return Object.entries(def.shape).flatMap(([name, member]) =>
        configKeys(member, [...path, name]),
      );
    return def.type === 'record' ? configKeys(def.valueType, [...path, 'NAME']) : [];
  });
  return [...own, ...inner];
}

/** Looked through once: every command asks more than once. */
let allKeys: readonly ConfigKey[] | undefined;

/** The keys that can be set by a variable or an option; names of roles are known, so these hold no `NAME`. */
export function keysWith(fact: 'variable' | 'option'): ConfigKey[] {
  allKeys ??= configKeys();
  return allKeys.filter(({ facts }) => facts[fact] !== undefined);
}

/** The words that a value, or a list of values, is made of; none where any text will do. */
export function choicesOf(schema: Schema): string[] {
  return alternativesOf(schema).flatMap(({ def }) => {
    if (def.type === 'enum') return Object.values(def.entries).map(String);
    return def.type === 'array' ? choicesOf(def.element) : [];
  });
}

/** The default as people read it; empty where there is none. */
export function defaultOf(schema: Schema): string {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== 'default') return '';
  const value = def.defaultValue;
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0))
    return 'none';
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Whether a list is what the key takes, in short form or in full. */
export function isList(schema: Schema): boolean {
  return alternativesOf(schema).some(({ def }) => def.type === 'array');
}

/** Whether the key says yes or no. */
export function isFlag(schema: Schema): boolean {
  return alternativesOf(schema).every(({ def }) => def.type === 'boolean');
}

/** What stands at a path, in all forms that it may have; null where the schema knows no such key. */
export function schemaAt(path: readonly string[]): Schema | null {
  let places: Schema[] = [configSchema];
  for (const step of path)
    places = places.flatMap(alternativesOf).flatMap(({ def }) => memberOf(def, step) ?? []);
  return places[0] ?? null;
}

function memberOf(def: Def, name: string): Schema | null {
  if (def.type === 'object')
    return Object.hasOwn(def.shape, name) ? (def.shape[name] ?? null) : null;
  if (def.type !== 'record') return null;
  return z.safeParse(def.keyType, name).success ? def.valueType : null;
}

/**
 * The path that a person writes as `executor.concurrency` or `models.openai/gpt-5.6-sol.retries`: names that
 * people choose may hold dots, and end where a key that is known begins.
 * @param isWhole the value is an object, so that the path ends with a name.
 */
export function pathOf(text: string, isWhole: boolean): string[] {
  const path: string[] = [];
  let left = text.split('.');
  while (left.length > 0) {
    const length = nameLength(path, left, isWhole);
    path.push(left.slice(0, length).join('.'));
    left = left.slice(length);
  }
  return path;
}

function nameLength(path: readonly string[], left: readonly string[], isWhole: boolean): number {
  const place = schemaAt(path);
  const isNamed = place !== null && alternativesOf(place).some(({ def }) => def.type === 'record');
  if (!isNamed) return 1;
  const names = left.map((_, index) => index + 1);
  const known = names.filter(
    (length) => schemaAt([...path, left.slice(0, length).join('.')]) !== null,
  );
  const followed = known.find(
    (length) =>
      length < left.length &&
      schemaAt([...path, left.slice(0, length).join('.'), left[length] ?? '']) !== null,
  );
  if (followed !== undefined) return followed;
  const last = known.filter((length) => isWhole || length < left.length).at(-1);
  return last ?? known.at(-1) ?? 1;
}

/**
 * A value as text: JSON where the key takes what it says, else a list, a yes or no, or the text itself, by
 * what the key takes. What it does not take stays a text, which the schema then names.
 */
export function valueOf(text: string, path: readonly string[]): unknown {
  const place = schemaAt(path);
  const json = parsed(text);
  if (place === null) return json ?? text;
  const types = new Set<string>(
    alternativesOf(place).map(({ def }) => (def.type === 'record' ? 'object' : def.type)),
  );
  const isNull = json === null && z.safeParse(place, null).success;
  if (isNull || (json !== undefined && types.has(typeOf(json)))) return json;
  if (types.has('number') && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
  if (types.has('boolean')) {
    if (/^(1|yes|on|true)$/i.test(text)) return true;
    if (/^(0|no|off|false)$/i.test(text)) return false;
  }
  return types.has('array') ? separated(text) : text;
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
