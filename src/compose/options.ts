import type { ConfigFlags } from '../config/config-flags.ts';

/** What the program is put together from: all that it takes from outside. */
export interface ProgramOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly flags: ConfigFlags;
  /** What becomes of a config file that its person has not trusted; by default nothing is done with it. */
  readonly untrusted?: 'refuse' | 'leave-out';
  readonly now: () => Date;
  /** Told of what is odd but no error, one line each. */
  readonly warn: (message: string) => void;
}
