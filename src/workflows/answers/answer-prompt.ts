import type { Task } from '../../domain/task.ts';
import type { MessagePart } from '../../models/language-model.ts';
import { feedbackPart, packFor } from '../coding-prompt.ts';
import type { PromptSources } from '../context-pack.ts';
import type { PromptOptions, TaskPrompt } from '../workflow.ts';
import { solveInstructions, type AnswerKind } from './answer-prompts.ts';

/** The prompt that all solvers of a task's next attempt share. */
export async function answerPrompt(
  kind: AnswerKind,
  task: Task,
  sources: PromptSources,
  { contextTokens }: Pick<PromptOptions, 'contextTokens'>,
): Promise<TaskPrompt> {
  const pack = await packFor(task, sources, contextTokens);
  const parts: MessagePart[] = [
    solveInstructions(kind),
    ...pack.parts,
    ...feedbackPart(task, '# A person sent the last answer back'),
  ];
  return { parts, pack };
}
