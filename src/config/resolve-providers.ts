import { resolve } from 'node:path';
import type { Diagnostic } from '../domain/errors.ts';
import { isCliKind } from './cli-environment.ts';
import { knownProviders, type KnownProvider } from './defaults.ts';
import { resolveCli } from './resolve-cli.ts';
import type { ResolvedProvider } from './resolved-config.ts';
import type { WrittenConfig } from './schema.ts';

type WrittenProvider = NonNullable<WrittenConfig['providers']>[string];

export interface ProviderInput {
  readonly written: WrittenConfig['providers'];
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
  const { written = {}, env, root, script, named, place } = input;
  const providers = new Map<string, ResolvedProvider>();
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  for (const name of new Set([...Object.keys(knownProviders), ...Object.keys(written)])) {
    const known = Object.hasOwn(knownProviders, name) ? knownProviders[name] : undefined;
    const own = Object.hasOwn(written, name) ? written[name] : undefined;
    if (!isWanted(name, known, own, env, named)) continue;
    const kind = own?.kind ?? known?.kind ?? kindOf(own);
    const base = baseUrlOf(known, own, env);
    if (kind === null || (kind === 'openai-compatible' && base.url === undefined)) {
      problems.push(incomplete(name, kind !== null, place(['providers', name])));
      continue;
    }
    if (base.problem !== undefined) problems.push(base.problem);
    const keyVariables = keyVariablesOf(name, kind, known, own);
    const key = keyOf(keyVariables, env);
    if (key.odd !== undefined) warnings.push(key.odd);
    const program = resolveCli({ name, kind, own, env, root, place });
    problems.push(...program.problems);
    const writtenScript = own?.script === undefined ? undefined : resolve(root, own.script);
    providers.set(name, {
      name,
      kind,
      baseUrl: base.url,
      apiKey: key.value,
      keyVariables,
      keyless: own?.keyless ?? known?.keyless ?? false,
      structured:
        own?.structured ??
        known?.structured ??
        (kind === 'openai-compatible' ? 'json_object' : 'json_schema'),
      script: name === 'scripted' ? (script ?? writtenScript) : writtenScript,
      ...(program.cli !== null && { cli: program.cli }),
    });
  }
  return { providers, problems, warnings };
}

/** Of a provider that is told by its settings alone. */
function kindOf(own: WrittenProvider | undefined): ResolvedProvider['kind'] | null {
  if (own?.command !== undefined) return 'command';
  return own?.baseUrl === undefined ? null : 'openai-compatible';
}

function isWanted(
  name: string,
  known: KnownProvider | undefined,
  own: WrittenProvider | undefined,
  env: NodeJS.ProcessEnv,
  named: ReadonlySet<string>,
): boolean {
  if (known?.keyless !== true || own !== undefined || named.has(name)) return true;
  return known.baseUrlVariables.some((variable) => isSet(env[variable]));
}

function incomplete(name: string, hasKind: boolean, target: string): Diagnostic {
  return {
    code: 'config-provider-incomplete',
    message: hasKind
      ? `providers.${name} is openai-compatible and has no baseUrl`
      : `providers.${name} is not a provider that is known by name, and has neither kind nor baseUrl`,
    target,
    fix: 'Add its "baseUrl", as https://host/v1.',
  };
}

function keyVariablesOf(
  name: string,
  kind: ResolvedProvider['kind'],
  known: KnownProvider | undefined,
  own: WrittenProvider | undefined,
): readonly string[] {
  if (own?.apiKeyEnv !== undefined) return [own.apiKeyEnv];
  if (known !== undefined) return known.keyVariables;
  if (kind === 'scripted' || kind === 'offline' || isCliKind(kind)) return [];
  if (own?.keyless === true) return [];
  return [`${name.toUpperCase().replaceAll('-', '_')}_API_KEY`];
}

function keyOf(
  variables: readonly string[],
  env: NodeJS.ProcessEnv,
): { value: string | undefined; odd?: Diagnostic } {
  const variable = variables.find((name) => isSet(env[name]));
  if (variable === undefined) return { value: undefined };
  // Keys read from files often end in a line break, which no header may hold.
  const value = env[variable]?.trim();
  if (value === undefined || /^[\x21-\x7e]+$/.test(value)) return { value };
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
  known: KnownProvider | undefined,
  own: WrittenProvider | undefined,
  env: NodeJS.ProcessEnv,
): { url: string | undefined; problem?: Diagnostic } {
  const variable = known?.baseUrlVariables.find((name) => isSet(env[name]));
  if (variable === undefined) return { url: withoutSlash(own?.baseUrl ?? known?.baseUrl) };
  const text = env[variable]?.trim() ?? '';
  const url = variable === 'OLLAMA_HOST' ? ollamaUrl(text) : httpUrl(text);
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

function httpUrl(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url !== null && /^https?:$/.test(url.protocol) ? text : null;
}

/**
 * OLLAMA_HOST as Ollama reads it: `host`, `host:port`, `:port` or an address, port 11434 where neither
 * scheme nor port is given. An address to listen on everywhere is one to reach here.
 */
function ollamaUrl(text: string): string | null {
  const hasScheme = /^https?:\/\//i.test(text);
  if (!hasScheme && text.includes('://')) return null;
  const address = hasScheme ? text : `http://${text.startsWith(':') ? '127.0.0.1' : ''}${text}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const noPort = url.port === '' && !/:80(\/|$)/.test(text);
  if (!hasScheme && noPort) url.port = '11434';
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.origin}${path.endsWith('/v1') ? path : `${path}/v1`}`;
}

const isSet = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

const withoutSlash = (url: string | undefined): string | undefined => url?.replace(/\/+$/, '');
