import tseslint from 'typescript-eslint';
import { roomsPlugin } from './scripts/lint/rooms.js';

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

const diskChanges =
  'appendFile chmod copyFile cp link mkdir mkdtemp rename rm rmdir symlink truncate unlink utimes writeFile';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      'coverage/',
      '.vitest/',
      'features/',
      'blueprint-demo/',
      'tests/fixtures/',
    ],
  },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { rooms: roomsPlugin },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      'rooms/cycles': 'error',
      'no-console': ['error'],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'SpreadElement > :matches(ObjectExpression, ArrayExpression)',
          message: 'Write the members out: a spread literal only saves the formatter a line.',
        },
      ],
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
  {
    files: ['src/**/*.ts'],
    rules: { 'rooms/imports': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    // Folders of the system's own, where a write sets a limit.
    ignores: ['src/files/disk.ts', 'src/sandbox/limits/cgroup.ts', 'src/sandbox/foreign-user.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          name: 'node:fs/promises',
          importNames: diskChanges.split(' '),
          message: 'Write through src/files/disk.ts, where tests make each write fail.',
        },
      ],
    },
  },
  ...vendorRules,
  {
    files: ['bench/**', 'scripts/**', 'tests/**'],
    rules: { 'no-console': 'off', 'max-lines': 'off' },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
