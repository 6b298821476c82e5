/** What the command line says about config. */
export interface ConfigFlags {
  /** Instead of the search. */
  readonly config?: string;
  /** `ROLE=PROVIDER/MODEL[,PROVIDER/MODEL…]` */
  readonly role?: readonly string[];
  readonly concurrency?: number;
  /** For every task. */
  readonly strategy?: string;
  /** Of the ensemble, for every task; asks for it too. */
  readonly mode?: string;
  /** USD for this command. */
  readonly budget?: number;
  /** Which sandbox. */
  readonly sandbox?: string;
  /** No sandbox at all: no config file can say this. */
  readonly unsafeNoSandbox?: boolean;
  /** Names of gates, each entry one or several with commas. */
  readonly gates?: readonly string[];
  /** For a shell. */
  readonly testCommand?: string;
  /** A scripted conversation: every role is played from it. */
  readonly script?: string;
  /** Absolute: where every model call is recorded. */
  readonly record?: string;
  /** Absolute: the recording that answers every model call. */
  readonly replay?: string;
}
