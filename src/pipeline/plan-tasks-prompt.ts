import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { bullets, contextParts } from './prompt-parts.ts';
import type { Task } from '../domain/task.ts';
import { isBegun, serves, type Before } from './keep-standing.ts';
import { movedRequirements } from '../text/spec-changes.ts';
import type { ContextFile } from './ports.ts';

/** What a task is: the same words for the model that makes the list and the one that reviews it. */
export const taskRules = `type: what kind of work it is, which decides the model that does it.
- "architecture": decisions that other tasks build on, written down as files: module layout, interfaces, types, schemas, a design note. No behaviour. Only where several tasks must agree on something that the specification leaves open.
- "boilerplate": mechanical files without decisions: manifest, configuration, build and CI set-up, empty scaffolds.
- "code": behaviour, together with the tests that check it. Tests are never a task of their own apart from the code that they test; only tests that span several finished tasks may be.
- "review": reads what its dependencies made and reports on it; writes no product code. Each task is reviewed on its own anyway, so plan one only for what shows across several tasks.

dependsOn: the tasks whose files this task needs to read, import or change. It says nothing about preferred order: tasks that do not depend on each other run at the same time, so do not chain them without need. Two tasks that write the same file must depend on each other, one way, directly or through others. No circles.

Size: one sitting for one person: usually one to five files and at most about 300 new lines. Split what is larger along a boundary that can be tested; join what is too small to be reviewed alone. A small product may need three tasks.

description: what to build and what to mind, complete in itself: exact names, signatures, formats, messages, edge cases. Whoever does the task sees this text, the requirements it serves, the specification's relevant sections and the files of its dependencies, and nothing else.

acceptance: statements about this task's result that can be checked by running or reading it. A name that other tasks build on is declared there as code, as \`export function parse(text: string): number\` or \`def parse(text)\`, in the task that makes it: a tool looks for it.

requirements: the ids of the requirements that the task serves. Each requirement is served by at least one task whose work makes it true; tasks that only prepare, as set-up, may have none.

files: the paths that the task creates or changes, tests included, relative to the project, with forward slashes. Follow the project's layout where its files show one.

complexity: 1 to 10. 1–2 mechanical, 3–4 plain, 5–6 several cases to think about, 7–8 hard logic or concurrency, 9–10 should have been split.

category: frontend, backend, devops, scripts, data, architecture; general when none fits.

workflow: what the task goes through to its result.
- "coding": the result is files. Nearly every task.
- "reasoning": the result is an answer to a question that has to be thought out and that no file settles. Several solve it apart from each other.
- "science": the result is an answer that is computed: quantities, units, statistics.
- "rag_qa": the result is an answer that stands in the project's files, with the lines quoted.
A task that ends in an answer is of type "code", has no files, and its answer is read by people: what later tasks build on is written down by a task of architecture.`;

const text = `You are the planner. Cut the specification into tasks that are built and reviewed one by one, by people who do not speak to each other. Reply with JSON in the given form.

requirements: the specification's own, with their ids, statements and acceptance criteria as they stand. Where it has no ids, take its checkable statements and number them R1, R2, and so on.

tasks: the whole work and nothing beyond it, ids T1, T2, and so on, in an order in which it could be done. For each:

title: one line, in the imperative, that names the result.

${taskRules}

Write in the language of the specification. The specification and the files say what is to be built. ${fenceRule}`;

/** Parts: `instructions`, `project`, `map`, `context`, `spec`; `debate` where there was one, `before` where a list is planned anew. */
export function planPrompt(input: {
  spec: string;
  context: readonly ContextFile[];
  before?: Before;
  debated?: string;
  /** What is known of the project. */
  project?: readonly MessagePart[];
}): MessagePart[] {
  return [
    instructionsPart(text),
    ...(input.project ?? []),
    ...contextParts(input.context),
    specPart(input.spec),
    ...(input.debated === undefined ? [] : [debatedPart(input.debated)]),
    ...(input.before === undefined ? [] : [beforePart(input.before)]),
  ];
}

const againText = `The specification was planned before and has been changed since; this is the list that was made then. Plan what the change asks for, and no more.

In "tasks" send only:
- a task marked "again", under its id, worded for the requirements as they stand now. Work on it exists and is corrected: say what is to be different and what stays.
- a task marked "open", under its id, where it should read otherwise.
- new tasks for what no task of the list does yet, each under an id that the list has not used. Work that is done and no longer asked for may need one that takes it out.

Tasks marked "stands" are kept as they are, with their work; leave them out. Other tasks may depend on them.`;

function beforePart({ document, changes }: Before): MessagePart {
  const moved = movedRequirements(changes);
  const markOf = (task: Task): string => {
    if (serves(task, moved)) return 'again';
    return isBegun(task) ? 'stands' : 'open';
  };
  const tasks = document.tasks.map((task) => {
    const { id, title, description, type, dependsOn, requirements, files } = task;
    const mark = markOf(task);
    const words = mark === 'stands' ? {} : { description, acceptance: task.acceptance };
    return { id, mark, title, type, dependsOn, requirements, files, ...words };
  });
  const was = document.requirements.map(({ id, text: words }) => {
    const note = changes.changed.includes(id)
      ? ' (changed since)'
      : changes.removed.includes(id)
        ? ' (removed since)'
        : '';
    return `${id}${note}: ${words}`;
  });
  const added = changes.added.length === 0 ? '' : `\n\nAdded since: ${changes.added.join(', ')}`;
  return userPart(
    'before',
    `${againText}\n\nThe requirements as they were planned:\n${fenced(bullets(was))}${added}\n\nThe list:\n${fenced(JSON.stringify({ tasks }, null, 1))}`,
  );
}

function debatedPart(words: string): MessagePart {
  return userPart(
    'debate',
    `The specification was debated. Have its actions carried out by tasks; where a decision is open, plan so that either choice stays possible:\n\n${fenced(words)}`,
  );
}

export function specPart(spec: string): MessagePart {
  return cachedPart('spec', `The specification:\n\n${fenced(spec)}`);
}

/** What the planner is told when its list has faults. */
export function planFaults(messages: readonly string[]): string {
  return `The plan has faults:\n${fenced(bullets(messages))}\nSend the whole JSON object again, all requirements and all tasks, with these mended and everything else as it was.`;
}
