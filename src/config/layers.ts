import type { Diagnostic } from '../domain/errors.ts';
import { modelRoles } from '../domain/model-role.ts';
import type { ConfigSource } from './config-file.ts';
import { configOfEnvironment, listOf, settings } from './environment.ts';
import type { ConfigFlags } from './config-flags.ts';
import type { ResolvedRole } from './resolved-config.ts';
import { writtenConfigSchema, type WrittenConfig } from './schema.ts';

/** One place that settings come from, checked by itself. */
export interface Layer {
  readonly source: ResolvedRole['source'];
  readonly config: WrittenConfig;
  /** What a user would look at for a setting, as `file:line`, a variable or an option. */
  readonly place: (path: readonly PropertyKey[]) => string;
}

export type CheckedLayer = { readonly layer: Layer } | { readonly problems: readonly Diagnostic[] };

export async function fileLayer(source: ConfigSource, shown: string): Promise<CheckedLayer> {
  const place = (path: readonly PropertyKey[]): string => {
    const line = source.lineOf(path);
    return line === null ? shown : `${shown}:${line}`;
  };
  return checked('config', source.value, place, dotted);
}

export async function environmentLayer(env: NodeJS.ProcessEnv): Promise<CheckedLayer> {
  const place = (path: readonly PropertyKey[]): string =>
    settings.find((setting) => setting.path.every((step, at) => path[at] === step))?.variable ??
    'environment';
  return checked('environment', configOfEnvironment(env), place, place);
}

const optionOf: Readonly<Record<string, string>> = {
  budget: '--budget',
  ensemble: '--mode',
  sandbox: '--sandbox',
  strategy: '--strategy',
};

/** @param flags numbers and lists as the command line gave them. */
export async function flagsLayer(flags: ConfigFlags): Promise<CheckedLayer> {
  const roles: Record<string, unknown> = {};
  const malformed: Diagnostic[] = [];
  for (const text of flags.role ?? []) {
    const equals = text.indexOf('=');
    const role = text.slice(0, Math.max(0, equals)).trim();
    if (equals <= 0 || !(modelRoles as readonly string[]).includes(role))
      malformed.push(await malformedRole(text, role));
    else roles[role] = listOf(text.slice(equals + 1));
  }
  const config = {
    ...(Object.keys(roles).length > 0 && { roles }),
    ...(flags.concurrency !== undefined && { executor: { concurrency: flags.concurrency } }),
    ...(flags.strategy !== undefined && { strategy: flags.strategy }),
    ...(flags.mode !== undefined && {
      ensemble: { mode: flags.mode },
      ...(flags.strategy === undefined && { strategy: 'ensemble' }),
    }),
    ...(flags.budget !== undefined && { budget: { run: flags.budget } }),
    ...(flags.sandbox !== undefined && { sandbox: { kind: flags.sandbox } }),
    ...gatesOf(flags),
  };
  const place = (path: readonly PropertyKey[]): string => {
    if (path[0] === 'roles') return `--role ${String(path[1])}`;
    if (path[0] === 'gates') return path[1] === 'run' ? '--gates' : '--test-command';
    return optionOf[String(path[0])] ?? '--concurrency';
  };
  if (flags.sandbox !== undefined && flags.unsafeNoSandbox === true)
    malformed.push({
      code: 'config-sandbox-conflict',
      message: '--sandbox and --unsafe-no-sandbox exclude each other',
      target: '--unsafe-no-sandbox',
      fix: 'Give one of them.',
    });
  const result = await checked('flag', config, place, place);
  if (malformed.length === 0) return result;
  return { problems: [...malformed, ...('problems' in result ? result.problems : [])] };
}

function gatesOf({ gates, testCommand }: ConfigFlags): Record<string, unknown> {
  if (gates === undefined && testCommand === undefined) return {};
  return {
    gates: {
      ...(gates !== undefined && { run: gates.flatMap(listOf) }),
      ...(testCommand !== undefined && { tests: { command: testCommand } }),
    },
  };
}

async function malformedRole(text: string, role: string): Promise<Diagnostic> {
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

async function checked(
  source: ResolvedRole['source'],
  value: unknown,
  place: (path: readonly PropertyKey[]) => string,
  name: (path: readonly PropertyKey[]) => string,
): Promise<CheckedLayer> {
  const parsed = writtenConfigSchema.safeParse(value);
  if (parsed.success) return { layer: { source, config: parsed.data, place } };
  const { schemaProblems } = await import('../text/schema-problems.ts');
  const problems = schemaProblems(parsed.error, value, writtenConfigSchema);
  return {
    problems: problems.map(({ kind, path, message, fix }) => ({
      code: `config-${kind}`,
      message: `${path.length === 0 ? 'The config' : name(path)} ${message}`,
      target: place(path),
      fix,
    })),
  };
}

/** `roles.coder[0]` */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => {
      if (typeof step === 'number') return `[${step}]`;
      return `${at === 0 ? '' : '.'}${String(step)
        .replace(/[\p{Cc}\p{Cf}]/gu, '')
        .slice(0, 60)}`;
    })
    .join('');
}
