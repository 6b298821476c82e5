import * as z from 'zod';
import type { TaskType } from './task.ts';

export const modelRoles = [
  'architect',
  'parser',
  'boilerplate',
  'coder',
  'reviewer',
  'solver',
  'corrector',
  'synthesizer',
  'critic',
  'judge',
  'verifier',
  'strategist',
  'retriever',
] as const;
export type ModelRole = (typeof modelRoles)[number];

/** Roles that, where config names no models for them, use another role's list. */
export const roleDefaults: Partial<Record<ModelRole, ModelRole>> = {
  solver: 'coder',
  corrector: 'coder',
  synthesizer: 'coder',
  critic: 'reviewer',
  judge: 'reviewer',
  verifier: 'reviewer',
  strategist: 'architect',
  retriever: 'parser',
};

/** Whose work the tasks of a type are. */
export const roleOfType: Readonly<Record<TaskType, ModelRole>> = {
  architecture: 'architect',
  boilerplate: 'boilerplate',
  code: 'coder',
  review: 'reviewer',
};

const modelRefSchema = z.strictObject({ provider: z.string(), model: z.string() });
/** Which of our models: `provider/model`, split at the first slash. */
export type ModelRef = Readonly<z.infer<typeof modelRefSchema>>;

export function formatModelRef(ref: ModelRef): string {
  return `${ref.provider}/${ref.model}`;
}

/** The model's part of a reference that leaves the choice to the provider. */
export const ownChoice = 'default';

/** @returns null when the text is not `provider/model`. */
export function parseModelRef(text: string): ModelRef | null {
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) return null;
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}

/** Who answered, as it is kept in files; those of version 0.1.0 have a field more, which is left out. */
export const modelIdentitySchema = z.object({
  ref: modelRefSchema.readonly(),
  /** Models of one family share their blind spots, as `claude`, `gpt`, `gemini`. */
  family: z.string(),
});
export type ModelIdentity = Readonly<z.infer<typeof modelIdentitySchema>>;

/** The author of what is written by rules, without a model: never good enough to approve or be approved. */
export const rulesAuthor: ModelIdentity = {
  ref: { provider: 'offline', model: 'planner' },
  family: 'rules',
};

/**
 * Whether a written `provider/model`, as of a decision or an author, stands for rules in place of a model.
 * Rules are an entry of role lists, but no model: whoever decides calls what stands in instead.
 */
export function isRules(model: string | ModelRef): boolean {
  const ref = typeof model === 'string' ? parseModelRef(model) : model;
  return ref?.provider === rulesAuthor.ref.provider;
}
