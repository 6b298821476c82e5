import type { FileChanges } from '../domain/bundle.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { approvedWork, type TextsBefore } from '../executor/decide.ts';
import { contentHash } from '../text/moved-file.ts';
import type { Program } from './program.ts';

/** Each file as it was before any task changed it: of what tasks found, that which no task made. */
export async function beforeWork(
  feature: string,
  { tasks }: FeatureDocument,
  approved: FileChanges,
  program: Pick<Program, 'artefacts'>,
): Promise<TextsBefore> {
  const written = new Set(
    tasks.flatMap(({ result }) =>
      (result?.files ?? []).map(({ path, sha256: hash }) => `${path} ${hash}`),
    ),
  );
  const texts = new Map(approved);
  const noText = new Set<string>();
  for (const task of tasks) {
    const work = await approvedWork(feature, task, program);
    if (work === null) continue;
    const seen = new Map(work.outcome.seen);
    for (const path of work.before.noText)
      if (!written.has(`${path} ${seen.get(path) ?? null}`)) noText.add(path);
    for (const [path, text] of work.before.texts)
      if (!work.before.noText.has(path) && !written.has(`${path} ${contentHash(text)}`))
        texts.set(path, text);
  }
  return { texts, noText };
}
