import type { ReadBase } from '../domain/candidate.ts';
import type { MessagePart } from '../models/language-model.ts';
import { packContext } from './context-pack.ts';
import type { TaskJob } from './engine.ts';
import { feedbackPart } from './execution-prompt.ts';
import { producedFiles } from './produced-files.ts';
import { reviewTaskInstructions } from './prompts.ts';
import type { TaskDependencies } from './task-dependencies.ts';

/** The part that names what a reviewer could not be shown: such a review approves nothing. */
export const leftOutPart = 'left-out';

/** Paths by the task that produced them, for every task that this one comes after; the nearest first. */
export function producedBefore({
  task,
  document,
}: Pick<TaskJob, 'task' | 'document'>): Map<string, string[]> {
  const { taskOf, sourcesOf } = producedFiles(document);
  const produced = new Map<string, string[]>();
  const open = new Set(sourcesOf(task));
  for (const id of open) {
    const before = taskOf(id);
    if (before === undefined) continue;
    const paths = (before.result?.files ?? []).flatMap(({ path, sha256 }) =>
      sha256 === null ? [] : [path],
    );
    if (before.status === 'done' && paths.length > 0) produced.set(id, paths);
    for (const next of sourcesOf(before)) open.add(next);
  }
  return produced;
}

/** The prompt of a review task's next attempt, and what its context had to leave out. */
export async function reviewTaskPrompt(
  { slug, task, document }: Pick<TaskJob, 'slug' | 'task' | 'document'>,
  { artefacts, emit, options }: Pick<TaskDependencies, 'artefacts' | 'emit' | 'options'>,
  base: ReadBase,
): Promise<{ parts: MessagePart[]; leftOut: readonly string[] }> {
  const produced = producedBefore({ task, document });
  const pack = await packContext(
    task,
    {
      document,
      spec: (await artefacts.read(slug, 'spec.md')) ?? '',
      base,
      filesOf: (id) => produced.get(id) ?? [],
      sourcesOf: producedFiles(document).sourcesOf,
    },
    options.contextTokens,
  );
  emit({
    type: 'context-pack',
    task: task.id,
    tokens: pack.tokens,
    parts: pack.parts.map(({ name }) => name),
    leftOut: [...pack.leftOut],
  });
  const hidden = new Set(pack.hiddenFiles);
  const unseen = [...new Set([...produced.values()].flat())].filter((path) => hidden.has(path));
  const parts: MessagePart[] = [
    { role: 'system', name: 'instructions', text: reviewTaskInstructions, cache: true },
    ...pack.parts,
    ...(unseen.length === 0 ? [] : [leftOutText(unseen)]),
    ...feedbackPart(task, '# A person sent the last review back'),
  ];
  return { parts, leftOut: pack.leftOut };
}

function leftOutText(paths: readonly string[]): MessagePart {
  const list = paths.map((path) => `- ${path}`).join('\n');
  const text = `# Files that are not shown, for want of room\n\n${list}\n\nSay nothing of them.`;
  return { role: 'user', name: leftOutPart, text };
}
