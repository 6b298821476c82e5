import { keyFacts } from './schema/key.ts';
import { schemaAt } from './keys.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * What two places say together: key by key the stronger one. A value in short form takes the place of the
 * whole below it, unless it says nothing of the other keys.
 */
export function merged(weak: unknown, strong: unknown, path: readonly string[] = []): unknown {
  if (strong === undefined) return weak;
  const { short, keepsOthers } = factsAt(path);
  const full = (value: unknown): unknown =>
    short === undefined || isMembers(value) || value === undefined ? value : { [short]: value };
  const below = full(weak);
  const above = isMembers(strong) || keepsOthers !== true ? strong : full(strong);
  if (!isMembers(below) || !isMembers(above)) return strong;
  const names = new Set([...Object.keys(above), ...Object.keys(below)]);
  // Without a prototype, so that no name of a person's is a special one.
  const both = Object.create(null) as Record<string, unknown>;
  for (const name of names)
    both[name] = merged(own(below, name), own(above, name), [...path, name]);
  return { ...both };
}

/** `value` at a path, and nothing else. */
export function placed(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

/** Whether a layer says something at a path, in short form or in full. */
export function holds(value: unknown, path: readonly PropertyKey[]): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return value !== undefined;
  if (Array.isArray(value)) return typeof step === 'number' && holds(value[step], rest);
  return isMembers(value) && holds(own(value, String(step)), rest);
}

function factsAt(path: readonly string[]) {
  const schema = schemaAt(path);
  return schema === null ? {} : keyFacts(schema);
}

function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
