import type { Diagnostic } from '../domain/errors.ts';
import type { ModelRef, ModelRole } from '../domain/model-role.ts';
import type { Price } from '../domain/price.ts';
import type { Critic, TournamentSettings } from '../domain/tournament-settings.ts';
import type { ProviderKind } from '../extensions.ts';
import type { Settings } from './schema.ts';

export type ModelSettings = Readonly<Settings['models'][string]>;
export type ProviderLimits = Readonly<Settings['limits'][string]>;

export interface ResolvedProvider {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string | undefined;
  /** Goes along with each request, as `api-version=1`. */
  readonly query?: string;
  readonly apiKey: string | undefined;
  /** Why a key that is set cannot be used. */
  readonly keyFault?: string;
  /** Variables that may hold the key, the one to recommend first. */
  readonly keyVariables: readonly string[];
  readonly keyless: boolean;
  readonly structured: 'json_schema' | 'json_object' | 'none';
  /** What is written of how its servers are asked. */
  readonly compat?: Settings['providers'][string]['compat'];
  /** Absolute. */
  readonly script: string | undefined;
  /** For the kinds that are programs. */
  readonly cli?: ResolvedCli;
}

/** How a program is started that answers prompts. */
export interface ResolvedCli {
  /** A name to look up on PATH, or an absolute path. */
  readonly command: string;
  /** For kind `command`: `{model}` stands for the model's id. */
  readonly args: readonly string[];
  readonly output: 'text' | 'json' | 'jsonl';
  /** Where the reply stands in JSON output, as `choices.0.text`. */
  readonly textPath: string | undefined;
  /** Of all its models; by the model's id when absent. */
  readonly family: string | undefined;
  /** All of its environment. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ResolvedTournament extends Omit<TournamentSettings, 'mustPass'> {
  /** Every critic that is known; `critics` are those that take part, in order. */
  readonly knownCritics: readonly Critic[];
}

export interface ResolvedRole {
  readonly models: readonly ModelRef[];
  /** For content above the role's threshold; the same list where none was given. */
  readonly large: readonly ModelRef[];
  readonly source: 'default' | 'config' | 'environment' | 'flag';
}

type Fixed<T> = T extends readonly (infer Item)[]
  ? readonly Fixed<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Fixed<T[Key]> }
    : T;

/** Defaults, file, environment and flags, merged and checked: what the rest of the program sees. */
export interface ResolvedConfig
  extends Resolved, Fixed<Omit<Settings, '$schema' | 'version' | 'critics' | keyof Resolved>> {
  /** What is odd but no error: to be shown once. */
  readonly warnings: readonly Diagnostic[];
}

/** What stands for keys of the schema in another form, and what is found out beside them. */
interface Resolved {
  /** Why something of the config file was left out: its person has not trusted it. Null where nothing was. */
  readonly untrusted: Diagnostic | null;
  /** Absolute: the folder of the config file, else of the git repository, else the working folder. */
  readonly root: string;
  /** Absolute; null when there is none. */
  readonly file: string | null;
  /** Absolute. */
  readonly featuresDir: string;
  readonly roles: Readonly<Record<ModelRole, ResolvedRole>>;
  readonly providers: ReadonlyMap<string, ResolvedProvider>;
  readonly tournament: ResolvedTournament;
  readonly sandbox: Omit<Fixed<Settings['sandbox']>, 'kind'> & {
    /** `none` by its flag alone. */
    readonly kind: Settings['sandbox']['kind'] | 'none';
  };
  /** By `provider/model`: what differs from `calls`, and what is known of the model. */
  readonly models: ReadonlyMap<string, ModelSettings>;
  /** By the provider's name. */
  readonly limits: ReadonlyMap<string, ProviderLimits>;
  /** By `provider/model` or `provider/*`: before the prices that the program knows. */
  readonly prices: ReadonlyMap<string, Price>;
}
