import type { ConfigFlags } from '../config/config-flags.ts';

/** What the program is put together from: all that it takes from outside. */
export interface ProgramOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  readonly now: () => Date;
  /** Told of what is odd but no error, one line each. */
  readonly warn: (message: string) => void;
}
