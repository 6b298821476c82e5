import { taskCategories, taskTypes, workflows, type Task } from '../../domain/task.ts';
import type { Choice } from './list-prompt.ts';
import { editText } from './editor.ts';
import type { RunnerSession } from './session.ts';
import { separated } from '../../text/separated.ts';
import {
  addTask as add,
  editTask as edit,
  type EditTaskInput,
} from '../../use-cases/edit-tasks.ts';
import { showTask } from '../../use-cases/show.ts';

type Fields = EditTaskInput['fields'];

interface Field {
  readonly name: string;
  readonly show: (task: Task) => string;
  readonly ask: (task: Task, session: RunnerSession) => Promise<Fields | null>;
}

/** Changes fields one by one, each kept at once, until the person is done. */
export async function editTask(slug: string, id: string, session: RunnerSession): Promise<void> {
  const { context, program, prompts, say, tell } = session;
  let last: Field | null = editable[0] ?? null;
  for (;;) {
    const { task } = await showTask({ feature: slug, task: id }, program);
    const choices: Choice<Field | null>[] = editable.map((field) => ({
      name: `${field.name.padEnd(14)}${field.show(task)}`,
      short: field.name,
      value: field,
    }));
    const field = await prompts.select<Field | null>(
      `Edit what of ${id}?`,
      [...choices, { name: 'Done', value: null }],
      { back: null, initial: last },
    );
    if (field === null) return;
    last = field;
    try {
      const change = await field.ask(task, session);
      if (change === null) continue;
      await edit({ feature: slug, task: id, fields: change }, program, { signal: context.signal });
      say(`${field.name} changed.`);
    } catch (error) {
      tell(error);
    }
  }
}

/** Asks for the least that a task needs; the rest can be edited afterwards. */
export async function addTask(slug: string, session: RunnerSession): Promise<void> {
  const { context, program, prompts, say } = session;
  const title = await prompts.text('Its title');
  if (title === null) return;
  const type = await prompts.select<Task['type'] | null>('Its type', ofWords(taskTypes), {
    back: null,
    initial: 'code',
  });
  if (type === null) return;
  const after = await prompts.text('After which tasks? (ids, or Enter for none)');
  const fields = { title, type, dependsOn: idsIn(after ?? '') };
  const task = await add({ feature: slug, fields }, program, { signal: context.signal });
  say(`${task.id} is added. Open it to say more of it.`);
  await editTask(slug, task.id, session);
}

const editable: readonly Field[] = [
  {
    name: 'Title',
    show: ({ title }) => title,
    async ask(task, { prompts }) {
      const title = await prompts.text('Title', { preset: task.title });
      return title === null || title === task.title ? null : { title };
    },
  },
  {
    name: 'Description',
    show: (task) => task.description,
    async ask(task, { context }) {
      const text = await editText(task.description, 'description.md', context);
      const description = text.trimEnd();
      return description === task.description ? null : { description };
    },
  },
  {
    name: 'Acceptance',
    show: ({ acceptance }) => acceptance.join('; '),
    async ask({ acceptance }, { context }) {
      const text = await editText(acceptance.join('\n'), 'acceptance.md', context);
      const kept = text.split(/\r?\n/).map((line) => line.trim().replace(/^[-*] /, ''));
      return { acceptance: kept.filter((line) => line !== '') };
    },
  },
  listField('After', 'dependsOn'),
  listField('Requirements', 'requirements'),
  listField('Files', 'files'),
  choiceField('Type', 'type', taskTypes),
  choiceField('Complexity', 'complexity', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
  choiceField('Category', 'category', taskCategories),
  choiceField('Workflow', 'workflow', workflows),
];

function listField(name: string, key: 'dependsOn' | 'requirements' | 'files'): Field {
  return {
    name,
    show: (task) => task[key].join(', '),
    async ask(task, { prompts }) {
      const text = await prompts.text(`${name}, separated by commas`, {
        preset: task[key].join(', '),
      });
      // Paths may hold spaces, so only commas part them.
      return { [key]: key === 'files' ? separated(text ?? '') : idsIn(text ?? '') };
    },
  };
}

function choiceField<Key extends 'type' | 'complexity' | 'category' | 'workflow'>(
  name: string,
  key: Key,
  words: readonly NonNullable<Task[Key]>[],
): Field {
  return {
    name,
    show: (task) => String(task[key] ?? 'decided when it is run'),
    async ask(task, { prompts }) {
      const word = await prompts.select<NonNullable<Task[Key]> | null>(name, ofWords(words), {
        back: null,
        ...(task[key] !== null && { initial: task[key] }),
      });
      return word === null ? null : { [key]: word };
    },
  };
}

function ofWords<Word extends string | number>(words: readonly Word[]): Choice<Word>[] {
  return words.map((word) => ({ name: String(word), value: word }));
}

function idsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}
