import type { ChalkInstance } from 'chalk';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Program } from '../use-cases/program.ts';
import type { ConfigFlags } from '../config/load-config.ts';
import type { ExitCode } from '../domain/errors.ts';
import type { GlobalArguments } from './global-options.ts';
import type { Screen } from './screen.ts';

/** What a command gave: exactly one JSON document, or text, on stdout. */
export interface CommandOutcome {
  /** Done, where it is not given. */
  readonly exitCode?: ExitCode;
  readonly json: unknown;
  readonly text: string;
}

export interface CommandContext {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly globals: GlobalArguments;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly now: () => Date;
  /** Colours for stdout. */
  readonly paint: ChalkInstance;
  /** Absolute: where this program's own files are. */
  readonly packageRoot: string;
  /** Until it is released, the handler gets the user's Ctrl-C instead of the program. */
  onInterrupt(handler: () => void): () => void;
  /** The process ends when this has ended, too. Must not reject. */
  beforeEnd(last: Promise<void>): void;
  /** What use cases are given, for the folder that was asked for or for another. */
  program(other?: { cwd: string; flags: ConfigFlags }): Promise<Program>;
}

/** One command: its options, and an action that takes a plain object and returns its outcome. */
export interface Command<Arguments extends GlobalArguments> {
  readonly options: (yargs: Argv<GlobalArguments>) => Argv<Arguments>;
  readonly action: (
    args: ArgumentsCamelCase<Arguments>,
    context: CommandContext,
  ) => Promise<CommandOutcome>;
}

/** Ties the action's arguments to the options that declare them. */
export function defineCommand<Arguments extends GlobalArguments>(
  command: Command<Arguments>,
): Command<Arguments> {
  return command;
}
