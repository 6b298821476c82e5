import { resolve } from 'node:path';
import type { Options } from 'yargs';
import type { ConfigFlags } from '../config/config-flags.ts';
import { choicesOf, isFlag, isList, keysWith } from '../config/keys.ts';
import type { GlobalArguments } from './global-options.ts';
import { camelCase } from './usage-errors.ts';
import { flag, list, text } from './option-kinds.ts';

/** Options that set one key of the config, by their names; what they are stands in its schema. */
export function configOptions<const Name extends string>(
  ...names: readonly Name[]
): Record<Name, Options> {
  const options = names.map((name): [Name, Options] => {
    const key = keysWith('option').find(({ facts }) => facts.option === name);
    if (key === undefined) throw new Error(`No key of the config has the option ${name}`);
    const text = key.text.slice(0, 1).toUpperCase() + key.text.slice(1).replace(/; see .*/, '');
    if (isFlag(key.schema)) return [name, { type: 'boolean', describe: text }];
    const describe = [text, choicesOf(key.schema).join(', ')].filter((part) => part !== '');
    const several = isList(key.schema) ? { array: true, nargs: 1 } : { requiresArg: true };
    return [name, { type: 'string', ...several, describe: describe.join(': ') }];
  });
  return Object.fromEntries(options) as Record<Name, Options>;
}

/** Of the commands that may run gates. */
export const gateOptions = () => ({
  ...configOptions('gates', 'test-command', 'allow-autorun', 'sandbox'),
  'unsafe-no-sandbox': flag('Run produced code as plain processes of yours'),
});

/**
 * What the arguments of a command say about config. A command has only declared some of the options.
 * @param cwd absolute: paths are relative to it.
 */
export function flagsOf(
  args: GlobalArguments & Readonly<Record<string, unknown>>,
  cwd: string,
): ConfigFlags {
  const { config, script, record, replay, role, set } = args;
  const paths = Object.entries({ config, script, record, replay }).flatMap(([name, path]) =>
    typeof path === 'string' ? [[name, resolve(cwd, path)] as const] : [],
  );
  const options = keysWith('option').flatMap(({ facts: { option = '' } }) => {
    const value = args[camelCase(option)];
    return value === undefined ? [] : [[option, value] as const];
  });
  return {
    ...Object.fromEntries(paths),
    ...(args.trust && { trust: true }),
    ...(role !== undefined && { role }),
    ...(set !== undefined && { set }),
    ...(args['unsafeNoSandbox'] === true && { unsafeNoSandbox: true }),
    options: Object.fromEntries(options),
  };
}

/** Of what may make calls. */
export const recordOptions = {
  record: text('Append every model call to this JSONL file'),
  replay: text('Answer every model call from a recording, strictly'),
} as const;

/** A task or a question, read by `readQuestion`. */
export const taskInWords = {
  type: 'string',
  array: true,
  describe: 'In words, or a file, or - for stdin',
} as const;

/** Of what shows models files of the project. */
export const contextOption = {
  context: list('Files to show the models, as a glob; repeat for more'),
} as const;
