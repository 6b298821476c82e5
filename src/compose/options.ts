import type { ConfigFlags } from '../config/load-config.ts';

/** What the program is put together from: all that it takes from outside. */
export interface AppOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Told of what is odd but no error, one line each. */
  readonly warn: (message: string) => void;
}
