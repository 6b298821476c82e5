import type { ResolvedConfig, ResolvedProvider } from '../config/resolved-config.ts';
import type { RoutingDecision } from '../domain/event.ts';
import type { Notice } from '../domain/notice.ts';
import type { ModelRole } from '../domain/model-role.ts';
import type { Listing } from '../models/list-models.ts';
import type { TraceLine } from '../domain/trace.ts';
import type { Sandbox, SandboxReason } from '../sandbox/sandbox.ts';

/** What is asked of providers beside replies, each in its kind's own way. */
export interface ProviderKinds {
  /** Its list of models; null when there is none to ask for. @throws InterruptedError */
  listOf(
    provider: ResolvedProvider,
    options: { signal: AbortSignal; deadlineMs: number },
  ): Promise<Listing | null>;
  /** A server that its user starts when he likes, on this machine or beside it. */
  isLocal(provider: ResolvedProvider): boolean;
  /** Why there is no list to ask for; null when there may be one. */
  noList(provider: ResolvedProvider): string | null;
  /** Tokens that a model takes as a local server runs it now; null when that is not known. */
  contextOf(provider: ResolvedProvider, model: string, signal: AbortSignal): Promise<number | null>;
  /** Local servers as they usually are, which the config does not have. */
  unconfigured(config: Pick<ResolvedConfig, 'providers'>): ResolvedProvider[];
}

/** A folder of the user's that takes the files of an answer. */
export interface OutFolder {
  /** Absolute. */
  readonly path: string;
  /** To be asked before anything is paid for. @throws BlueprintError `out-not-a-folder` */
  check(): Promise<void>;
  /**
   * Writes over no file but what the same command has written there before.
   * @returns the paths, sorted. @throws BlueprintError `out-exists`, `out-not-a-folder`
   */
  write(files: ReadonlyMap<string, Buffer | null>): Promise<string[]>;
}

export interface SandboxCandidates {
  /** The one that works, or null. */
  readonly sandbox: Sandbox | null;
  /** Those that were tried and do not. */
  readonly unavailable: readonly SandboxReason[];
}

/** A way that the config names of telling a person that long work has ended. */
export interface Notifier {
  /** Of the config, as `notify.command`. */
  readonly key: string;
  /** The program by which it is told, absolute; or why there is none, and what to do about it. */
  readonly found: { readonly path: string } | { readonly problem: string };
  readonly fix: string;
  /** Work that took less is not told of, ms. */
  readonly afterMs: number;
  /**
   * Takes a few seconds at most, and less when the signal is aborted meanwhile.
   * @returns why nobody was told, where somebody should know; else null
   */
  tell(notice: Notice, signal: AbortSignal): Promise<string | null>;
}

/** The model that one list of a role leads to; `problem` and `fix` where it leads to none. */
export interface Route {
  readonly decision: RoutingDecision | null;
  readonly problem: string | null;
  readonly fix: string | null;
}

export interface RoleRoute extends Route {
  readonly role: ModelRole;
  /** For content above the role's threshold; null where size makes no difference to the role. */
  readonly large: Route | null;
}

export interface Routes {
  readonly roles: readonly RoleRoute[];
  readonly providers: readonly {
    readonly name: string;
    readonly reachable: boolean;
    readonly reason: string | null;
    /** Environment variables that would make it reachable. */
    readonly variables: readonly string[];
    /** Absolute: of a provider that is a program, and was found. */
    readonly program: string | null;
  }[];
}

/** Takes calls that have happened, and sends them to a collector of traces. */
export interface SpanSink {
  /** @throws BlueprintError `otlp-not-sent` */
  add(line: TraceLine): Promise<void>;
  /** Sends what was added so far. @throws BlueprintError `otlp-not-sent` */
  flush(): Promise<void>;
  /** Sends what is left. @returns how many calls were sent. @throws BlueprintError `otlp-not-sent` */
  end(): Promise<number>;
}
