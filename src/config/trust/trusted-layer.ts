import { dirname, relative } from 'node:path';
import type { Diagnostic } from '../../domain/errors.ts';
import { toSingleLine } from '../../domain/text.ts';
import { isWithin } from '../../files/contained-path.ts';
import { isProgram, parseConfig, readConfigText } from '../config-file.ts';
import type { ConfigFlags } from '../config-flags.ts';
import { dotted, fileLayer, type CheckedLayer } from '../layers.ts';
import { migrated } from '../migrate.ts';
import { userFolder } from '../user-folder.ts';
import type { Ask } from './ask.ts';
import { asksOf, withoutAsked } from './asks.ts';
import { createTrustStore } from './trust-store.ts';

interface Input {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  readonly home: string;
}

export type TrustedLayer = (CheckedLayer | { readonly layer: null }) & {
  /** Why something of the file was left out. */
  readonly untrusted: Diagnostic | null;
  /** Providers that the file describes and that are left out. */
  readonly leftOut: readonly string[];
};

/**
 * What a config file may say: all of it where its person trusted it, else what can do no harm. A file that
 * would have to be run for it is not read then.
 * @param command by which it is trusted, for who reads that it is not
 * @throws BlueprintError `config-…`
 */
export async function trustedLayer(
  file: string,
  input: Input,
  command = 'blueprint trust',
): Promise<TrustedLayer> {
  const { cwd, flags } = input;
  const shown = shownPath(cwd, file);
  const { text, foreign } = await readConfigText(file, shown);
  if (foreign !== null) return { layer: null, untrusted: foreignFile(shown, foreign), leftOut: [] };
  const isTrusted = await trusts(file, text, input);
  if (!isTrusted && isProgram(file))
    return { layer: null, untrusted: untrustedProgram(shown, command), leftOut: [] };

  const read = await readLayer(file, text, shown);
  if (isTrusted || !('layer' in read)) return { ...read, untrusted: null, leftOut: [] };
  const asks = asksOf(read.layer.config, flags.unsafeNoSandbox === true);
  if (asks.length === 0) return { ...read, untrusted: null, leftOut: [] };
  const config = withoutAsked(read.layer.config, asks);
  const leftOut = asks.flatMap(({ path: [at, name = ''] }) => (at === 'providers' ? [name] : []));
  return {
    layer: { ...read.layer, config },
    untrusted: untrustedParts(shown, asks, command),
    leftOut,
  };
}

/** All that a config file would do and that a person should know of before; for `trust`. */
export type Examined =
  | { readonly foreign: Diagnostic }
  | { readonly problems: readonly Diagnostic[] }
  /** Null in place of a list: it is a program, and what it does nobody can list. */
  | { readonly asks: readonly Ask[] | null; readonly text: string; readonly isTrusted: boolean };

/** Runs nothing. @throws BlueprintError `config-…` */
export async function examine(
  file: string,
  { cwd, env }: Pick<Input, 'cwd' | 'env'>,
): Promise<Examined> {
  const shown = shownPath(cwd, file);
  const { text, foreign } = await readConfigText(file, shown);
  if (foreign !== null) return { foreign: foreignFile(shown, foreign) };
  const isTrusted = await createTrustStore(env).has(file, text);
  if (isProgram(file)) return { asks: null, text, isTrusted };
  const read = await readLayer(file, text, shown);
  if (!('layer' in read)) return read;
  return { asks: asksOf(read.layer.config, true), text, isTrusted };
}

async function readLayer(file: string, text: string, shown: string): Promise<CheckedLayer> {
  const source = await parseConfig(file, text, shown);
  return fileLayer({ ...source, value: migrated(source.value, shown) }, shown);
}

function shownPath(cwd: string, file: string): string {
  const below = relative(cwd, file);
  return below === '' ? file : below;
}

/** A file that somebody named for this command, or that stands among the user's own settings, is their word. */
async function trusts(file: string, text: string, { env, flags, home }: Input): Promise<boolean> {
  const isNamed = [flags.config, env['BLUEPRINT_CONFIG']].some(
    (path) => path !== undefined && path.trim() !== '',
  );
  if (flags.trust === true || isYes(env['BLUEPRINT_TRUST']) || isNamed) return true;
  if (dirname(file) === home || isWithin(userFolder(env), file)) return true;
  return createTrustStore(env).has(file, text);
}

const isYes = (text: string | undefined): boolean =>
  /^(?:1|yes|on|true)$/i.test(text?.trim() ?? '');

const fixBy = (command: string): string =>
  `See what it would do, and trust it if it is yours: ${command}. Where nobody can be asked, as in CI: --trust or BLUEPRINT_TRUST=1.`;

function untrustedProgram(shown: string, command: string): Diagnostic {
  const message = `${shown} is a program, and you have not trusted it`;
  return { code: 'config-untrusted', message, target: shown, fix: fixBy(command) };
}

function untrustedParts(shown: string, asks: readonly Ask[], command: string): Diagnostic {
  const [first] = asks;
  const more = asks.length > 1 ? `, and ${asks.length - 1} more` : '';
  const what = first === undefined ? '' : askLine(first);
  const message = `${shown} asks for what you have not trusted it with: ${what}${more}`;
  return { code: 'config-untrusted', message, target: shown, fix: fixBy(command) };
}

/** `providers.lab sends prompts to …` */
export function askLine({ path, says }: Ask): string {
  return toSingleLine(`${dotted(path)} ${says}`, 300);
}

function foreignFile(shown: string, why: string): Diagnostic {
  return {
    code: 'config-foreign',
    message: `${shown} is not used: it ${why}`,
    target: shown,
    fix: `If it is to count, make it yours alone: chown it and chmod go-w it. Otherwise work in a repository of your own, or name your config by --config.`,
  };
}
