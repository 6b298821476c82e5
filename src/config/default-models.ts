import type { ModelRole } from '../domain/model-role.ts';
import type { TaskCategory } from '../domain/task.ts';

/** Members of the pinned SDKs' own type lists. */
const opus = 'anthropic/claude-opus-5-5';
const sonnet = 'anthropic/claude-sonnet-5-5';
const haiku = 'anthropic/claude-haiku-5-5';
const sol = 'openai/gpt-5.6-sol';
const terra = 'openai/gpt-5.6-terra';
const luna = 'openai/gpt-5.6-luna';
/** The google SDK has no such list: as documented for the config. */
const pro = 'google/gemini-3.1-pro-preview';
const flash = 'google/gemini-3.5-flash';
/** The rule-based planner ends each list: it is taken only when nothing before it can be reached. */
export const rulesRef = 'offline/planner';

export const defaultRoles: Readonly<
  Partial<Record<ModelRole, { models: readonly string[]; large?: readonly string[] }>>
> = {
  architect: { models: [opus, sol, pro] },
  parser: { models: [haiku, luna, flash], large: [pro, sonnet, terra] },
  boilerplate: { models: [haiku, luna, flash] },
  coder: { models: [sonnet, terra, pro], large: [opus, pro, sol] },
  reviewer: { models: [sol, opus, pro] },
};

/** Who answers and who judges, by what a task is about: families that are taken where they can be reached. */
export const defaultMembers: Readonly<
  Record<TaskCategory, { primaries: readonly string[]; validators: readonly string[] }>
> = {
  frontend: { primaries: ['gemini', 'claude'], validators: ['codex'] },
  backend: { primaries: ['claude', 'codex'], validators: ['gemini'] },
  devops: { primaries: ['codex', 'grok'], validators: ['claude'] },
  scripts: { primaries: ['codex', 'gemini'], validators: ['claude'] },
  data: { primaries: ['codex', 'claude'], validators: ['gemini'] },
  architecture: { primaries: ['grok', 'claude'], validators: ['codex'] },
  general: { primaries: [], validators: [] },
};
