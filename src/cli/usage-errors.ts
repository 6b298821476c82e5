import { BlueprintError, usageFault } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';

/** What the parser says of a faulty command line, in words that name the thing; for `updateStrings`. */
export const parserWords = {
  'Not enough non-option arguments: got %s, need at least %s': sameForMany(
    'Something is missing: %s given after the command, at least %s needed',
  ),
  'Not enough arguments following: %s': '--%s needs a value',
  'Missing required argument: %s': {
    one: '--%s is needed',
    other: 'These options are needed: %s',
  },
  'Missing argument value: %s': { one: '--%s needs a value', other: 'These need a value: %s' },
  'Invalid values:': 'This is not known:',
  'Argument: %s, Given: %s, Choices: %s': '%s: %s; it is one of %s',
};

/** What a command line may hold. */
export interface Declared {
  /** As `run <feature>`; null where no command was given. */
  readonly usage: string | null;
  /** Names of options and positionals, aliases included. */
  readonly names: ReadonlySet<string>;
  /** Options that may be repeated. */
  readonly lists: ReadonlySet<string>;
}

/** yargs' own record of the options it was given; it is not among its published types. */
interface OptionRecord {
  readonly key: Readonly<Record<string, unknown>>;
  readonly alias: Readonly<Record<string, readonly string[]>>;
  readonly array: readonly string[];
}

/** @param parser the yargs instance, after a command's options were added. */
export function declaredIn(parser: unknown, usage: string | null): Declared {
  const { key, alias, array } = (parser as { getOptions(): OptionRecord }).getOptions();
  const names = [...Object.keys(key), ...Object.values(alias).flat()];
  return { usage, names: new Set(names), lists: new Set(array) };
}

/**
 * Refuses what the command does not take: unknown options, with the nearest known one, options given
 * twice, and words too many.
 * @throws BlueprintError `unknown-option`, `usage`
 */
export async function checkArguments(
  args: Readonly<Record<string, unknown>>,
  declared: Declared,
): Promise<void> {
  const known = new Set([...declared.names].map(camelCase));
  const unknown = Object.keys(args).filter((name) => !['_', '$0'].includes(name));
  const strange = unknown.filter((name) => !known.has(camelCase(name)));
  if (strange.length > 0) throw await unknownOption(strange, declared);

  const lists = new Set([...declared.lists].map(camelCase));
  const twice = Object.keys(args).find(
    (name) => name !== '_' && Array.isArray(args[name]) && !lists.has(name),
  );
  if (twice !== undefined)
    throw usageError(`${dashed(twice)} was given more than once`, declared.usage);

  const words = (args['_'] as readonly unknown[]).slice(declared.usage === null ? 0 : 1);
  if (words.length > 0)
    throw usageError(
      `«${toSingleLine(String(words[0]), 80)}» is one word too many`,
      declared.usage,
    );
}

async function unknownOption(
  names: readonly string[],
  { names: known, usage }: Declared,
): Promise<BlueprintError> {
  const { suggestedOption } = await import('./suggest.ts');
  const long = [...known]
    .filter((name) => name.length > 1 && !isPositional(name, usage))
    .map(dashed);
  const near = names.flatMap((name) =>
    name.length === 1 ? [] : (suggestedOption(dashed(name), long) ?? []),
  );
  const shown = names.map((name) => dashed(toSingleLine(name, 80))).join(', ');
  const command = commandOf(usage);
  return new BlueprintError({
    code: 'unknown-option',
    message: `${command} has no option ${shown}`,
    fix: `${near.length === 0 ? '' : `Did you mean ${[...new Set(near)].join(', ')}? `}All options: ${command} --help`,
  });
}

/** A fault in the command line itself. @param usage of the command, when it was found. */
export function usageError(message: string, usage: string | null): BlueprintError {
  const fix =
    usage === null
      ? 'See blueprint --help.'
      : `Write: blueprint ${usage} [options]. See ${commandOf(usage)} --help`;
  return usageFault(toSingleLine(message, 1_000), fix);
}

function commandOf(usage: string | null): string {
  return usage === null ? 'blueprint' : `blueprint ${usage.split(' ')[0] ?? ''}`;
}

function isPositional(name: string, usage: string | null): boolean {
  return usage !== null && [`<${name}>`, `[${name}]`].some((word) => usage.includes(word));
}

function dashed(name: string): string {
  const long = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return name.length === 1 ? `-${name}` : `--${long}`;
}

export function camelCase(name: string): string {
  return name.replace(/-+([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function sameForMany(text: string): { one: string; other: string } {
  return { one: text, other: text };
}
