import { findTask } from '../executor/find-task.ts';
import { previewRun, promptOf, type RunPreview } from '../executor/preview.ts';
import { settledByFile } from './list.ts';
import type { Caller, Program } from './program.ts';
import type { RunInput } from './run.ts';

export type Preview = RunPreview & {
  /** What the run may spend, USD; null: no limit. */
  readonly budget: number | null;
  /** Ids of tasks that the run builds on, and that the file alone says are settled. */
  readonly saidByFile: readonly string[];
};

/**
 * What a run would do: order, routes, sizes and cost, with the budget that it would have, USD. Makes no call
 * and writes nothing.
 */
export async function preview(
  { feature, tasks = [], types = [] }: Pick<RunInput, 'feature' | 'tasks' | 'types'>,
  program: Program,
  { signal }: Caller,
): Promise<Preview> {
  const document = await program.store.get(feature);
  for (const id of tasks) findTask(document, id);
  const parts = program.look(feature, signal);
  const seen = await previewRun(
    feature,
    document,
    { tasks, types },
    {
      ...parts,
      workspace: await parts.workspace(),
      project: await parts.project(),
      router: await parts.router(),
      expectedCallsOf: await parts.expectedCalls(),
      route: await parts.routeTask(),
      priceOf: (await program.prices()).of,
    },
  );
  const saidByFile = await settledByFile(feature, document, { tasks, types }, program);
  return { ...seen, budget: program.config.budget.run, saidByFile };
}

/** The words that a task's next attempt begins with, and what they leave out for want of room. */
export async function prompt(
  { feature, task }: { feature: string; task: string },
  program: Program,
  { signal }: Caller,
): ReturnType<typeof promptOf> {
  const document = await program.store.get(feature);
  const parts = program.look(feature, signal);
  const workspace = await parts.workspace();
  const project = await parts.project();
  return promptOf(feature, document, findTask(document, task), { ...parts, workspace, project });
}
