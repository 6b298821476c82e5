import { formatModelRef, ownChoice } from '../domain/model-role.ts';
import { knownProviders, providers as kinds } from '../extensions.ts';
import { defaultRoles } from './default-models.ts';
import { withoutKey } from './resolve-providers.ts';
import type { ResolvedProvider } from './resolved-config.ts';
import type { Settings } from './schema.ts';

/** Providers that the usual lists name models of. */
const usual: ReadonlySet<string> = new Set(
  Object.values(defaultRoles)
    .flatMap(({ models, large = [] }) => [...models, ...large])
    .map((ref) => ref.slice(0, ref.indexOf('/'))),
);

/** What the usual lists leave out. */
export interface Others {
  /** Models of their own choice, for every role: one key, whosever it is, is enough to work. */
  readonly models: readonly string[];
  /** Servers of the user's machine, where there is no key to work with. */
  readonly local: readonly ResolvedProvider[];
}

/** The providers that can be asked with what is set, and that the usual lists do not name. */
export function othersOf(
  providers: ReadonlyMap<string, ResolvedProvider>,
  written: Settings['providers'],
): Others {
  const askable = [...providers.values()].filter((provider) => isAskable(provider, written));
  const local = askable.length > 0 ? [] : localOnes(providers);
  const named = [...askable.filter(({ name }) => !usual.has(name)), ...local];
  return {
    models: named.map(({ name }) => formatModelRef({ provider: name, model: ownChoice })),
    local,
  };
}

/** A server that asks for no key counts only where its address is written for this program. */
function isAskable(
  { name, kind, apiKey, keyless, baseUrl }: ResolvedProvider,
  written: Settings['providers'],
): boolean {
  const { builtIn, program } = kinds[kind];
  if (builtIn === true || program !== undefined) return false;
  if (!keyless) return apiKey !== undefined;
  return Object.hasOwn(written, name) && baseUrl !== undefined;
}

/** Servers of this machine that no configuration speaks of, where they usually are. */
export function unconfigured(providers: ReadonlyMap<string, ResolvedProvider>): ResolvedProvider[] {
  return localOnes(providers).filter(({ name }) => !providers.has(name));
}

function localOnes(providers: ReadonlyMap<string, ResolvedProvider>): ResolvedProvider[] {
  return [...knownProviders].flatMap(([name, { kind, baseUrl }]) =>
    kinds[kind].local === undefined
      ? []
      : (providers.get(name) ?? { ...withoutKey(name, kind), baseUrl }),
  );
}
