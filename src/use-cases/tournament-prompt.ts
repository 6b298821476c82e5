import { requirementsOf, titleOf } from '../domain/spec.ts';
import { taskSchema, type Task } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { bundleInstructions, type BundleCodec } from '../models/generate-bundle.ts';
import type { MessagePart } from '../models/language-model.ts';
import { contextText } from '../pipeline/prompt-parts.ts';
import { fenced } from '../text/fence.ts';
import { executeInstructions } from '../workflows/coding-prompt.ts';

/** The whole spec as one task. */
export function taskOf(spec: string): Task {
  return taskSchema.parse({
    id: 'spec',
    title: toSingleLine(titleOf(spec) ?? spec, 120),
    type: 'code',
    requirements: requirementsOf(spec).map(({ id }) => id),
  });
}

/** The prompt that all candidates share; what differs comes after it. */
export function promptOf(
  task: Task,
  { spec, context }: { spec: string; context: readonly { path: string; text: string }[] },
  codec: BundleCodec,
  project: readonly MessagePart[] = [],
): MessagePart[] {
  const instructions = executeInstructions('code', bundleInstructions[codec]);
  const files = contextText(context);
  return [
    { role: 'system', name: 'instructions', text: instructions, cache: true },
    { role: 'user', name: 'spec', text: `# The spec\n\n${fenced(spec)}`, cache: files === '' },
    ...(files === ''
      ? []
      : [
          {
            role: 'user' as const,
            name: 'files',
            text: `# Files of the project\n\n${files}`,
            cache: true,
          },
        ]),
    ...project,
    {
      role: 'user',
      name: 'task',
      text: `# The task\n\nCarry out the whole spec: ${task.title}`,
    },
  ];
}
