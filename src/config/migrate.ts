import { BlueprintError } from '../domain/errors.ts';
import { configVersion } from './schema.ts';

type Step = (config: Record<string, unknown>) => Record<string, unknown>;

/** From each version to the next; a file that says none is of the first. */
const steps: readonly Step[] = [ollamaOfItsOwnKind];

/**
 * A config file's value in the form of this version. What it does not understand it leaves as it is: the
 * schema says what is wrong with it.
 * @throws BlueprintError `config-version-unknown`
 */
export function migrated(value: unknown, shown: string): unknown {
  if (!isObject(value)) return value;
  const { version = 1 } = value;
  if (typeof version !== 'number' || version < 1 || !Number.isInteger(version)) return value;
  if (version > configVersion)
    throw new BlueprintError({
      code: 'config-version-unknown',
      message: `${shown} is of version ${version}; this program knows versions up to ${configVersion}`,
      target: shown,
      fix: 'Update blueprint.',
    });
  const now = steps.slice(version - 1).reduce((config, step) => step(config), value);
  return 'version' in value ? { ...now, version: configVersion } : now;
}

/** Ollama was a name among the servers that speak OpenAI's format. */
function ollamaOfItsOwnKind(config: Record<string, unknown>): Record<string, unknown> {
  const { providers } = config;
  if (!isObject(providers) || !isObject(providers['ollama'])) return config;
  const { kind, ...ollama } = providers['ollama'];
  if (kind !== 'openai-compatible') return config;
  return { ...config, providers: { ...providers, ollama } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
