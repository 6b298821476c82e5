import { usageFault, type BlueprintError } from '../../domain/errors.ts';
import {
  taskCategories,
  taskStatuses,
  taskTypes,
  workflows,
  type Task,
} from '../../domain/task.ts';
import { separated } from '../../text/separated.ts';
import type { EditTaskInput } from '../../use-cases/edit-tasks.ts';
import { defineCommand, type CommandOutcome } from '../command.ts';
import { flag, list, text } from '../option-kinds.ts';
import { addTask, editTask, removeTask, setStatus } from '../../use-cases/edit-tasks.ts';
import { didYouMean } from '../../text/nearest.ts';
import { shown } from '../../text/schema-problems.ts';

type TaskFields = EditTaskInput['fields'];

type Action = (typeof actions)[number];
const actions = ['add', 'edit', 'set-status', 'remove'] as const;
const statuses = taskStatuses.filter((status) => status !== 'in_progress');

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('action', { choices: actions, demandOption: true })
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string' })
      .positional('status', {
        type: 'string',
        describe: `With set-status, one of: ${statuses.join(', ')}`,
      })
      .option('title', { type: 'string', requiresArg: true })
      .option('description', { type: 'string' })
      .option('type', { choices: taskTypes })
      .option('depends-on', {
        type: 'string',
        describe: 'Ids, separated by commas; empty for none',
      })
      .option('requirements', { type: 'string', describe: 'Ids, separated by commas' })
      .option('acceptance', list('A criterion; repeat for more'))
      .option('files', { type: 'string', describe: 'Paths, separated by commas' })
      .option('complexity', { type: 'number', describe: '1 to 10' })
      .option('category', { choices: taskCategories })
      .option('workflow', { choices: workflows })
      .option('id', text('With add: this id instead of the next number'))
      .option('force', flag('With remove: although it holds work')),
  async action(args, { program: programOf, paint, signal }) {
    const { feature, task: id, status } = args;
    requireWords(args.action, id, status);
    if (args.action === 'add' && args.title === undefined)
      throw usageFault('A new task needs a title', forms.add.form);
    if (args.complexity !== undefined && !Number.isInteger(args.complexity))
      throw usageFault(
        '--complexity takes a whole number from 1 to 10',
        'Give it as --complexity 5.',
      );
    const program = await programOf();
    const fields = fieldsIn(args);
    const of = { feature, task: id ?? '' };
    const outcome = (verb: string, task: Task): CommandOutcome => ({
      json: { feature, task },
      text: `${verb} ${paint.bold(task.id)}: ${task.title}`,
    });
    switch (args.action) {
      case 'add': {
        const withId = { ...fields, ...(args.id !== undefined && { id: args.id }) };
        return outcome('Added', await addTask({ feature, fields: withId }, program, { signal }));
      }
      case 'edit':
        if (Object.keys(fields).length === 0)
          throw usageFault(
            'Nothing to change was given',
            'Give at least one field, as --title "…"; see blueprint task --help.',
          );
        return outcome('Changed', await editTask({ ...of, fields }, program, { signal }));
      case 'set-status': {
        const wanted = statuses.find((known) => known === status);
        if (wanted === undefined) throw await unknownStatus(status ?? '');
        const { task, from } = await setStatus({ ...of, status: wanted }, program, { signal });
        const text = `${paint.bold(task.id)}: ${from} → ${task.status}, set by hand`;
        return { json: { feature, task, from }, text };
      }
      case 'remove': {
        const input = { ...of, force: args.force };
        return outcome('Removed', await removeTask(input, program, { signal }));
      }
    }
  },
});

const listFields = ['dependsOn', 'requirements', 'files'] as const;
const plainFields = [
  'title',
  'description',
  'type',
  'acceptance',
  'complexity',
  'category',
  'workflow',
] as const;

type Given = Partial<Pick<Task, (typeof plainFields)[number]>> &
  Partial<Record<(typeof listFields)[number], string>>;

/** The fields that were given; lists come as one text. */
function fieldsIn(args: { [Key in keyof Given]: Given[Key] | undefined }): TaskFields {
  const plain = plainFields.map((name) => [name, args[name]] as const);
  const lists = listFields.map((name) => {
    const text = args[name];
    return [name, text === undefined ? undefined : separated(text)] as const;
  });
  const given = [...plain, ...lists].filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as TaskFields;
}

const forms: Record<Action, { words: number; form: string }> = {
  add: { words: 0, form: 'blueprint task add <feature> --title "…"' },
  edit: { words: 1, form: 'blueprint task edit <feature> <task> [fields]' },
  'set-status': { words: 2, form: 'blueprint task set-status <feature> <task> <status>' },
  remove: { words: 1, form: 'blueprint task remove <feature> <task>' },
};

function requireWords(action: Action, ...words: (string | undefined)[]): void {
  const given = words.filter((word) => word !== undefined).length;
  if (given !== forms[action].words)
    throw usageFault(
      `task ${action} was given too ${given < forms[action].words ? 'few' : 'many'} words`,
      forms[action].form,
    );
}

async function unknownStatus(status: string): Promise<BlueprintError> {
  const known = `One of: ${statuses.join(', ')}`;
  if (status === 'in_progress') return usageFault('Only a run sets in_progress', known);
  const message = `There is no status «${shown(status)}»`;
  return usageFault(message, `${didYouMean(status, statuses)}${known}`);
}
