import { resolve } from 'node:path';
import { Chalk } from 'chalk';
import yargs from 'yargs';
import type { ConfigFlags } from '../config/config-flags.ts';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { toSingleLine } from '../domain/text.ts';
import { isFolder } from '../files/is-there.ts';
import type { Program } from '../use-cases/program.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { commands, type CommandKind, type Found } from './commands.ts';
import { globalOptions, hiddenRecordOptions } from './global-options.ts';
import { processScreen } from './screen.ts';
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
  /** Takes what the process waits for before it ends, which never rejects. */
  readonly beforeEnd: (last: Promise<void>) => void;
}

/** Parses, calls, renders. @returns the exit code. @throws what the command threw. */
export async function runCli(cli: CliProcess): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.done;
  /** Of the command that was found; what the parser knows of it is known when its options are. */
  let declared: Declared | null = null;
  const run: Found['run'] = async (args, kind, action) => {
    await checkArguments({ ...args }, declared ?? declaredIn(parser, null));
    const context = createContext(cli, args, kind);
    await requireFolder(context.cwd, args.cwd);
    const outcome = await action(context, await fullNames(args, context));
    render(outcome, context);
    exitCode = outcome.exitCode ?? ExitCode.done;
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
    .options(globalOptions)
    .epilogue(
      'Exit codes: 0 done, 1 failed, 2 usage, 3 needs review, 4 budget, 5 unavailable, 130 interrupted',
    )
    .fail((message, error) => {
      throw error ?? usageError(message, declared?.usage ?? null);
    })
    // What every command takes stands on its page.
    .command(
      '$0 [command..]',
      false,
      (builder) => builder.options(hiddenRecordOptions),
      async (args) => {
        const [name] = Array.isArray(args['command']) ? (args['command'] as unknown[]) : [];
        if (name !== undefined) throw await unknownCommand(String(name));
        await run(args, 'looks', async (context) => {
          const { command } = await import('./interactive/interactive.ts');
          return command.action(args, context);
        });
      },
    );
  skipHelpAfterRuns(parser);
  for (const { usage, addTo } of commands)
    addTo(parser, { run, declared: (yargs) => (declared = declaredIn(yargs, usage)) });

  // The callback keeps yargs from printing help by itself; stdout stays ours.
  let help = '';
  const parsing = parser.parseAsync(await withHelpFor(cli.argv), {}, (_error, _args, output) => {
    help = output;
  });
  await parsing.catch((error: unknown) => {
    const fault = error instanceof Error && error.name === 'YError' ? error.message : null;
    throw fault === null ? error : usageError(fault, declared?.usage ?? null);
  });
  if (help !== '') cli.stdout.write(`${help}\n`);
  return exitCode;
}

/** `help run` is `run --help`. @throws BlueprintError `unknown-command` */
async function withHelpFor(argv: readonly string[]): Promise<string[]> {
  const [first, name, ...rest] = argv;
  if (first !== 'help' || name === undefined || name.startsWith('-')) return [...argv];
  if (commands.every(({ usage }) => usage.split(' ')[0] !== name)) throw await unknownCommand(name);
  return [name, '--help', ...rest.filter((word) => word.startsWith('-'))];
}

async function fullNames(
  args: Parameters<Found['run']>[0],
  context: CommandContext,
): Promise<Parameters<Found['run']>[0]> {
  if (args['feature'] === undefined && args['again'] === undefined) return args;
  const { withFullNames } = await import('./names.ts');
  return (await withFullNames(args, () => context.program())) as Parameters<Found['run']>[0];
}

/** The parser renders a command's help page after each run, for a failure that it never prints itself. */
function skipHelpAfterRuns(parser: object): void {
  const { getInternalMethods } = parser as {
    getInternalMethods?: () => { getUsageInstance(): { cacheHelpMessage: () => void } };
  };
  const usage = getInternalMethods?.call(parser).getUsageInstance();
  if (usage !== undefined) usage.cacheHelpMessage = () => undefined;
}

function createContext(
  cli: CliProcess,
  globals: Parameters<Found['run']>[0],
  kind: CommandKind,
): CommandContext {
  const screen = processScreen(cli, globals);
  const coloured = globals.color && !globals.json && cli.stdout.isTTY && !cli.env['NO_COLOR'];
  const cwd = resolve(cli.cwd, globals.cwd ?? '.');
  const now = (): Date => new Date();
  const compose = async (place: { cwd: string; flags: ConfigFlags }): Promise<Program> => {
    const { createProgram } = await import('../compose/program.ts');
    return createProgram({
      ...place,
      env: cli.env,
      now,
      untrusted: kind === 'looks' ? 'leave-out' : 'refuse',
      warn: (message) => screen.note(message),
    });
  };
  let program: Promise<Program> | undefined;
  const own = (): Promise<Program> =>
    (program ??= import('./options.ts').then(({ flagsOf }) =>
      compose({ cwd, flags: flagsOf(globals, cli.cwd) }),
    ));
  return {
    screen,
    globals,
    cwd,
    now,
    env: cli.env,
    signal: cli.signal,
    packageRoot: cli.packageRoot,
    onInterrupt: cli.onInterrupt,
    beforeEnd: cli.beforeEnd,
    paint: new Chalk({ level: coloured ? 1 : 0 }),
    program: (other) => (other === undefined ? own() : compose(other)),
  };
}

function render(outcome: CommandOutcome, { globals, screen }: CommandContext): void {
  if (globals.json) screen.out(jsonWithHiddenShown(JSON.stringify(outcome.json, null, 2)));
  else screen.out(outcome.text);
}

/** @throws BlueprintError `folder-not-found` */
async function requireFolder(path: string, asked: string | undefined): Promise<void> {
  if (!(await isFolder(path)))
    throw new BlueprintError({
      code: 'folder-not-found',
      message: `There is no folder ${toSingleLine(path, 300)}`,
      target: toSingleLine(path, 300),
      fix: asked === undefined ? 'Work in a folder that exists.' : 'Give another one with --cwd.',
    });
}

async function unknownCommand(name: string): Promise<BlueprintError> {
  const { suggestedCommand } = await import('./suggest.ts');
  const near = suggestedCommand(
    name,
    commands.map(({ usage }) => usage.split(' ')[0] ?? ''),
  );
  return new BlueprintError({
    code: 'unknown-command',
    message: `There is no command «${name}»`,
    fix: `${near === null ? '' : `Did you mean: blueprint ${near}? `}All commands: blueprint --help`,
  });
}
