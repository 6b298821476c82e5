import { fencedInstructions } from '../text/bundle/fenced.ts';
import { jsonInstructions } from '../text/bundle/json.ts';
import type { ReadBase } from '../domain/candidate.ts';
import type { TaskType } from '../domain/task.ts';
import type { MessagePart } from '../models/language-model.ts';
import { packContext } from './context-pack.ts';
import type { TaskJob } from './engine.ts';
import { producedFiles } from './produced-files.ts';
import { executeInstructions } from './prompts.ts';
import type { TaskDependencies } from './task-dependencies.ts';

/** The prompt of a task's next attempt, and what its context had to leave out. */
export async function executionPrompt(
  { task, slug, document }: Pick<TaskJob, 'task' | 'slug' | 'document'>,
  { artefacts, emit, options }: Pick<TaskDependencies, 'artefacts' | 'emit' | 'options'>,
  base: ReadBase,
): Promise<{ parts: MessagePart[]; leftOut: readonly string[] }> {
  const { taskOf, sourcesOf } = producedFiles(document);
  const pack = await packContext(
    task,
    {
      document,
      spec: (await artefacts.read(slug, 'spec.md')) ?? '',
      base,
      filesOf: (id) =>
        (taskOf(id)?.result?.files ?? []).flatMap(({ path, sha256: hash }) =>
          hash === null ? [] : [path],
        ),
      sourcesOf,
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
  const format = options.codec === 'json' ? jsonInstructions : fencedInstructions;
  const type = task.type as Exclude<TaskType, 'review'>;
  const parts: MessagePart[] = [
    { role: 'system', name: 'instructions', text: executeInstructions(type, format), cache: true },
    ...pack.parts,
    ...feedbackPart(task, '# A person rejected the last attempt'),
  ];
  return { parts, leftOut: pack.leftOut };
}

/** A person's words on the last attempt, where they sent it back. */
export function feedbackPart({ result }: TaskJob['task'], heading: string): MessagePart[] {
  if (result?.outcome !== 'rejected' || result.feedback === null) return [];
  return [{ role: 'user', name: 'feedback', text: `${heading}\n\n${result.feedback}` }];
}
