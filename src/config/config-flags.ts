/** What the command line, or code, says about config. */
export interface ConfigFlags {
  /** Instead of the search. */
  readonly config?: string;
  /** `KEY=VALUE`, each key with dots as in the docs; or values by such keys. */
  readonly set?: readonly string[] | Readonly<Record<string, unknown>>;
  /** `ROLE=PROVIDER/MODEL[,PROVIDER/MODEL…]` */
  readonly role?: readonly string[];
  /** Options that set one key, by their names: `concurrency`, `test-command`. They are above `set`. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Whatever the config file would do, it may. */
  readonly trust?: boolean;
  /** No sandbox at all: no config file can say this. */
  readonly unsafeNoSandbox?: boolean;
  /** A scripted conversation: every role is played from it. */
  readonly script?: string;
  /** Absolute: where every model call is recorded. */
  readonly record?: string;
  /** Absolute: the recording that answers every model call. */
  readonly replay?: string;
}
