import type { Diagnostic } from '../domain/errors.ts';
import { modelRoles } from '../domain/model-role.ts';
import type { ConfigFlags } from './config-flags.ts';
import { keysWith, pathOf, valueOf } from './keys.ts';

/** A value for one key, and what the user would look at. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly place: string;
}

/** What the command line sets: `--set` first, then options of their own, which are above it. */
export async function flagSettings(
  flags: ConfigFlags,
): Promise<{ settings: Setting[]; problems: Diagnostic[] }> {
  const results = [
    ...written(flags.set ?? []),
    ...(await Promise.all((flags.role ?? []).map(roleSetting))),
    ...optionSettings(flags.options ?? {}),
  ];
  const problems = results.filter((result) => 'code' in result);
  if (flags.options?.['sandbox'] !== undefined && flags.unsafeNoSandbox === true)
    problems.push(exclusive('--sandbox', '--unsafe-no-sandbox'));
  return { settings: results.filter((result) => 'path' in result), problems };
}

type Result = Setting | Diagnostic;

function written(set: NonNullable<ConfigFlags['set']>): Result[] {
  if (!isList(set)) return Object.entries(set).map(([key, value]) => setting(key, value));
  return set.map((text) => {
    const equals = text.indexOf('=');
    if (equals > 0) return setting(text.slice(0, equals).trim(), text.slice(equals + 1).trim());
    return {
      code: 'config-set-invalid',
      message: `--set ${text} must be KEY=VALUE`,
      target: '--set',
      fix: 'Write it as --set executor.concurrency=2; docs/configuration.md lists the keys.',
    };
  });
}

function setting(key: string, value: unknown): Setting {
  const isText = typeof value === 'string';
  const path = pathOf(key, isText ? value.startsWith('{') : typeof value === 'object');
  return { path, value: isText ? valueOf(value, path) : value, place: `--set ${key}` };
}

async function roleSetting(text: string): Promise<Result> {
  const equals = text.indexOf('=');
  const role = text.slice(0, Math.max(0, equals)).trim();
  const path = ['roles', role];
  if (equals > 0 && (modelRoles as readonly string[]).includes(role))
    return { path, value: valueOf(text.slice(equals + 1), path), place: `--role ${role}` };
  const { nearest } = await import('../text/nearest.ts');
  const { shown } = await import('../text/schema-problems.ts');
  const near = nearest(role, modelRoles);
  return {
    code: 'config-role-invalid',
    message: `--role «${shown(text)}» must be ROLE=PROVIDER/MODEL[,PROVIDER/MODEL…]`,
    target: '--role',
    fix:
      near === null || near === role
        ? `Roles are ${modelRoles.join(', ')}.`
        : `Did you mean «${near}»?`,
  };
}

function optionSettings(options: Readonly<Record<string, unknown>>): Result[] {
  return keysWith('option').flatMap(({ path, facts: { option = '', asksFor } }): Result[] => {
    const given = options[option];
    if (given === undefined) return [];
    const place = `--${option}`;
    const text = Array.isArray(given) ? given.join(',') : given;
    const own = { path, value: typeof text === 'string' ? valueOf(text, path) : text, place };
    if (asksFor === undefined) return [own];
    const other = options[asksFor.key];
    if (other === undefined) return [{ path: [asksFor.key], value: asksFor.value, place }, own];
    return other === asksFor.value
      ? [own]
      : [exclusive(place, `--${asksFor.key} ${String(other)}`)];
  });
}

function exclusive(one: string, other: string): Diagnostic {
  return {
    code: 'config-options-conflict',
    message: `${one} and ${other} exclude each other`,
    target: other,
    fix: 'Give one of them.',
  };
}

const isList = (set: NonNullable<ConfigFlags['set']>): set is readonly string[] =>
  Array.isArray(set);
