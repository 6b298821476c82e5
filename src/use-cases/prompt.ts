import { findTask } from '../executor/find-task.ts';
import { promptOf } from '../executor/preview.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { Caller, Program } from './program.ts';

/** The words that a task's next attempt begins with, and what they leave out for want of room. */
export async function prompt(
  { feature, task }: { feature: string; task: string },
  program: Program,
  { signal }: Caller,
): Promise<{ parts: readonly MessagePart[]; leftOut: readonly string[] }> {
  const document = await program.store.get(feature);
  const parts = program.look(feature, signal);
  const workspace = await parts.workspace();
  return promptOf(feature, document, findTask(document, task), { ...parts, workspace });
}
