import type { ResolvedCli, ResolvedProvider } from '../../../../src/config/resolved-config.ts';
import { cliEnvironment } from '../../../../src/config/cli-environment.ts';
import { providers } from '../../../../src/extensions.ts';
import type { ProgramTraits } from '../../../../src/models/provider-kind.ts';
import type { ModelProvider } from '../../../../src/models/language-model.ts';
import { claudeCliProvider } from '../../../../src/models/providers/cli/claude.ts';
import { codexCliProvider } from '../../../../src/models/providers/cli/codex.ts';
import { commandProvider } from '../../../../src/models/providers/cli/command.ts';
import { geminiCliProvider } from '../../../../src/models/providers/cli/gemini.ts';
import { limits } from '../vendors.ts';

/** An environment with keys of all kinds in it. */
export const secrets = {
  ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdefghij',
  OPENAI_API_KEY: 'sk-proj-0123456789abcdefghij',
  GEMINI_API_KEY: 'AIzaSy0123456789abcdefghij',
  MY_MODEL_KEY: 'the-key-of-my-own-model',
  GITHUB_TOKEN: 'ghp_0123456789abcdefghij',
  AWS_SECRET_ACCESS_KEY: 'aws-0123456789abcdefghij',
  CLAUDECODE: '1',
  CLAUDE_CODE_ENTRYPOINT: 'cli',
};

type ProgramKind = 'claude-cli' | 'codex-cli' | 'gemini-cli' | 'command';

function programOf(kind: ProgramKind): ProgramTraits {
  const { program } = providers[kind];
  if (program === undefined) throw new Error(`${kind} is no program`);
  return program;
}

export interface ProgramUnderTest {
  readonly kind: Exclude<ProgramKind, 'command'>;
  readonly command: string;
  readonly model: string;
  readonly family: string;
  /** The one key of `secrets` that it gets. */
  readonly key: string;
  readonly provider: (config: ResolvedProvider) => ModelProvider;
}

export const programs: readonly ProgramUnderTest[] = [
  {
    kind: 'claude-cli',
    command: 'claude',
    model: 'sonnet',
    family: 'claude',
    key: 'ANTHROPIC_API_KEY',
    provider: (config) => claudeCliProvider(config, limits),
  },
  {
    kind: 'codex-cli',
    command: 'codex',
    model: 'gpt-5.6-terra',
    family: 'gpt',
    key: 'OPENAI_API_KEY',
    provider: (config) => codexCliProvider(config, limits),
  },
  {
    kind: 'gemini-cli',
    command: 'gemini',
    model: 'gemini-3.5-flash',
    family: 'gemini',
    key: 'GEMINI_API_KEY',
    provider: (config) => geminiCliProvider(config, limits),
  },
];

export function cliConfig(
  program: Pick<ProgramUnderTest, 'kind' | 'command'>,
  path: string,
): ResolvedProvider {
  return configWith(program.kind, program.kind, path, { command: program.command });
}

/** A provider of kind `command`. */
export function commandIn(
  path: string,
  changes: Partial<ResolvedCli> = {},
  key: { variable: string; value: string | undefined } | undefined = undefined,
): ModelProvider {
  const config = configWith('my-model', 'command', path, changes, key?.variable);
  const keyed = key !== undefined && { keyVariables: [key.variable], apiKey: key.value };
  return commandProvider({ ...config, ...keyed }, limits);
}

function configWith(
  name: string,
  kind: ProgramKind,
  path: string,
  changes: Partial<ResolvedCli>,
  key?: string,
): ResolvedProvider {
  return {
    name,
    kind,
    baseUrl: undefined,
    apiKey: undefined,
    keyVariables: [],
    keyless: false,
    structured: 'json_schema',
    script: undefined,
    cli: {
      command: 'my-model',
      args: [],
      output: 'text',
      textPath: undefined,
      family: undefined,
      environment: cliEnvironment(
        programOf(kind),
        { ...secrets, PATH: path, HOME: '/home/somebody' },
        key,
      ),
      ...changes,
    },
  };
}
