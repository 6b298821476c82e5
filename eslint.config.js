import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Which rooms each room may import from, and why not the others (docs/architecture.md). */
const rooms = [
  'app',
  'cli',
  'config',
  'domain',
  'executor',
  'main',
  'models',
  'pipeline',
  'report',
  'sandbox',
  'state',
  'strategies',
  'supervisor',
  'workspace',
];

const modelPorts = ['models/language-model', 'models/generate-object', 'models/generate-bundle'];
const sandboxPorts = ['sandbox/gate', 'sandbox/sandbox'];
const statePorts = ['state/ports'];
const workspacePorts = ['workspace/workspace'];

const leaf = 'an adapter room knows the domain alone, so that it can be replaced';
const core = 'the core knows ports, never adapters or state, so that it runs against fakes';
const mayImport = {
  domain: { allowed: [], why: 'the domain is pure and stands alone' },
  config: { allowed: ['domain/'], why: leaf },
  models: { allowed: ['domain/', 'config/resolved-config'], why: leaf },
  sandbox: { allowed: ['domain/'], why: leaf },
  workspace: { allowed: ['domain/'], why: leaf },
  state: { allowed: ['domain/'], why: leaf },
  report: { allowed: ['domain/'], why: 'reports are pure readings of the journal' },
  pipeline: { allowed: ['domain/', ...modelPorts], why: core },
  strategies: {
    allowed: ['domain/', ...modelPorts, 'models/ask-with-repair', ...sandboxPorts],
    why: core,
  },
  supervisor: { allowed: ['domain/', ...modelPorts, ...sandboxPorts], why: core },
  executor: {
    allowed: [
      'domain/',
      'strategies/',
      'supervisor/',
      ...modelPorts,
      ...sandboxPorts,
      ...statePorts,
      ...workspacePorts,
    ],
    why: core,
  },
  cli: {
    allowed: ['app', 'config/', 'report/', 'domain/'],
    why: 'commands are thin: they parse, call and render',
  },
};

const roomRules = Object.entries(mayImport).map(([room, { allowed, why }]) => {
  const others = rooms.filter((other) => other !== room).join('|');
  const exceptions = allowed
    .map((path) => `${path}${path.endsWith('/') ? '' : '\\.ts$'}`)
    .join('|');
  const except = exceptions === '' ? '' : `(?!(?:${exceptions}))`;
  return {
    files: [`src/${room}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(?:\\.\\./)+${except}(?:${others})(?:/|\\.ts$)`,
              message: `Not from src/${room}: ${why}.`,
            },
          ],
        },
      ],
    },
  };
});

/** Vendors' packages, each with the one file that may use it. */
const vendors = {
  '@anthropic-ai/sdk': 'src/models/providers/anthropic*.ts',
  openai: 'src/models/providers/openai*.ts',
  '@google/generative-ai': 'src/models/providers/google.ts',
  lowdb: 'src/state/lowdb-*.ts',
};

const vendorRule = (restricted) => ({
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: restricted.map((name) => ({
        name,
        message: `A vendor's package is used in its adapter alone: ${vendors[name]}.`,
      })),
    },
  ],
});
const vendorRules = [
  { files: ['src/**/*.ts'], rules: vendorRule(Object.keys(vendors)) },
  ...Object.entries(vendors).map(([vendor, file]) => ({
    files: [file],
    rules: vendorRule(Object.keys(vendors).filter((other) => other !== vendor)),
  })),
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      'features/',
      'blueprint-demo/',
      'tests/fixtures/',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/resolver': { node: { extensions: ['.ts'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'no-console': ['error'],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    // The two edges: the program's, and that of the package's entry.
    ignores: ['src/main.ts', 'src/library.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'exit',
          message: 'Only src/main.ts ends the process: return an outcome.',
        },
        {
          object: 'process',
          property: 'cwd',
          message: 'Take the folder as an argument; main.ts reads it.',
        },
        {
          object: 'process',
          property: 'env',
          message: 'Take the environment as an argument; main.ts reads it.',
        },
      ],
    },
  },
  ...roomRules,
  ...vendorRules,
  {
    files: ['bench/**', 'scripts/**', 'tests/**'],
    rules: { 'no-console': 'off', 'max-lines': 'off' },
  },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
