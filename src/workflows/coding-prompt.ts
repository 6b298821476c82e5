import type { Task, TaskType } from '../domain/task.ts';
import { bundleInstructions } from '../models/generate-bundle.ts';
import { instructionsPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { packContext, type ContextPack, type PromptSources } from './context-pack.ts';
import { producedFiles } from './produced-files.ts';
import type { PromptOptions, TaskPrompt } from './workflow.ts';

const aims: Record<Exclude<TaskType, 'review'>, string> = {
  architecture:
    'Your task is design: write the decisions that later tasks build on, as short documents and, where they fix a contract, as type or interface files. Name modules, their responsibilities, data shapes, error cases. Decide; leave no menu of options.',
  boilerplate:
    'Your task is groundwork: configuration, project files, documentation, plain wiring. Keep it minimal and conventional; add no dependency that the spec does not ask for.',
  code: 'Your task is working code with its tests. Cover each acceptance criterion by a test that fails without the code. Handle the errors that the requirements name.',
};

/** The stable head of every execution prompt of a task type. */
export function executeInstructions(type: Exclude<TaskType, 'review'>, format: string): string {
  return `You carry out one task of a software project's plan. Others carry out the other tasks; keep to yours.

${aims[type]}

Rules
- The spec and the task's acceptance criteria decide. Where they are silent, choose the simplest thing that serves and say so in one line of notes.
- Build on the files shown: use their names and contracts exactly. To change one of them, edit it; never rewrite a whole file for a small change.
- Touch only what the task needs. Paths are relative to the project folder.
- Write complete files: nothing left out, no placeholders.
- ${fenceRule}

${format}`;
}

/** The prompt of an author's next attempt. */
export async function codingPrompt(
  task: Task,
  sources: PromptSources,
  { contextTokens, codec }: PromptOptions,
): Promise<TaskPrompt> {
  const pack = await packFor(task, sources, contextTokens);
  const type = task.type as Exclude<TaskType, 'review'>;
  const text = executeInstructions(type, bundleInstructions[codec]);
  const parts: MessagePart[] = [
    instructionsPart(text),
    ...pack.parts,
    ...feedbackPart(task, '# A person rejected the last attempt'),
  ];
  return { parts, pack };
}

/** What a task's author is shown, with what the tasks before it made. */
export function packFor(task: Task, sources: PromptSources, tokens: number): Promise<ContextPack> {
  const { before, filesOf } = producedFiles(sources.document);
  return packContext(task, sources, new Set(before(task).flatMap(filesOf)), tokens);
}

/** A person's words on the last attempt, where they sent it back. */
export function feedbackPart({ result }: Task, heading: string): MessagePart[] {
  if (result?.outcome !== 'rejected' || result.feedback === null) return [];
  return [userPart('feedback', `${heading}\n\n${fenced(result.feedback)}`)];
}
