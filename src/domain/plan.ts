import * as z from 'zod';
import { taskCategories, taskTypes, workflows } from './task.ts';

/**
 * What models reply in the pipeline. Portable schema style: all required, nothing optional, no length or
 * number rules; `domain/graph.ts` and `taskSchema` judge the content.
 */
const plannedTask = z.strictObject({
  id: z.string().describe('T1, T2, … in order'),
  title: z.string().describe('one line, imperative'),
  description: z.string().describe('what to build and what to mind; enough to work from'),
  type: z.enum(taskTypes),
  dependsOn: z.array(z.string()).describe('ids of tasks whose files this one needs'),
  requirements: z.array(z.string()).describe('ids of the requirements it serves'),
  acceptance: z.array(z.string()).describe('checkable statements'),
  files: z.array(z.string()).describe('paths it creates or changes, relative'),
  complexity: z.int().describe('1 to 10'),
  category: z.enum(taskCategories),
  workflow: z.enum(workflows),
});

const plannedRequirement = z.strictObject({
  id: z.string().describe('R1, R2, …; the ids of the spec where it has them'),
  text: z.string(),
  acceptance: z.array(z.string()),
});

/** Stage `plan`: the spec as requirements and tasks. */
export const planReplySchema = z.strictObject({
  requirements: z.array(plannedRequirement),
  tasks: z.array(plannedTask),
});

/** Stage `refine`: the whole list again. A task that is left out must be named in `removed`. */
export const refineReplySchema = z.strictObject({
  tasks: z.array(plannedTask),
  removed: z.array(z.strictObject({ id: z.string(), reason: z.string() })),
  notes: z.array(z.string()),
});

/** Stage `clarify`: at most five questions; none when the brief is clear. */
export const clarifyReplySchema = z.strictObject({
  questions: z.array(
    z.strictObject({
      question: z.string(),
      why: z.string(),
      suggestion: z.string().describe('the answer to assume when none is given'),
    }),
  ),
});

/** Stage `clarify` where there is a project to look at: besides, files of it to be shown before the spec is written. */
export const clarifyInProjectSchema = clarifyReplySchema.extend({
  files: z.array(z.string()).describe('paths of the project to read before the spec is written'),
});

export type PlannedTask = z.infer<typeof plannedTask>;
export type PlanReply = z.infer<typeof planReplySchema>;
export type RefineReply = z.infer<typeof refineReplySchema>;
