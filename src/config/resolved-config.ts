import type { EnsembleSettings } from '../domain/ensemble.ts';
import type { Diagnostic } from '../domain/errors.ts';
import type { ModelRef, ModelRole } from '../domain/model-role.ts';
import type { Price } from '../domain/price.ts';
import type { Critic, TournamentSettings } from '../domain/tournament-settings.ts';
import type { Task, TaskType } from '../domain/task.ts';
import type { GateName, ProviderKind, StrategyName } from '../extensions.ts';
import type { WrittenConfig } from './schema.ts';

export type ModelSettings = Readonly<NonNullable<WrittenConfig['models']>[string]>;
export type ProviderLimits = Readonly<NonNullable<WrittenConfig['limits']>[string]>;

export interface ResolvedProvider {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly baseUrl: string | undefined;
  readonly apiKey: string | undefined;
  /** Variables that may hold the key, the one to recommend first. */
  readonly keyVariables: readonly string[];
  readonly keyless: boolean;
  readonly structured: 'json_schema' | 'json_object' | 'none';
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

type TaskCategory = Task['category'];

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

/** Defaults, file, environment and flags, merged and checked: what the rest of the program sees. */
export interface ResolvedConfig {
  /** Absolute: the folder of the config file, else of the git repository, else the working folder. */
  readonly root: string;
  /** Absolute; null when there is none. */
  readonly file: string | null;
  /** Absolute. */
  readonly featuresDir: string;
  readonly roles: Readonly<Record<ModelRole, ResolvedRole>>;
  readonly providers: ReadonlyMap<string, ResolvedProvider>;
  readonly routing: {
    readonly parserLargeTokens: number;
    readonly coderLargeTokens: number;
    readonly fallbackOnRefusal: boolean;
  };
  readonly pipeline: {
    readonly ask: boolean;
    readonly maxBriefBytes: number;
    readonly contextTokens: number;
  };
  readonly executor: {
    readonly concurrency: number;
    readonly attempts: number;
    readonly contextTokens: number;
    readonly maxOutputTokens: number;
    readonly codec: 'fenced' | 'json';
  };
  readonly ensemble: EnsembleSettings;
  readonly supervisor: { readonly maxIterations: number };
  /** A task's category decides before its type. */
  readonly strategy: {
    readonly default: StrategyName;
    readonly types: Readonly<Partial<Record<TaskType, StrategyName>>>;
    readonly categories: Readonly<Partial<Record<TaskCategory, StrategyName>>>;
  };
  readonly tournament: ResolvedTournament;
  readonly gates: {
    /** In order. */
    readonly run: readonly GateName[];
    /** For a shell; null: the runner is found by the project's files. */
    readonly testCommand: string | null;
    /** For a shell. */
    readonly commands: readonly string[];
    readonly prepare: string | null;
  };
  readonly sandbox: {
    /** `none` by its flag alone. */
    readonly kind: 'auto' | 'bubblewrap' | 'docker' | 'none';
    /** For docker. */
    readonly image: string | null;
    /** Of one command. */
    readonly timeoutMs: number;
    readonly memoryBytes: number;
    readonly processes: number;
    readonly outputBytes: number;
    readonly diskBytes: number;
  };
  readonly workspace: {
    readonly kind: 'auto' | 'git' | 'folder';
    /** Who commits; null: the user as git knows them. */
    readonly identity: { readonly name: string; readonly email: string } | null;
  };
  readonly calls: {
    readonly timeoutMs: number;
    readonly firstByteMs: number;
    readonly idleMs: number;
    readonly maxReplyBytes: number;
    readonly retries: number;
    readonly maxRetryAfterMs: number;
  };
  /** By `provider/model`: what differs from `calls`, and what is known of the model. */
  readonly models: ReadonlyMap<string, ModelSettings>;
  /** By the provider's name. */
  readonly limits: ReadonlyMap<string, ProviderLimits>;
  /** USD; null: no cap. */
  readonly budget: {
    readonly run: number | null;
    readonly feature: number | null;
    readonly roles: Readonly<Partial<Record<ModelRole, number>>>;
    readonly allowUnpriced: boolean;
  };
  /** By `provider/model` or `provider/*`: before the prices that the program knows. */
  readonly prices: ReadonlyMap<string, Price>;
  /** What is odd but no error: to be shown once. */
  readonly warnings: readonly Diagnostic[];
}
