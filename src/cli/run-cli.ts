import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import yargs from 'yargs';
import type { ConfigFlags } from '../config/load-config.ts';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import type { Program } from '../use-cases/program.ts';
import type { Command, CommandContext, CommandOutcome, GlobalArguments } from './command.ts';
import { commands } from './commands.ts';
import { processScreen } from './screen.ts';
import { hiddenRecordOptions } from './record-options.ts';
import {
  checkArguments,
  declaredIn,
  parserWords,
  usageError,
  type Declared,
} from './usage-errors.ts';

export interface CliProcess extends Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'> {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly version: string;
  readonly signal: AbortSignal;
  /** Absolute: where this program's own files are. */
  readonly packageRoot: string;
  readonly onInterrupt: (handler: () => void) => () => void;
}

/** Parses, calls, renders. @returns the exit code. @throws what the command threw. */
export async function runCli(cli: CliProcess): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  /** Of the command that was found; what the parser knows of it is known when its options are. */
  let declared: Declared | null = null;
  const run = (load: () => Promise<Command>) => async (args: GlobalArguments) => {
    await checkArguments({ ...args }, declared ?? declaredIn(parser, null));
    const command = await load();
    const context = createContext(cli, args);
    await requireFolder(context.cwd, args.cwd);
    const outcome = await command.action(
      args as unknown as Parameters<Command['action']>[0],
      context,
    );
    render(outcome, context);
    exitCode = outcome.exitCode;
  };

  const parser = yargs()
    .scriptName('blueprint')
    .usage(
      '$0 <command>\n\nTurns a brief into a spec, the spec into a task graph, and each task into approved work.\nWithout a command, at a terminal: the interactive task runner.',
    )
    .locale('en')
    .wrap(100)
    .version(cli.version)
    .alias({ h: 'help', v: 'version' })
    // Its types know no plural forms.
    .updateStrings(parserWords as unknown as Record<string, string>)
    .exitProcess(false)
    .parserConfiguration({ 'strip-dashed': true, 'duplicate-arguments-array': true })
    .option('json', {
      type: 'boolean',
      default: false,
      global: true,
      describe: 'Print one JSON document on stdout',
    })
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      default: false,
      describe: 'No progress on stderr',
    })
    .option('color', {
      type: 'boolean',
      default: true,
      describe: 'Colours (--no-color turns them off)',
    })
    .option('cwd', {
      alias: 'C',
      type: 'string',
      requiresArg: true,
      describe: 'Work as if started in this folder',
    })
    .option('config', {
      type: 'string',
      requiresArg: true,
      describe: 'This config file instead of the one found',
    })
    .option('role', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Models of a role: coder=openai/x,anthropic/y',
    })
    .option('script', {
      type: 'string',
      requiresArg: true,
      describe: 'Answer every model call from this JSONL file',
    })
    .epilogue(
      'Exit codes: 0 done, 1 failed, 2 usage, 3 needs review, 4 budget, 5 unavailable, 130 interrupted',
    )
    .fail((message, error) => {
      throw error ?? usageError(message, declared?.usage ?? null);
    })
    .command('$0 [command..]', false, hiddenRecordOptions, async (args) => {
      const [name] = (args as { command?: string[] }).command ?? [];
      if (name !== undefined) throw await unknownCommand(name);
      await run(async () => (await import('./interactive/interactive.ts')).command)(
        args as unknown as GlobalArguments,
      );
    });
  for (const { usage, describe, load } of commands) {
    parser.command(
      usage,
      describe,
      async (builder) => {
        const options = (await load()).options(builder as never);
        declared = declaredIn(builder, usage);
        return options;
      },
      run(load) as never,
    );
  }

  // The callback keeps yargs from printing help by itself; stdout stays ours.
  let help = '';
  const parsing = parser.parseAsync([...cli.argv], {}, (_error, _args, output) => {
    help = output;
  });
  await parsing.catch((error: unknown) => {
    const fault = error instanceof Error && error.name === 'YError' ? error.message : null;
    throw fault === null ? error : usageError(fault, declared?.usage ?? null);
  });
  if (help !== '') cli.stdout.write(`${help}\n`);
  return exitCode;
}

function createContext(cli: CliProcess, globals: GlobalArguments): CommandContext {
  const screen = processScreen(cli, globals);
  const coloured = globals.color && !globals.json && cli.stdout.isTTY && !cli.env['NO_COLOR'];
  const cwd = resolve(cli.cwd, globals.cwd ?? '.');
  const now = (): Date => new Date();
  const flags: ConfigFlags = {
    ...(globals.config !== undefined && { config: resolve(cli.cwd, globals.config) }),
    ...(globals.script !== undefined && { script: resolve(cli.cwd, globals.script) }),
    ...(globals.role !== undefined && { role: globals.role }),
    ...(globals.strategy !== undefined && { strategy: globals.strategy }),
    ...(globals.mode !== undefined && { mode: globals.mode }),
    ...(globals.budget !== undefined && { budget: globals.budget }),
    ...(globals.gates !== undefined && { gates: globals.gates }),
    ...(globals.testCommand !== undefined && { testCommand: globals.testCommand }),
    ...(globals.sandbox !== undefined && { sandbox: globals.sandbox }),
    ...(globals.unsafeNoSandbox === true && { unsafeNoSandbox: true }),
    ...(globals.record !== undefined && { record: resolve(cli.cwd, globals.record) }),
    ...(globals.replay !== undefined && { replay: resolve(cli.cwd, globals.replay) }),
  };
  const compose = async (place: { cwd: string; flags: ConfigFlags }): Promise<Program> => {
    const { createProgram } = await import('../compose/program.ts');
    return createProgram({ ...place, env: cli.env, now, warn: (message) => screen.note(message) });
  };
  let program: Promise<Program> | undefined;
  return {
    screen,
    globals,
    cwd,
    now,
    env: cli.env,
    signal: cli.signal,
    packageRoot: cli.packageRoot,
    onInterrupt: cli.onInterrupt,
    paint: new Chalk({ level: coloured ? 1 : 0 }),
    program: (other) =>
      other === undefined ? (program ??= compose({ cwd, flags })) : compose(other),
  };
}

function render(outcome: CommandOutcome, { globals, screen }: CommandContext): void {
  if (globals.json) screen.out(JSON.stringify(outcome.json, null, 2));
  else screen.out(outcome.text);
}

/** @throws BlueprintError `folder-not-found` */
async function requireFolder(path: string, asked: string | undefined): Promise<void> {
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new BlueprintError({
      code: 'folder-not-found',
      message: `There is no folder ${toSingleLine(path, 300)}`,
      target: toSingleLine(path, 300),
      fix: asked === undefined ? 'Work in a folder that exists.' : 'Give another one with --cwd.',
    });
}

async function unknownCommand(name: string): Promise<BlueprintError> {
  const { nearest } = await import('../text/nearest.ts');
  const names = commands.map(({ usage }) => usage.split(' ')[0] ?? '');
  const near = nearest(name, names);
  return new BlueprintError({
    code: 'unknown-command',
    message: `There is no command «${name}»`,
    fix: `${near === null ? '' : `Did you mean: blueprint ${near}? `}All commands: blueprint --help`,
  });
}
