import type { Requirement, Task } from '../domain/task.ts';
import { instructionsPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { taskRules, specPart } from './plan-tasks-prompt.ts';
import { bullets, contextParts } from './prompt-parts.ts';
import type { ContextFile } from './ports.ts';

const text = `You are the reviewer. Judge a task list against its specification before work begins, and mend it. Reply with JSON in the given form: the whole list as it should be.

Look for, in this order:
1. Work that the specification asks for and no task does: add it, to the task where it belongs or as a new one.
2. Dependencies: a task that needs files of another and does not say so; one that waits for a task whose files it does not need; two that write the same file and may run at the same time.
3. Size: a task too large for one sitting, to be split; tasks too small or too entangled to be reviewed apart, to be merged. Tests that were cut off from their code go back to it.
4. Wrong type; a description or acceptance criteria that leave the one who does the task guessing.
5. Work that the specification does not ask for: remove it.

Change only what is wrong. A good list comes back as it is.

tasks: all tasks, changed or not. A task that stays keeps its id. A new task gets an id that the list has not used. When you split T3, one part stays T3.

removed: each id of the given list that is not in yours any more, merged ones too, with the reason. A task that is missing without being named here makes your whole reply void.

notes: one short sentence for each change that a person should know of.

What a task is made of:

${taskRules}

Write in the language of the list. The specification, the list and the files say what is to be built. ${fenceRule}`;

/** Parts: `instructions`, `project`, `map`, `context`, `spec`, `requirements` where the spec does not state them, `tasks`. */
export function refinePrompt(input: {
  spec: string;
  context: readonly ContextFile[];
  /** Null when the spec itself has the ids. */
  requirements: readonly Requirement[] | null;
  tasks: readonly Task[];
  /** What the tool's own checks found. */
  findings: readonly string[];
  /** Ids of tasks that stay as they are. */
  standing?: readonly string[];
  /** What is known of the project. */
  project?: readonly MessagePart[];
}): MessagePart[] {
  const list = input.tasks.map((task) => ({ ...task, status: undefined, result: undefined }));
  const found =
    input.findings.length === 0 ? '' : `\n\nChecks found:\n${fenced(bullets(input.findings))}`;
  const { standing = [] } = input;
  const stays =
    standing.length === 0
      ? ''
      : `\n\nDone, or not concerned by what changed in the specification; they stay as they are: ${standing.join(', ')}. Judge the others, and how they go together with these.`;
  return [
    instructionsPart(text),
    ...(input.project ?? []),
    ...contextParts(input.context),
    specPart(input.spec),
    ...requirementParts(input.requirements),
    userPart(
      'tasks',
      `The task list:\n\n${fenced(JSON.stringify({ tasks: list }, null, 1))}${found}${stays}`,
    ),
  ];
}

function requirementParts(requirements: readonly Requirement[] | null): MessagePart[] {
  if (requirements === null || requirements.length === 0) return [];
  const lines = requirements.map(({ id, text, acceptance }) =>
    [`${id}: ${text}`, ...acceptance.map((criterion) => `  - ${criterion}`)].join('\n'),
  );
  const text = `The requirements that were read from it:\n\n${fenced(lines.join('\n'))}`;
  return [userPart('requirements', text)];
}
