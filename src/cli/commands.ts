import type { Argv } from 'yargs';
import type { Command, CommandContext, CommandOutcome } from './command.ts';
import type { GlobalArguments } from './global-options.ts';

/** What the parser does with a command that it has found. */
export interface Found {
  /** Called when its options are declared. */
  declared(yargs: Argv<GlobalArguments>): void;
  run(
    args: GlobalArguments & Readonly<Record<string, unknown>>,
    action: (context: CommandContext) => Promise<CommandOutcome>,
  ): Promise<void>;
}

export interface CommandEntry {
  /** As yargs takes it: name, then positionals. */
  readonly usage: string;
  readonly addTo: (parser: Argv<GlobalArguments>, found: Found) => void;
}

/** What a command does is loaded when it is called. */
function command<Arguments extends GlobalArguments>(
  usage: string,
  describe: string,
  load: () => Promise<{ command: Command<Arguments> }>,
): CommandEntry {
  return {
    usage,
    addTo: (parser, found) => {
      parser.command(
        usage,
        describe,
        async (yargs) => {
          const options = (await load()).command.options(yargs);
          found.declared(yargs);
          return options;
        },
        (args) => found.run(args, async (context) => (await load()).command.action(args, context)),
      );
    },
  };
}

/** Every command. */
export const commands: readonly CommandEntry[] = [
  command(
    'init',
    'Prepare this folder: config, ignore lines, features folder',
    () => import('./commands/init.ts'),
  ),
  command(
    'new [brief]',
    'Turn a brief (file, - or pipe) into a spec and a task graph',
    () => import('./commands/new.ts'),
  ),
  command(
    'run <feature>',
    'Run the tasks: generate, check, review, correct, until approved',
    () => import('./commands/run.ts'),
  ),
  command(
    'ask [task..]',
    'Ask several models at once for one answer, merged and judged',
    () => import('./commands/ask.ts'),
  ),
  command(
    'tournament',
    'Have a spec solved by several candidates; checks and critics choose',
    () => import('./commands/tournament.ts'),
  ),
  command('list', 'List the features and how far each is', () => import('./commands/list.ts')),
  command(
    'show <feature> [task]',
    'Show a feature, or a task with its result',
    () => import('./commands/show.ts'),
  ),
  command('next [feature]', 'Show what to do next', () => import('./commands/next.ts')),
  command(
    'status [feature]',
    'Show counts, progress and what waits for whom',
    () => import('./commands/status.ts'),
  ),
  command(
    'task <action> <feature> [task] [status]',
    'Add, edit or remove a task, or set its status',
    () => import('./commands/task.ts'),
  ),
  command(
    'approve <feature> <task>',
    'Approve work that needs review',
    () => import('./commands/approve.ts'),
  ),
  command(
    'reject <feature> <task>',
    'Send work back with feedback, and have it corrected',
    () => import('./commands/reject.ts'),
  ),
  command(
    'diff <feature> [task]',
    'Show what approved or proposed work changes',
    () => import('./commands/diff.ts'),
  ),
  command(
    'apply <feature>',
    'Write approved work into your files, all or nothing',
    () => import('./commands/apply.ts'),
  ),
  command('undo <feature>', 'Take the last apply back', () => import('./commands/undo.ts')),
  command(
    'cost [feature]',
    'Show what the calls have cost, by role, model and task',
    () => import('./commands/cost.ts'),
  ),
  command(
    'doctor',
    'Check node, git, providers (asked with --live), and what each role would use',
    () => import('./commands/doctor.ts'),
  ),
  command(
    'models',
    'Show the models that roles name, and with --live whether their providers have them',
    () => import('./commands/models.ts'),
  ),
  command(
    'route-table',
    'Show which model each role would use now, and why',
    () => import('./commands/route-table.ts'),
  ),
  command(
    'demo [directory]',
    'Run a worked example from brief to approved code, without any key',
    () => import('./commands/demo.ts'),
  ),
];
