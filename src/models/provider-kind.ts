import type { ResolvedProvider } from '../config/resolved-config.ts';
import type { ModelProvider } from './language-model.ts';
import type { Lister } from './providers/list-call.ts';
import type { ReplyLimits } from './providers/reply-limits.ts';

export type ProviderFactory = (config: ResolvedProvider, limits: ReplyLimits) => ModelProvider;

/** A provider that is known by name: what it needs without config. */
export interface KnownProvider {
  readonly baseUrl?: string;
  /** Variables that may hold the key, the one to recommend first. */
  readonly keyVariables?: readonly string[];
  /** Variables of gateways that may hold it too, which are not recommended. */
  readonly otherKeyVariables?: readonly string[];
  /** The model that it is asked for where nobody names one and its list does not speak against it. */
  readonly usualModel?: string;
  /** The vendor's own variables for the base URL. */
  readonly baseUrlVariables?: readonly string[];
  /** Where it differs from its kind's. */
  readonly structured?: ResolvedProvider['structured'];
}

/** How a kind of providers that are programs is started. */
export interface ProgramTraits {
  /** Null: the config names it. */
  readonly command: string | null;
  /** Variables that it gets beside those that every program needs. */
  readonly variables: readonly string[];
  /** Further ones, that go along only where the variable that names them is set. */
  readonly optionalVariables?: Readonly<Record<string, readonly string[]>>;
}

/** How a server is found that its user starts on a machine of his own, when he likes. */
export interface LocalTraits {
  /** Where its address names none. */
  readonly port: number;
  readonly path: string;
  /** How it gets a first model. */
  readonly whenEmpty: string;
  /** Why a server does not answer; null when it does. */
  readonly silence: () => Promise<
    (
      baseUrl: string,
      options: { signal: AbortSignal; deadlineMs: number },
    ) => Promise<string | null>
  >;
  /** Tokens that a model takes as it is loaded or set now; null when it is neither. */
  readonly contextOf: () => Promise<
    (baseUrl: string, model: string, signal: AbortSignal) => Promise<number | null>
  >;
}

/** What is special about a kind of providers. */
export interface ProviderKindEntry {
  /** In one line. */
  readonly description: string;
  /** Null: rules stand in its lists, but are no model. */
  readonly load: (() => Promise<ProviderFactory>) | null;
  /** Calls that begin with the same words are cheaper when one of them goes first. */
  readonly cachesPrefixes?: true;
  /** What it can hold a reply to; `json_schema` when absent. */
  readonly structured?: ResolvedProvider['structured'];
  /** A program that can be held to a schema. */
  readonly schemas?: true;
  /** There is no address that every server of this kind is at. */
  readonly needsBaseUrl?: true;
  /** Its servers ask for no key. */
  readonly keyless?: true;
  /** Part of this program: it needs no key, its calls cost nothing. */
  readonly builtIn?: true;
  readonly program?: ProgramTraits;
  readonly local?: LocalTraits;
  /** Absent: there is no list of models to ask for. */
  readonly list?: ListTraits;
  readonly known: Readonly<Record<string, KnownProvider>>;
}

export interface ListTraits {
  readonly load: () => Promise<Lister>;
  /** Where the config names no base URL. */
  readonly baseUrl?: string;
  /** Servers of this kind need not have a list. */
  readonly optional?: true;
}
