import type { ModelRole } from '../domain/model-role.ts';
import type { TaskCategory } from '../domain/task.ts';
import type { ProviderKind } from './schema.ts';

export interface KnownProvider {
  readonly kind: ProviderKind;
  readonly baseUrl?: string;
  readonly keyVariables: readonly string[];
  /** The vendor's own variables for the base URL. */
  readonly baseUrlVariables: readonly string[];
  readonly structured?: 'json_schema' | 'json_object' | 'none';
  readonly keyless?: boolean;
}

const schemaMode = { structured: 'json_schema' } as const;

/** Providers that need no config but a key. Sources: docs/providers.md. */
export const knownProviders: Readonly<Record<string, KnownProvider>> = {
  anthropic: {
    kind: 'anthropic',
    keyVariables: ['ANTHROPIC_API_KEY'],
    baseUrlVariables: ['ANTHROPIC_BASE_URL'],
    ...schemaMode,
  },
  openai: {
    kind: 'openai',
    keyVariables: ['OPENAI_API_KEY'],
    baseUrlVariables: ['OPENAI_BASE_URL'],
    ...schemaMode,
  },
  google: {
    kind: 'google',
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    baseUrlVariables: ['GOOGLE_GEMINI_BASE_URL'],
    ...schemaMode,
  },
  deepseek: {
    kind: 'openai-compatible',
    baseUrl: 'https://api.deepseek.com',
    keyVariables: ['DEEPSEEK_API_KEY'],
    baseUrlVariables: ['DEEPSEEK_BASE_URL'],
    structured: 'json_object',
  },
  groq: {
    kind: 'openai-compatible',
    baseUrl: 'https://api.groq.com/openai/v1',
    keyVariables: ['GROQ_API_KEY'],
    baseUrlVariables: ['GROQ_BASE_URL'],
    ...schemaMode,
  },
  xai: {
    kind: 'openai-compatible',
    baseUrl: 'https://api.x.ai/v1',
    keyVariables: ['XAI_API_KEY'],
    baseUrlVariables: ['XAI_BASE_URL'],
    ...schemaMode,
  },
  openrouter: {
    kind: 'openai-compatible',
    baseUrl: 'https://openrouter.ai/api/v1',
    keyVariables: ['OPENROUTER_API_KEY'],
    baseUrlVariables: ['OPENROUTER_BASE_URL'],
    ...schemaMode,
  },
  ollama: {
    kind: 'openai-compatible',
    baseUrl: 'http://127.0.0.1:11434/v1',
    keyVariables: [],
    baseUrlVariables: ['OLLAMA_HOST'],
    keyless: true,
    ...schemaMode,
  },
  'claude-cli': { kind: 'claude-cli', keyVariables: [], baseUrlVariables: [], ...schemaMode },
  'codex-cli': { kind: 'codex-cli', keyVariables: [], baseUrlVariables: [], ...schemaMode },
  'gemini-cli': { kind: 'gemini-cli', keyVariables: [], baseUrlVariables: [], ...schemaMode },
  scripted: { kind: 'scripted', keyVariables: [], baseUrlVariables: [], ...schemaMode },
  offline: { kind: 'offline', keyVariables: [], baseUrlVariables: [], ...schemaMode },
};

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

export const defaults = {
  featuresDir: 'features',
  routing: { parserLargeTokens: 12_000, coderLargeTokens: 24_000, fallbackOnRefusal: false },
  pipeline: { ask: true, maxBriefBytes: 1_000_000, contextTokens: 30_000 },
  executor: {
    concurrency: 3,
    attempts: 2,
    contextTokens: 30_000,
    maxOutputTokens: 32_000,
    codec: 'fenced',
  },
  supervisor: { maxIterations: 3 },
  tournament: { k: 3, loops: 2, margin: 0.02, earlyStop: false, deadlineMs: 900_000 },
  sandbox: {
    kind: 'auto',
    timeoutMs: 300_000,
    memoryBytes: 2_000_000_000,
    processes: 512,
    outputBytes: 10_000_000,
    diskBytes: 1_000_000_000,
  },
  workspace: { kind: 'auto' },
  gates: { run: ['paths', 'syntax', 'contract', 'tests', 'commands'] },
  calls: {
    timeoutMs: 900_000,
    firstByteMs: 300_000,
    idleMs: 120_000,
    maxReplyBytes: 8_000_000,
    retries: 4,
    maxRetryAfterMs: 60_000,
  },
  budget: { allowUnpriced: false },
} as const;
