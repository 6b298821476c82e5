import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/errors.ts';
import { isRules } from '../domain/model-role.ts';
import type { Price } from '../domain/price.ts';
import {
  knownProviders,
  providers as kinds,
  type LocalTraits,
  type ProviderKind,
} from '../extensions.ts';
import { pastedKey, pastedUrl, unquoted } from '../text/pasted.ts';
import { resolveCli } from './resolve-cli.ts';
import type { ResolvedProvider } from './resolved-config.ts';
import type { Settings } from './schema.ts';
import { isLoopback } from './trust/address.ts';
import { usualVariable } from './trust/provider-asks.ts';

type WrittenProvider = Settings['providers'][string];
type Known = ReturnType<(typeof knownProviders)['get']>;

export interface ProviderInput {
  readonly written: Settings['providers'];
  readonly env: NodeJS.ProcessEnv;
  /** Paths in the config file are relative to this folder. */
  readonly root: string;
  /** Absolute: the conversation of `--script` or BLUEPRINT_SCRIPT. */
  readonly script: string | undefined;
  /** Names that role lists use: what asks for no key counts as wanted only when somebody names it. */
  readonly named: ReadonlySet<string>;
  readonly place: (path: readonly PropertyKey[]) => string;
}

export interface ProviderOutcome {
  readonly providers: ReadonlyMap<string, ResolvedProvider>;
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** Known providers and written ones, with keys and base URLs from the environment. */
export function resolveProviders(input: ProviderInput): ProviderOutcome {
  const { written, env, root, script, named, place } = input;
  const providers = new Map<string, ResolvedProvider>();
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  for (const name of new Set([...knownProviders.keys(), ...Object.keys(written)])) {
    const known = knownProviders.get(name);
    const own = Object.hasOwn(written, name) ? written[name] : undefined;
    if (!isWanted(name, known, own, env, named)) continue;
    const kind = kindOf(known, own);
    if (kind === null) {
      problems.push(incomplete(name, null, place(['providers', name])));
      continue;
    }
    if (isRules({ provider: name, model: '' }) !== (kind === 'offline')) {
      problems.push(notForRules(name, kind, place(['providers', name])));
      continue;
    }
    const traits = kinds[kind];
    const base = baseUrlOf(known, own, env, traits.local);
    if (traits.needsBaseUrl === true && base.url === undefined && base.problem === undefined) {
      problems.push(incomplete(name, kind, place(['providers', name])));
      continue;
    }
    if (base.problem !== undefined) problems.push(base.problem);
    const keyVariables = keyVariablesOf(name, kind, known, own);
    const key = keyOf([...keyVariables, ...(known?.otherKeyVariables ?? [])], env);
    const odd = key.odd ?? overHttp(name, key.value, base.url, own);
    if (odd !== undefined) warnings.push(odd);
    const program = resolveCli({ name, kind, own, env, root, place });
    problems.push(...program.problems);
    problems.push(...unheard(name, kind, own, place));
    const writtenScript = own?.script === undefined ? undefined : resolve(root, own.script);
    providers.set(name, {
      name,
      kind,
      ...parted(base.url),
      apiKey: odd === undefined ? key.value : undefined,
      ...(odd !== undefined && { keyFault: odd.message }),
      keyVariables,
      keyless: own?.keyless ?? traits.keyless ?? false,
      structured: own?.structured ?? known?.structured ?? traits.structured ?? 'json_schema',
      ...(own?.compat !== undefined && { compat: own.compat }),
      script: name === 'scripted' ? (script ?? writtenScript) : writtenScript,
      ...(program.cli !== null && { cli: program.cli }),
    });
  }
  return { providers, problems, warnings };
}

/** What is part of this program costs nothing, unless the config says something else. */
export function freePrices(providers: Iterable<ResolvedProvider>): ReadonlyMap<string, Price> {
  const free = [...providers].filter(({ kind }) => kinds[kind].builtIn === true);
  return new Map(free.map(({ name }) => [`${name}/*`, { input: 0, output: 0 }]));
}

/** A provider that nothing is written for, and that asks for no key. */
export function withoutKey(name: string, kind: ProviderKind): ResolvedProvider {
  return {
    name,
    kind,
    baseUrl: undefined,
    apiKey: undefined,
    keyVariables: [],
    keyless: true,
    structured: 'json_schema',
    script: undefined,
  };
}

/** Null: neither its name nor its settings say it. */
function kindOf(known: Known, own: WrittenProvider | undefined): ProviderKind | null {
  const kind = own?.kind ?? known?.kind;
  if (kind !== undefined) return kind;
  if (own?.command !== undefined) return 'command';
  return own?.baseUrl === undefined ? null : 'openai-compatible';
}

function isWanted(
  name: string,
  known: Known,
  own: WrittenProvider | undefined,
  env: NodeJS.ProcessEnv,
  named: ReadonlySet<string>,
): boolean {
  if (known === undefined || own !== undefined || named.has(name)) return true;
  if (kinds[known.kind].local === undefined) return true;
  return known.baseUrlVariables?.some((variable) => isSet(env[variable])) === true;
}

/** Rules are told from models by the name of their entry alone. */
function notForRules(name: string, kind: ProviderKind, target: string): Diagnostic {
  return {
    code: 'config-provider-rules',
    message: `providers.${name} is of the kind ${kind}; the name offline and the kind offline belong together, as rules in place of a model`,
    target,
    fix: 'Give the provider another name or kind; rules need no settings.',
  };
}

function incomplete(name: string, kind: ProviderKind | null, target: string): Diagnostic {
  return {
    code: 'config-provider-incomplete',
    message:
      kind !== null
        ? `providers.${name} is ${kind} and has no baseUrl`
        : `providers.${name} is not a provider that is known by name, and has neither kind nor baseUrl`,
    target,
    fix: 'Add its "baseUrl", as https://host/v1.',
  };
}

/** Settings that the kind could not obey. */
function unheard(
  name: string,
  kind: ProviderKind,
  own: WrittenProvider | undefined,
  place: ProviderInput['place'],
): Diagnostic[] {
  const { list, schemas } = kinds[kind];
  const problem = (setting: string, why: string): Diagnostic => ({
    code: 'config-provider-incomplete',
    message: `providers.${name} has ${setting}, but ${why}`,
    target: place(['providers', name, setting]),
    fix: 'Delete it.',
  });
  const inWords = list === undefined && schemas !== true;
  const isApi = own?.compat?.api !== undefined && kind !== 'openai';
  return [
    ...(own?.structured !== undefined && own.structured !== 'none' && inWords
      ? [problem('structured', `its kind ${kind} is told a schema in words alone`)]
      : []),
    ...(own?.compat !== undefined && list === undefined
      ? [problem('compat', `its kind ${kind} is no server`)]
      : []),
    ...(isApi && list !== undefined
      ? [problem('compat', `its kind ${kind} has one interface, and api chooses among two`)]
      : []),
  ];
}

function keyVariablesOf(
  name: string,
  kind: ProviderKind,
  known: Known,
  own: WrittenProvider | undefined,
): readonly string[] {
  const { builtIn, program, keyless } = kinds[kind];
  if (own?.apiKeyEnv !== undefined) return [own.apiKeyEnv];
  if (known !== undefined) return known.keyVariables ?? [];
  if (builtIn === true || program !== undefined || (own?.keyless ?? keyless) === true) return [];
  return [usualVariable(name)];
}

/** A key that everybody on its way could read. */
function overHttp(
  name: string,
  key: string | undefined,
  url: string | undefined,
  own: WrittenProvider | undefined,
): Diagnostic | undefined {
  if (key === undefined || url === undefined || own?.allowHttp === true) return undefined;
  if (!/^http:/i.test(url) || isLoopback(url)) return undefined;
  return {
    code: 'key-over-http',
    message: `The key of ${name} is not sent to ${url}: by http everybody on the way can read it`,
    target: `providers.${name}.baseUrl`,
    fix: `Use https, or allow it: --set providers.${name}.allowHttp=true`,
  };
}

function keyOf(
  variables: readonly string[],
  env: NodeJS.ProcessEnv,
): { value: string | undefined; odd?: Diagnostic } {
  const variable = variables.find((name) => isSet(env[name]));
  if (variable === undefined) return { value: undefined };
  const value = pastedKey(env[variable] ?? '');
  if (/^[\x21-\x7e]+$/.test(value)) return { value };
  return {
    value: undefined,
    odd: {
      code: 'key-malformed',
      message: `${variable} holds characters that no API key has, and is left out`,
      target: variable,
      fix: 'Set it again, to the key alone.',
    },
  };
}

function baseUrlOf(
  known: Known,
  own: WrittenProvider | undefined,
  env: NodeJS.ProcessEnv,
  local: LocalTraits | undefined,
): { url: string | undefined; problem?: Diagnostic } {
  const variable = known?.baseUrlVariables?.find((name) => isSet(env[name]));
  if (variable === undefined) {
    const given = own?.baseUrl;
    const read = local === undefined ? plainUrl(given) : unquoted(given ?? '') || undefined;
    const written = read ?? known?.baseUrl;
    // In a config file a host alone is meant with the usual port; in the variable http means port 80.
    const host = written?.replace(/^http:\/\/(?=[^/:]+\/?$)/, '');
    const address = local === undefined || host === undefined ? written : localUrl(host, local);
    return { url: withoutSlash(address ?? written) };
  }
  const text = unquoted(env[variable] ?? '');
  const url = local === undefined ? pastedUrl(text) : localUrl(text, local);
  if (url !== null) return { url: withoutSlash(url) };
  return {
    url: undefined,
    problem: {
      code: 'config-base-url-invalid',
      message: `${variable} is not an http or https address`,
      target: variable,
      fix: `Set it as https://host/path${known?.baseUrl === undefined ? '' : `, as ${known.baseUrl}`}, or unset it.`,
    },
  };
}

/** The schema has let through nothing that is no address. */
function plainUrl(written: string | undefined): string | undefined {
  return written === undefined ? undefined : (pastedUrl(written) ?? written);
}

/** A query belongs to each request, not to the beginning of its address. */
function parted(url: string | undefined): { baseUrl: string | undefined; query?: string } {
  const [baseUrl = '', query] = url?.split('?', 2) ?? [];
  if (query === undefined || query === '') return { baseUrl: url };
  return { baseUrl: withoutSlash(baseUrl), query };
}

/**
 * An address as its server reads it: `host`, `host:port`, `:port` or a whole one, the usual port where neither
 * scheme nor port is given. An address to listen on everywhere is one to reach here.
 */
function localUrl(text: string, { port, path: usual }: LocalTraits): string | null {
  const hasScheme = /^https?:\/\//i.test(text);
  if (!hasScheme && text.includes('://')) return null;
  const address = hasScheme ? text : `http://${text.startsWith(':') ? '127.0.0.1' : ''}${text}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const noPort = url.port === '' && !/:80(\/|$)/.test(text);
  if (!hasScheme && noPort) url.port = String(port);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  // Its own API stands beside the one that it shares with others.
  const path = url.pathname
    .replace(/\/+$/, '')
    .replace(/\/(?:api(?:\/\w+)?|chat\/completions)$/, '');
  return `${url.origin}${path.endsWith(usual) ? path : `${path}${usual}`}`;
}

const isSet = (text: string | undefined): boolean => unquoted(text ?? '') !== '';

const withoutSlash = (url: string | undefined): string | undefined => url?.replace(/\/+$/, '');
