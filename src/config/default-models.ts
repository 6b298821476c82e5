import type { ModelRole } from '../domain/model-role.ts';
import type { TaskCategory } from '../domain/task.ts';

/**
 * Model ids of anthropic and openai are members of the pinned SDKs' own type lists; the google SDK has
 * no such list, so its ids are documented as config. Each list ends with the rule-based planner, which
 * is taken only when nothing before it can be reached.
 */
export const defaultRoles: Readonly<
  Partial<Record<ModelRole, { models: readonly string[]; large?: readonly string[] }>>
> = {
  architect: {
    models: [
      'anthropic/claude-opus-5-5',
      'openai/gpt-5.6-sol',
      'google/gemini-3.1-pro-preview',
      'offline/planner',
    ],
  },
  parser: {
    models: [
      'anthropic/claude-haiku-5-5',
      'openai/gpt-5.6-luna',
      'google/gemini-3.5-flash',
      'offline/planner',
    ],
    large: [
      'google/gemini-3.1-pro-preview',
      'anthropic/claude-sonnet-5-5',
      'openai/gpt-5.6-terra',
      'offline/planner',
    ],
  },
  boilerplate: {
    models: [
      'anthropic/claude-haiku-5-5',
      'openai/gpt-5.6-luna',
      'google/gemini-3.5-flash',
      'offline/planner',
    ],
  },
  coder: {
    models: [
      'anthropic/claude-sonnet-5-5',
      'openai/gpt-5.6-terra',
      'google/gemini-3.1-pro-preview',
      'offline/planner',
    ],
    large: [
      'anthropic/claude-opus-5-5',
      'google/gemini-3.1-pro-preview',
      'openai/gpt-5.6-sol',
      'offline/planner',
    ],
  },
  reviewer: {
    models: [
      'openai/gpt-5.6-sol',
      'anthropic/claude-opus-5-5',
      'google/gemini-3.1-pro-preview',
      'offline/planner',
    ],
  },
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
