import type { Argv } from 'yargs';
import type { Command, CommandContext, CommandOutcome } from './command.ts';
import { examples } from './examples.ts';
import type { GlobalArguments } from './global-options.ts';

/** One that acts needs a config that is trusted; one that looks leaves out what is not. */
export type CommandKind = 'acts' | 'looks';

/** What the parser does with a command that it has found. */
export interface Found {
  /** Called when its options are declared. */
  declared(yargs: Argv<GlobalArguments>): void;
  run(
    args: GlobalArguments & Readonly<Record<string, unknown>>,
    kind: CommandKind,
    action: (
      context: CommandContext,
      args: GlobalArguments & Readonly<Record<string, unknown>>,
    ) => Promise<CommandOutcome>,
  ): Promise<void>;
}

export interface CommandEntry {
  /** As yargs takes it: name, then positionals. */
  readonly usage: string;
  readonly addTo: (parser: Argv<GlobalArguments>, found: Found) => void;
}

/** Its module, which is named as it is, is loaded when the command is called. */
function command(usage: string, describe: string, kind: CommandKind = 'acts'): CommandEntry {
  const [name = ''] = usage.split(' ');
  // Each action is called with the arguments of its own options alone.
  const load = async (): Promise<Command<GlobalArguments>> => {
    const module = (await import(`./commands/${name}.ts`)) as { command: Command<GlobalArguments> };
    return module.command;
  };
  return {
    usage,
    addTo: (parser, found) => {
      parser.command(
        usage,
        describe,
        async (yargs) => {
          const options = (await load()).options(yargs);
          for (const [line, says] of examples[name] ?? []) options.example(line, says);
          found.declared(yargs);
          return options;
        },
        (args) =>
          found.run(args, kind, async (context, named) =>
            (await load()).action(named as typeof args, context),
          ),
      );
    },
  };
}

/** Every command. */
export const commands: readonly CommandEntry[] = [
  command('init', 'Prepare this folder: config, ignore lines, features folder', 'looks'),
  command('new [brief]', 'Turn a brief (file, - or pipe) into a spec and a task graph'),
  command('run <feature>', 'Run the tasks: generate, check, review, correct, until approved'),
  command('ask [task..]', 'Ask several models at once for one answer, merged and judged'),
  command(
    'solve [task..]',
    'Solve a task by the workflow that suits it: code, reasoning, computation, sources',
  ),
  command('route [task..]', 'Show how a task would be solved, by whom, and why'),
  command('tournament', 'Have a spec solved by several candidates; checks and critics choose'),
  command(
    'debate <action> [subject]',
    'Have critics attack a proposal or a spec before it is built, and its strategist answer',
    'looks',
  ),
  command('map [query..]', 'Show the part of the project that models see for some words', 'looks'),
  command('list', 'List the features and how far each is', 'looks'),
  command('show <feature> [task]', 'Show a feature, or a task with its result', 'looks'),
  command('next [feature]', 'Show what to do next', 'looks'),
  command('status [feature]', 'Show counts, progress and what waits for whom', 'looks'),
  command(
    'task <action> <feature> [task] [status]',
    'Add, edit or remove a task, or set its status',
    'looks',
  ),
  command('approve <feature> <task>', 'Approve work that needs review'),
  command('reject <feature> <task>', 'Send work back with feedback, and have it corrected'),
  command('review <feature> <task>', 'Have work that waits reviewed again, as it is'),
  command('diff <feature> [task]', 'Show what approved or proposed work changes', 'looks'),
  command('apply <feature>', 'Write approved work into your files, all or nothing'),
  command('undo <feature>', 'Take the last apply back'),
  command('cost [feature]', 'Show what the calls have cost, by role, model and task', 'looks'),
  command(
    'export <what> [feature]',
    'Export preference pairs or every call, as lines of JSON',
    'looks',
  ),
  command(
    'stats <subject> [feature]',
    'Show how reviewers fared: what became of what they found, order flips, cost',
    'looks',
  ),
  command(
    'report [feature]',
    'Write a page with graph, timeline, evidence, changes and cost of a feature',
    'looks',
  ),
  command('archive <feature>', 'Put a feature aside, or take it back with --restore', 'looks'),
  command('rm <feature>', 'Delete a feature with all that is kept of it', 'looks'),
  command('trust', 'Show what the config of this folder would do, and trust it', 'looks'),
  command(
    'doctor',
    'Check node, git, providers (asked with --live), and what each role would use',
    'looks',
  ),
  command(
    'models',
    'Show the models that roles name, and with --live whether their providers have them',
    'looks',
  ),
  command('route-table', 'Show which model each role would use now, and why', 'looks'),
  command('demo [directory]', 'Run a worked example from brief to approved code, without any key'),
];
