import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { taskCategories, taskStatuses, taskTypes, workflows } from '../../domain/task.ts';
import { defineCommand } from '../command.ts';

const statuses = taskStatuses.filter((status) => status !== 'in_progress');

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('action', {
        choices: ['add', 'edit', 'set-status', 'remove'] as const,
        demandOption: true,
      })
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string' })
      .positional('status', { type: 'string' })
      .option('title', { type: 'string', requiresArg: true })
      .option('description', { type: 'string' })
      .option('type', { choices: taskTypes })
      .option('depends-on', {
        type: 'string',
        describe: 'Ids, separated by commas; empty for none',
      })
      .option('requirements', { type: 'string', describe: 'Ids, separated by commas' })
      .option('acceptance', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'A criterion; repeat for more',
      })
      .option('files', { type: 'string', describe: 'Paths, separated by commas' })
      .option('complexity', { type: 'number', describe: '1 to 10' })
      .option('category', { choices: taskCategories })
      .option('workflow', { choices: workflows })
      .option('id', {
        type: 'string',
        requiresArg: true,
        describe: 'With add: this id instead of the next number',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'With remove: although it holds work',
      }),
  async action(args, { program: programOf, paint, signal }) {
    const { feature, task: id, status } = args;
    requireWords(args.action, id, status);
    if (args.action === 'add' && args.title === undefined)
      throw usage('A new task needs a title', forms.add.form);
    if (args.complexity !== undefined && !Number.isInteger(args.complexity))
      throw usage('--complexity takes a whole number from 1 to 10', 'Give it as --complexity 5.');
    const program = await programOf();
    const fields = {
      ...(args.title !== undefined && { title: args.title }),
      ...(args.description !== undefined && { description: args.description }),
      ...(args.type !== undefined && { type: args.type }),
      ...(args.dependsOn !== undefined && { dependsOn: separated(args.dependsOn) }),
      ...(args.requirements !== undefined && { requirements: separated(args.requirements) }),
      ...(args.acceptance !== undefined && { acceptance: args.acceptance }),
      ...(args.files !== undefined && { files: separated(args.files) }),
      ...(args.complexity !== undefined && { complexity: args.complexity }),
      ...(args.category !== undefined && { category: args.category }),
      ...(args.workflow !== undefined && { workflow: args.workflow }),
    };
    switch (args.action) {
      case 'add': {
        const { addTask } = await import('../../use-cases/add-task.ts');
        const withId = { ...fields, ...(args.id !== undefined && { id: args.id }) };
        const task = await addTask({ feature, fields: withId }, program, { signal });
        return {
          exitCode: ExitCode.done,
          json: { feature, task },
          text: `Added ${paint.bold(task.id)}: ${task.title}`,
        };
      }
      case 'edit': {
        if (Object.keys(fields).length === 0)
          throw usage(
            'Nothing to change was given',
            'Give at least one field, as --title "…"; see blueprint task --help.',
          );
        const { editTask } = await import('../../use-cases/edit-task.ts');
        const task = await editTask({ feature, task: id ?? '', fields }, program, { signal });
        return {
          exitCode: ExitCode.done,
          json: { feature, task },
          text: `Changed ${paint.bold(task.id)}: ${task.title}`,
        };
      }
      case 'set-status': {
        const wanted = statuses.find((known) => known === status);
        if (wanted === undefined) throw await unknownStatus(status ?? '');
        const { setStatus } = await import('../../use-cases/set-status.ts');
        const input = { feature, task: id ?? '', status: wanted };
        const { task, from } = await setStatus(input, program, { signal });
        return {
          exitCode: ExitCode.done,
          json: { feature, task, from },
          text: `${paint.bold(task.id)}: ${from} → ${task.status}, set by hand`,
        };
      }
      case 'remove': {
        const { removeTask } = await import('../../use-cases/remove-task.ts');
        const task = await removeTask({ feature, task: id ?? '', force: args.force }, program, {
          signal,
        });
        return {
          exitCode: ExitCode.done,
          json: { feature, task },
          text: `Removed ${paint.bold(task.id)}: ${task.title}`,
        };
      }
    }
  },
});

type Action = 'add' | 'edit' | 'set-status' | 'remove';

const forms: Record<Action, { words: number; form: string }> = {
  add: { words: 0, form: 'blueprint task add <feature> --title "…"' },
  edit: { words: 1, form: 'blueprint task edit <feature> <task> [fields]' },
  'set-status': { words: 2, form: 'blueprint task set-status <feature> <task> <status>' },
  remove: { words: 1, form: 'blueprint task remove <feature> <task>' },
};

function requireWords(action: Action, ...words: (string | undefined)[]): void {
  const given = words.filter((word) => word !== undefined).length;
  if (given !== forms[action].words)
    throw usage(
      `task ${action} was given too ${given < forms[action].words ? 'few' : 'many'} words`,
      forms[action].form,
    );
}

async function unknownStatus(status: string): Promise<BlueprintError> {
  const { nearest } = await import('../../text/nearest.ts');
  const { shown } = await import('../../text/schema-problems.ts');
  const near = nearest(status, statuses);
  return usage(
    status === 'in_progress'
      ? 'Only a run sets in_progress'
      : `There is no status «${shown(status)}»`,
    `${near === null || status === 'in_progress' ? '' : `Did you mean ${near}? `}One of: ${statuses.join(', ')}`,
  );
}

function usage(message: string, fix: string): BlueprintError {
  return new BlueprintError({ code: 'usage', message, fix });
}

function separated(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
