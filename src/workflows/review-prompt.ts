import type { FeatureDocument, Task } from '../domain/task.ts';
import { instructionsPart, userPart, type MessagePart } from '../models/language-model.ts';
import { findingRules } from '../supervisor/counting/citable.ts';
import { citablePart } from '../supervisor/counting/second-read-prompt.ts';
import { citingRule } from '../supervisor/prompts.ts';
import { fenceRule } from '../text/fence.ts';
import { feedbackPart } from './coding-prompt.ts';
import { packContext, type PromptSources } from './context-pack.ts';
import { producedFiles } from './produced-files.ts';
import type { PromptOptions, TaskPrompt } from './workflow.ts';

const instructions = `You review what earlier tasks of a software project produced, as the plan asks for at this point.

Judge the files below as a whole against the requirements: correctness, consistency between the files, safety, missing work. Report only what you can show in the files; there is no quota of findings.

- Severity: blocker = wrong, unsafe or missing; major = will fail in realistic use; minor and nit = worth knowing.
- verdict is accept when no blocker and no major finding is left, else revise.
- Each finding: the evidence, path:line where there is one, and the smallest fix. Scores run from 0 to 1.
- ${fenceRule}`;

/** The part that names what a reviewer could not be shown: such a review approves nothing. */
export const leftOutPart = 'left-out';

/** Paths by the task that produced them, for every task that this one comes after; the nearest first. */
export function producedBefore(task: Task, document: FeatureDocument): Map<string, string[]> {
  const { before, taskOf, filesOf } = producedFiles(document);
  const done = before(task).filter((id) => taskOf(id)?.status === 'done');
  return new Map(
    done.map((id) => [id, filesOf(id)] as const).filter(([, paths]) => paths.length > 0),
  );
}

/** The prompt of a review task's next attempt. */
export async function reviewTaskPrompt(
  task: Task,
  sources: PromptSources,
  { contextTokens, findings: mode }: Pick<PromptOptions, 'contextTokens' | 'findings'>,
): Promise<TaskPrompt> {
  const produced = new Set([...producedBefore(task, sources.document).values()].flat());
  const pack = await packContext(task, sources, produced, contextTokens);
  const hidden = new Set(pack.hiddenFiles);
  const unseen = [...produced].filter((path) => hidden.has(path));
  const counts = mode !== 'any';
  const rules = findingRules(mode, task, sources.document.requirements);
  const parts: MessagePart[] = [
    instructionsPart(counts ? `${instructions}\n${citingRule}` : instructions),
    ...pack.parts,
    ...(counts ? [citablePart(rules)] : []),
    ...(unseen.length === 0 ? [] : [leftOutText(unseen)]),
    ...feedbackPart(task, '# A person sent the last review back'),
  ];
  return { parts, pack };
}

function leftOutText(paths: readonly string[]): MessagePart {
  const list = paths.map((path) => `- ${path}`).join('\n');
  const text = `# Files that are not shown, for want of room\n\n${list}\n\nSay nothing of them.`;
  return userPart(leftOutPart, text);
}
