import * as z from 'zod';
import { criterionResultSchema } from './acceptance.ts';
import { pathProblem } from './safe-path.ts';
import { plainText, singleLine } from './text.ts';

export const taskTypes = ['architecture', 'boilerplate', 'code', 'review'] as const;
export const taskStatuses = [
  'pending',
  'in_progress',
  'needs_review',
  'done',
  'failed',
  'skipped',
] as const;
export const taskCategories = [
  'frontend',
  'backend',
  'devops',
  'scripts',
  'data',
  'architecture',
  'general',
] as const;
/** What a task goes through; reviews have their own. */
export const workflows = [
  // Each is registered under its name in src/extensions.ts.
  'coding',
  'reasoning',
  'science',
  'rag_qa',
] as const;

export type TaskType = (typeof taskTypes)[number];
export type TaskStatus = (typeof taskStatuses)[number];
export type TaskCategory = (typeof taskCategories)[number];

/** Also a folder name below `partial/`, so it must be harmless as one on every file system. */
export const taskId = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, {
    error: 'must be a letter, then up to 39 of A-Z a-z 0-9 _ -',
  })
  .refine((id) => pathProblem(id) === null, { error: 'is a reserved name' });

export const requirementId = z
  .string()
  .regex(/^R[1-9][0-9]{0,4}$/, { error: 'must be R and a number, as R1' });

export const safePath = z.string().refine((path) => pathProblem(path) === null, {
  error: (issue) => `path ${pathProblem(String(issue.input)) ?? 'is not allowed'}`,
});

const isoTime = z.iso.datetime({ error: 'must be a time as 2026-01-31T12:00:00.000Z' });

export const requirementSchema = z.strictObject({
  id: requirementId,
  text: plainText.min(1),
  acceptance: z.array(plainText.min(1)).default([]),
});

/** Why a task has the status it has: kept with it, so that a status can be trusted or doubted. */
export const taskResultSchema = z.strictObject({
  outcome: z.enum(['approved', 'not_approved', 'rejected', 'failed', 'skipped', 'set_by_hand']),
  by: z.enum(['supervisor', 'engine', 'person']),
  at: isoTime,
  reason: plainText,
  run: z.string().nullable(),
  attempt: z.int().min(0),
  /** Review rounds used, the first review included. */
  rounds: z.int().min(0),
  author: z.string().nullable(),
  authors: z
    .array(z.string())
    .optional()
    .describe('all who wrote at it, the latest first, where the author did not alone'),
  reviewer: z.string().nullable(),
  files: z.array(
    z.strictObject({ path: safePath, sha256: z.string().nullable().describe('null: deleted') }),
  ),
  gates: z.array(z.strictObject({ gate: z.string(), status: z.string(), summary: plainText })),
  review: z.strictObject({ verdict: z.enum(['accept', 'revise']), summary: plainText }).nullable(),
  commit: z.string().optional().describe('that holds its files, where there is a history'),
  criteria: z
    .array(criterionResultSchema)
    .optional()
    .describe('who has seen each of its criteria hold, where that was asked'),
  feedback: plainText.nullable().describe("a person's words on rejecting it"),
  signature: z
    .string()
    .optional()
    .describe('of the user who ran the program: others see that the file says it'),
});

export const taskSchema = z.strictObject({
  id: taskId,
  title: singleLine,
  description: plainText.default(''),
  type: z.enum(taskTypes),
  dependsOn: z.array(taskId).default([]),
  requirements: z.array(requirementId).default([]),
  acceptance: z.array(plainText.min(1)).default([]),
  files: z.array(safePath).default([]),
  complexity: z.int().min(1).max(10).default(3),
  category: z.enum(taskCategories).default('general'),
  workflow: z.enum(workflows).nullable().default(null).describe('null: decided when it is run'),
  status: z.enum(taskStatuses).default('pending'),
  result: taskResultSchema.nullable().default(null),
});

const sha256 = z.string();

/** What a spec said when tasks were made from it, part by part, as hashes of its words. */
export const plannedSpecSchema = z.strictObject({
  requirements: z.array(z.strictObject({ id: requirementId, sha256 })),
  sections: z
    .array(z.strictObject({ heading: z.string(), sha256 }))
    .nullable()
    .describe('null: made by a version that did not keep them'),
});

/** The content of `features/<slug>/tasks.json`. */
export const featureDocumentSchema = z.strictObject({
  $schema: z.string().optional(),
  schemaVersion: z.literal(2),
  title: singleLine,
  createdAt: isoTime,
  updatedAt: isoTime,
  plan: z.strictObject({
    specSha256: z.string().describe('of the spec that the tasks were made from'),
    spec: plannedSpecSchema.nullable().default(null).describe('null: the list was made by hand'),
    refined: z.boolean(),
    warnings: z.array(plainText),
  }),
  requirements: z.array(requirementSchema),
  tasks: z.array(taskSchema),
});

export type Requirement = z.infer<typeof requirementSchema>;
export type TaskResult = z.infer<typeof taskResultSchema>;
export type PlannedSpec = z.infer<typeof plannedSpecSchema>;
export type Task = z.infer<typeof taskSchema>;
export type FeatureDocument = z.infer<typeof featureDocumentSchema>;

/** A dependency is satisfied by work that is finished, or that a person decided to leave out. */
export function isSettled(status: TaskStatus): boolean {
  return status === 'done' || status === 'skipped';
}

/** A task with all that is not given as the schema has it for a new one. What is given is not checked. */
export function newTask(given: Pick<Task, 'id' | 'title' | 'type'> & Partial<Task>): Task {
  return { ...taskSchema.parse({ id: 'T1', title: 'A task', type: 'code' }), ...given };
}
