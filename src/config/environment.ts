import { modelRoles } from '../domain/model-role.ts';

type Reading = 'text' | 'number' | 'yes-or-no' | 'list';

export interface Setting {
  readonly variable: string;
  /** Where the value stands in the written config. */
  readonly path: readonly string[];
  readonly reading: Reading;
}

/** Environment variables that set what the config file sets. `docs/configuration.md` lists them. */
export const settings: readonly Setting[] = [
  setting('FEATURES_DIR', 'featuresDir', 'text'),
  setting('PARSER_LARGE_TOKENS', 'routing.parserLargeTokens', 'number'),
  setting('CODER_LARGE_TOKENS', 'routing.coderLargeTokens', 'number'),
  setting('FALLBACK_ON_REFUSAL', 'routing.fallbackOnRefusal', 'yes-or-no'),
  setting('ASK', 'pipeline.ask', 'yes-or-no'),
  setting('MAX_BRIEF_BYTES', 'pipeline.maxBriefBytes', 'number'),
  setting('PLAN_CONTEXT_TOKENS', 'pipeline.contextTokens', 'number'),
  setting('CONCURRENCY', 'executor.concurrency', 'number'),
  setting('ATTEMPTS', 'executor.attempts', 'number'),
  setting('TASK_CONTEXT_TOKENS', 'executor.contextTokens', 'number'),
  setting('MAX_OUTPUT_TOKENS', 'executor.maxOutputTokens', 'number'),
  setting('CODEC', 'executor.codec', 'text'),
  setting('MAX_ITERATIONS', 'supervisor.maxIterations', 'number'),
  setting('STRATEGY', 'strategy', 'text'),
  setting('ENSEMBLE_MODE', 'ensemble.mode', 'text'),
  setting('ENSEMBLE_TIMEOUT_MS', 'ensemble.timeoutMs', 'number'),
  setting('SANDBOX', 'sandbox.kind', 'text'),
  setting('SANDBOX_IMAGE', 'sandbox.image', 'text'),
  setting('SANDBOX_TIMEOUT_MS', 'sandbox.timeoutMs', 'number'),
  setting('SANDBOX_MEMORY_BYTES', 'sandbox.memoryBytes', 'number'),
  setting('SANDBOX_PROCESSES', 'sandbox.processes', 'number'),
  setting('SANDBOX_OUTPUT_BYTES', 'sandbox.outputBytes', 'number'),
  setting('SANDBOX_DISK_BYTES', 'sandbox.diskBytes', 'number'),
  setting('WORKSPACE', 'workspace.kind', 'text'),
  setting('GATES', 'gates.run', 'list'),
  setting('TEST_COMMAND', 'gates.tests.command', 'text'),
  setting('PREPARE', 'gates.prepare', 'text'),
  setting('CALL_TIMEOUT_MS', 'calls.timeoutMs', 'number'),
  setting('CALL_FIRST_BYTE_MS', 'calls.firstByteMs', 'number'),
  setting('CALL_IDLE_MS', 'calls.idleMs', 'number'),
  setting('MAX_REPLY_BYTES', 'calls.maxReplyBytes', 'number'),
  setting('CALL_RETRIES', 'calls.retries', 'number'),
  setting('CALL_MAX_RETRY_AFTER_MS', 'calls.maxRetryAfterMs', 'number'),
  setting('BUDGET', 'budget.run', 'number'),
  ...modelRoles.map((role) => setting(`ROLE_${role.toUpperCase()}`, `roles.${role}`, 'list')),
];

/** Variables that are read elsewhere: the config file, the scripted conversation, our own build's. */
export const otherVariables = ['BLUEPRINT_CONFIG', 'BLUEPRINT_SCRIPT', 'BLUEPRINT_SKIP_BUILD'];

function setting(name: string, path: string, reading: Reading): Setting {
  return { variable: `BLUEPRINT_${name}`, path: path.split('.'), reading };
}

/** The environment as a written config, unchecked. Empty variables count as not set. */
export function configOfEnvironment(env: NodeJS.ProcessEnv): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const { variable, path, reading } of settings) {
    const text = env[variable]?.trim();
    if (text !== undefined && text !== '') place(config, path, valueOf(text, reading));
  }
  return config;
}

/** Names that look like ours but are none. */
export function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = new Set([...otherVariables, ...settings.map(({ variable }) => variable)]);
  return Object.keys(env).filter((name) => name.startsWith('BLUEPRINT_') && !known.has(name));
}

/** A comma-separated list; spaces around the items do not count. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

// What is no number or no yes-or-no stays a text, which the schema then names.
function valueOf(text: string, reading: Reading): unknown {
  if (reading === 'list') return listOf(text);
  if (reading === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (reading === 'yes-or-no') {
    if (/^(1|true|yes|on)$/i.test(text)) return true;
    return /^(0|false|no|off)$/i.test(text) ? false : text;
  }
  return text;
}

function place(config: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) config[first] = value;
  else {
    const below = { ...(config[first] as Record<string, unknown> | undefined) };
    place(below, rest, value);
    config[first] = below;
  }
}
