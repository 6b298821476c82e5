import type { WorkflowName } from './domain/route.ts';
import type { GateEntry } from './gates/gate-entry.ts';
import type { KnownProvider, ProviderKindEntry } from './models/provider-kind.ts';
import type { StrategyEntry } from './strategies/strategy.ts';
import type { WorkflowEntry } from './workflows/workflow-of.ts';

export type { LocalTraits, ProgramTraits } from './models/provider-kind.ts';

/*
 * What can be added to the program without changing it. An entry says in data what lists elsewhere need
 * (config schema, help, docs) and loads its code when that is first used.
 */

/** Names are inferred, what each entry needs is checked. */
const entries =
  <Entry>() =>
  <Name extends string>(named: Record<Name, Entry>): Readonly<Record<Name, Entry>> =>
    named;

/** Providers by their kind, each with the names under which it is known without config. Sources: docs/providers.md. */
export const providers = entries<ProviderKindEntry>()({
  anthropic: {
    description: 'Anthropic’s Messages API',
    load: async () => (await import('./models/providers/anthropic.ts')).anthropicProvider,
    cachesPrefixes: true,
    list: {
      load: async () => (await import('./models/providers/anthropic-models.ts')).anthropicModels,
      baseUrl: 'https://api.anthropic.com',
    },
    known: {
      anthropic: {
        usualModel: 'claude-sonnet-5-5',
        keyVariables: ['ANTHROPIC_API_KEY'],
        otherKeyVariables: ['ANTHROPIC_AUTH_TOKEN'],
        baseUrlVariables: ['ANTHROPIC_BASE_URL'],
      },
    },
  },
  openai: {
    description: 'OpenAI’s Responses API',
    load: async () => (await import('./models/providers/openai.ts')).openaiProvider,
    cachesPrefixes: true,
    list: {
      load: async () => (await import('./models/providers/openai-models.ts')).openaiModels,
      baseUrl: 'https://api.openai.com/v1',
    },
    known: {
      openai: {
        usualModel: 'gpt-5.6-terra',
        keyVariables: ['OPENAI_API_KEY'],
        baseUrlVariables: ['OPENAI_BASE_URL'],
      },
    },
  },
  google: {
    description: 'Google’s Gemini API',
    load: async () => (await import('./models/providers/google.ts')).googleProvider,
    cachesPrefixes: true,
    list: {
      load: async () => (await import('./models/providers/google-models.ts')).googleModels,
      baseUrl: 'https://generativelanguage.googleapis.com',
    },
    known: {
      google: {
        usualModel: 'gemini-3.1-pro-preview',
        keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
        baseUrlVariables: ['GOOGLE_GEMINI_BASE_URL'],
      },
    },
  },
  'openai-compatible': {
    description: 'any server that speaks OpenAI’s Chat Completions',
    load: async () =>
      (await import('./models/providers/openai-compatible.ts')).openaiCompatibleProvider,
    cachesPrefixes: true,
    structured: 'json_object',
    needsBaseUrl: true,
    list: {
      load: async () => (await import('./models/providers/openai-models.ts')).openaiModels,
      optional: true,
    },
    known: {
      deepseek: {
        baseUrl: 'https://api.deepseek.com',
        usualModel: 'deepseek-chat',
        keyVariables: ['DEEPSEEK_API_KEY'],
        baseUrlVariables: ['DEEPSEEK_BASE_URL'],
      },
      groq: {
        baseUrl: 'https://api.groq.com/openai/v1',
        usualModel: 'openai/gpt-oss-120b',
        keyVariables: ['GROQ_API_KEY'],
        baseUrlVariables: ['GROQ_BASE_URL'],
        structured: 'json_schema',
      },
      xai: {
        baseUrl: 'https://api.x.ai/v1',
        usualModel: 'grok-4',
        keyVariables: ['XAI_API_KEY'],
        baseUrlVariables: ['XAI_BASE_URL'],
        structured: 'json_schema',
      },
      openrouter: {
        baseUrl: 'https://openrouter.ai/api/v1',
        usualModel: 'openrouter/auto',
        keyVariables: ['OPENROUTER_API_KEY'],
        baseUrlVariables: ['OPENROUTER_BASE_URL'],
        structured: 'json_schema',
      },
    },
  },
  ollama: {
    description: 'a server of Ollama',
    load: async () => (await import('./models/providers/ollama.ts')).ollamaProvider,
    list: { load: async () => (await import('./models/providers/ollama-api.ts')).ollamaModels },
    local: {
      port: 11_434,
      path: '/v1',
      whenEmpty: 'get one with: ollama pull NAME',
      silence: async () => (await import('./models/providers/ollama-api.ts')).ollamaSilence,
      contextOf: async () => (await import('./models/providers/ollama-api.ts')).currentContext,
    },
    keyless: true,
    needsBaseUrl: true,
    known: {
      ollama: {
        baseUrl: 'http://127.0.0.1:11434/v1',
        baseUrlVariables: ['OLLAMA_HOST'],
      },
    },
  },
  'claude-cli': {
    description: 'the program claude, with its own account',
    load: async () => (await import('./models/providers/cli/claude.ts')).claudeCliProvider,
    schemas: true,
    program: {
      command: 'claude',
      variables: [
        'ANTHROPIC_API_KEY',
        'ANTHROPIC_AUTH_TOKEN',
        'ANTHROPIC_BASE_URL',
        'ANTHROPIC_CUSTOM_HEADERS',
        'CLAUDE_CODE_OAUTH_TOKEN',
        'CLAUDE_CONFIG_DIR',
      ],
      optionalVariables: {
        CLAUDE_CODE_USE_BEDROCK: [
          'AWS_ACCESS_KEY_ID',
          'AWS_BEARER_TOKEN_BEDROCK',
          'AWS_CONFIG_FILE',
          'AWS_PROFILE',
          'AWS_REGION',
          'AWS_SECRET_ACCESS_KEY',
          'AWS_SESSION_TOKEN',
          'AWS_SHARED_CREDENTIALS_FILE',
        ],
        CLAUDE_CODE_USE_VERTEX: [
          'ANTHROPIC_VERTEX_PROJECT_ID',
          'CLOUD_ML_REGION',
          'GOOGLE_APPLICATION_CREDENTIALS',
        ],
      },
    },
    known: { 'claude-cli': {} },
  },
  'codex-cli': {
    description: 'the program codex, with its own account',
    load: async () => (await import('./models/providers/cli/codex.ts')).codexCliProvider,
    schemas: true,
    program: {
      command: 'codex',
      variables: ['CODEX_API_KEY', 'CODEX_HOME', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
    },
    known: { 'codex-cli': {} },
  },
  'gemini-cli': {
    description: 'the program gemini, with its own account',
    load: async () => (await import('./models/providers/cli/gemini.ts')).geminiCliProvider,
    program: {
      command: 'gemini',
      variables: [
        'GEMINI_API_KEY',
        'GEMINI_CLI_HOME',
        'GOOGLE_GEMINI_BASE_URL',
        'GOOGLE_GENAI_USE_GCA',
        'GOOGLE_GENAI_USE_VERTEXAI',
        'GOOGLE_API_KEY',
        'GOOGLE_APPLICATION_CREDENTIALS',
        'GOOGLE_CLOUD_LOCATION',
        'GOOGLE_CLOUD_PROJECT',
      ],
    },
    known: { 'gemini-cli': {} },
  },
  command: {
    description: 'a program of your choice that reads a prompt and prints a reply',
    load: async () => (await import('./models/providers/cli/command.ts')).commandProvider,
    program: { command: null, variables: [] },
    known: {},
  },
  scripted: {
    description: 'replies from a scripted conversation',
    load: async () => {
      const { scriptedProvider } = await import('./models/providers/scripted.ts');
      return (config) => scriptedProvider(config);
    },
    builtIn: true,
    known: { scripted: {} },
  },
  offline: {
    description: 'rules in place of a model',
    load: null,
    builtIn: true,
    known: { offline: {} },
  },
});

/** Checks of work, in the order in which they run. Their settings: `gates` in the config. */
export const gates = entries<GateEntry>()({
  paths: {
    description: 'nothing leaves the project, collides, or writes where it must not',
    load: async () => (await import('./gates/paths.ts')).pathsGate,
  },
  syntax: {
    description: 'every changed file parses; a language without a grammar is `skipped`',
    load: async () => {
      const { syntaxGate } = await import('./gates/syntax.ts');
      return () => syntaxGate();
    },
  },
  contract: {
    description:
      'the names that the task declares are defined, exported where it says so, and take the arguments that it gives them; says nothing where none are declared',
    load: async () => (await import('./gates/contract.ts')).contractGate,
    silentWhen: 'skipped',
  },
  tests: {
    description: 'the project’s tests pass with the work in it',
    load: async () => {
      const { testsGate } = await import('./gates/tests.ts');
      return (parts) =>
        testsGate({
          ...parts,
          command: parts.testCommand,
          whenNone: parts.testsWhenNone,
          timeoutMs: parts.testsTimeoutMs,
        });
    },
  },
  commands: {
    description: 'your own commands end with exit code 0; left out where none are configured',
    load: async () => {
      const { commandsGate } = await import('./gates/commands.ts');
      return (parts) => (parts.commands.length === 0 ? null : commandsGate(parts));
    },
  },
});

/** Ways to get candidates for a task and to choose among them. */
export const strategies = entries<StrategyEntry>()({
  single: {
    description: 'one model, asked once',
    load: async () => (await import('./strategies/single.ts')).singleStrategy,
  },
  ensemble: {
    description: 'several models; what they made is merged and judged',
    load: async () => (await import('./strategies/ensemble/definition.ts')).ensemble,
  },
  tournament: {
    description: 'several candidates; checks and critics choose',
    load: async () => (await import('./strategies/tournament/definition.ts')).tournament,
  },
});

/** What a task goes through to its deliverable: each that a task can name, and what reviews go through. */
export const workflows = entries<WorkflowEntry>()<WorkflowName | 'review'>({
  coding: {
    description: 'files: a candidate by the task’s strategy, then gates and review until approved',
    load: async () => (await import('./workflows/coding.ts')).coding,
  },
  reasoning: {
    description: 'an answer: independent solutions, a vote, a verifier where they differ',
    load: async () => (await import('./workflows/reasoning.ts')).reasoning,
  },
  science: {
    description:
      'an answer that is computed: as reasoning, with claims, assumptions and units verified and the program of a solution run in the sandbox',
    load: async () => (await import('./workflows/science.ts')).science,
  },
  rag_qa: {
    description:
      'an answer from the project’s files or given folders; each cited place is read again',
    load: async () => (await import('./workflows/rag/rag-qa.ts')).ragQa,
  },
  review: {
    description: 'findings on the files of the tasks that a review task depends on',
    load: async () => (await import('./workflows/review.ts')).review,
  },
});

export type ProviderKind = keyof typeof providers;
export type StrategyName = keyof typeof strategies;

export const providerKinds = namesOf(providers);
export const gateNames = namesOf(gates);
export const strategyNames = namesOf(strategies);

/** Providers that are known by name, each with its kind. */
export const knownProviders: ReadonlyMap<string, KnownProvider & { readonly kind: ProviderKind }> =
  new Map(
    providerKinds.flatMap((kind) =>
      Object.entries(providers[kind].known).map(([name, known]) => [name, { kind, ...known }]),
    ),
  );

function namesOf<Name extends string>(named: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(named) as Name[];
}
