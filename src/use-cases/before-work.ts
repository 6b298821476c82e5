import type { FileChanges } from '../domain/bundle.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { approvedWork, type TextsBefore } from '../executor/decide.ts';
import { sha256 } from '../text/sha256.ts';
import type { Program } from './program.ts';

/** Each file as it was before any task changed it: of what tasks found, that which no task made. */
export async function beforeWork(
  feature: string,
  { tasks }: FeatureDocument,
  approved: FileChanges,
  program: Pick<Program, 'artefacts'>,
): Promise<TextsBefore> {
  const made = new Set(
    tasks.flatMap(({ result }) =>
      (result?.files ?? []).map(({ path, sha256: hash }) => `${path} ${hash}`),
    ),
  );
  const texts = new Map(approved);
  const noText = new Set<string>();
  for (const task of tasks) {
    const before = (await approvedWork(feature, task, program))?.before;
    for (const [path, text] of before?.texts ?? [])
      if (!made.has(`${path} ${text === null ? null : sha256(text)}`)) texts.set(path, text);
    for (const path of before?.noText ?? []) noText.add(path);
  }
  return { texts, noText };
}
