import { isAbsolute, resolve } from 'node:path';
import type { Diagnostic } from '../domain/errors.ts';
import { providers, type ProviderKind } from '../extensions.ts';
import { cliEnvironment } from './cli-environment.ts';
import type { ResolvedCli } from './resolved-config.ts';
import type { Settings } from './schema.ts';

type WrittenProvider = Settings['providers'][string];

export interface CliInput {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly own: WrittenProvider | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Commands with a slash in them are relative to this folder. */
  readonly root: string;
  readonly place: (path: readonly PropertyKey[]) => string;
}

/** How a provider's program is started; `cli` is null for providers that are no program. */
export function resolveCli(input: CliInput): { cli: ResolvedCli | null; problems: Diagnostic[] } {
  const { name, kind, own, env, root, place } = input;
  const problem = (message: string, fix: string, key?: string): Diagnostic => ({
    code: 'config-provider-incomplete',
    message: `providers.${name} ${message}`,
    target: place(['providers', name, ...(key === undefined ? [] : [key])]),
    fix,
  });
  const { program } = providers[kind];
  if (program === undefined) {
    const misplaced = (['command', 'args', 'output', 'textPath', 'family'] as const).find(
      (key) => own?.[key] !== undefined,
    );
    const problems =
      misplaced === undefined
        ? []
        : [
            problem(
              `has ${misplaced}, but its kind is ${kind}`,
              'Set its kind to "command".',
              misplaced,
            ),
          ];
    return { cli: null, problems };
  }
  const problems: Diagnostic[] = [];
  const command = own?.command ?? program.command;
  if (command === null) {
    problems.push(problem('is a command and names none', 'Add its "command", as "my-model".'));
    return { cli: null, problems };
  }
  const output = own?.output ?? 'text';
  if (program.command !== null) {
    const unused = (['args', 'output', 'textPath'] as const).find(
      (key) => own?.[key] !== undefined,
    );
    if (unused !== undefined)
      problems.push(
        problem(`has ${unused}, which is set by its kind`, 'Delete it, or use "command".', unused),
      );
  } else if (own?.textPath !== undefined && output === 'text')
    problems.push(problem('has a textPath, but its output is text', 'Set "output".', 'textPath'));
  return {
    cli: {
      command: programPath(command, root),
      args: own?.args ?? [],
      output,
      textPath: own?.textPath,
      family: own?.family,
      environment: cliEnvironment(program, env, own?.apiKeyEnv),
    },
    problems,
  };
}

/** A name to look up on PATH as it is; of a path with a slash the absolute one, from `root`. */
export function programPath(command: string, root: string): string {
  return /[/\\]/.test(command) && !isAbsolute(command) ? resolve(root, command) : command;
}
