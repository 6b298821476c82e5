import * as z from 'zod';
import { acceptanceModes } from '../../domain/acceptance.ts';
import { gateNames } from '../../extensions.ts';
import { key, milliseconds, shellWords } from './key.ts';

const gateList = z.array(z.enum(gateNames));

const setupObject = z.strictObject({
  run: key(z.string().regex(/\S/, { error: 'is empty' }), 'the step itself, for a shell'),
  reads: key(
    z.array(z.string().min(1)).min(1).nullable().default(null),
    'what it depends on, in patterns of .gitignore: its result serves as long as these are the same',
  ),
});

const gatesObject = z
  .strictObject({
    run: key(gateList.default([...gateNames]), 'the checks that the tool runs itself, in order', {
      variable: 'GATES',
      option: 'gates',
    }),
    tests: z
      .strictObject({
        command: key(
          shellWords.nullable().default(null),
          'how the tests are run, by a shell in the sandbox; without it the runner is found by the files',
          { variable: 'TEST_COMMAND', option: 'test-command' },
        ),
        whenNone: key(
          z.enum(['review', 'accept']).default('review'),
          'what becomes of code in a project without any test: review leaves it to you',
          { variable: 'TESTS_WHEN_NONE' },
        ),
        timeoutMs: key(
          milliseconds.nullable().default(null),
          'for one run of the tests, in ms; without it five times what the project’s own run took',
          { variable: 'TESTS_TIMEOUT_MS' },
        ),
      })
      .prefault({}),
    commands: key(
      z.array(shellWords).default([]),
      'linters, type checkers, builds: each must end with exit code 0',
    ),
    setup: key(
      z
        .union([shellWords.transform((run) => setupObject.parse({ run })), setupObject])
        .nullable()
        .default(null),
      'a step in the copy before tests and commands, as an install from what is there; there is no network',
      { variable: 'SETUP', short: 'run' },
    ),
    allowAutorun: key(
      z.array(z.string().regex(/\S/, { error: 'is empty' })).default([]),
      'what runs by itself and may come or change though no task asks for it: paths, in patterns of .gitignore; see gates.md',
      { option: 'allow-autorun' },
    ),
    prepare: key(shellWords.nullable().default(null), 'the older name of gates.setup', {
      variable: 'PREPARE',
    }),
  })
  .transform(({ tests, setup, prepare, ...gates }) => ({
    ...gates,
    testCommand: tests.command,
    testsWhenNone: tests.whenNone,
    testsTimeoutMs: tests.timeoutMs,
    setup: setup ?? (prepare === null ? null : { run: prepare, reads: null }),
  }));

export const gates = key(
  z.union([gateList.transform((run) => gatesObject.parse({ run })), gatesObject]).prefault({}),
  'the names of the gates that run, in order, or an object with more; see gates.md',
  { short: 'run', keepsOthers: true },
);

export const acceptance = z
  .strictObject({
    tests: key(
      z.enum(acceptanceModes).default('hidden'),
      'a verifier turns the criteria of code tasks into tests before the author begins; hidden: until its first try; see acceptance.md',
      { variable: 'ACCEPTANCE', option: 'acceptance' },
    ),
    mutants: key(
      z.int().min(0).max(100).default(6),
      'changed copies of approved work that its tests are tried on, to find weak ones; 0: none',
      { variable: 'MUTANTS' },
    ),
  })
  .prefault({})
  .describe('how the work of code tasks is held to its criteria');

export const sandbox = z
  .strictObject({
    kind: key(
      z.enum(['auto', 'bubblewrap', 'docker']).default('auto'),
      'where checks run produced code; see sandbox.md',
      { variable: 'SANDBOX', option: 'sandbox' },
    ),
    image: key(
      z.string().min(1).nullable().default(null),
      'for docker: the image; it must be there already',
      { variable: 'SANDBOX_IMAGE' },
    ),
    timeoutMs: key(milliseconds.default(300_000), 'for one command, in ms', {
      variable: 'SANDBOX_TIMEOUT_MS',
    }),
    memoryBytes: key(
      z.int().min(16_000_000).default(2_000_000_000),
      'of all its processes together',
      { variable: 'SANDBOX_MEMORY_BYTES' },
    ),
    processes: key(z.int().min(8).max(100_000).default(512), 'at one time, with their threads', {
      variable: 'SANDBOX_PROCESSES',
    }),
    outputBytes: key(
      z.int().min(1_000).max(1_000_000_000).default(10_000_000),
      'of stdout and stderr together',
      { variable: 'SANDBOX_OUTPUT_BYTES' },
    ),
    diskBytes: key(
      z.int().min(1_000_000).default(1_000_000_000),
      'that the copy and the temporary folder may grow by',
      { variable: 'SANDBOX_DISK_BYTES' },
    ),
  })
  .prefault({})
  .describe('where the code that models wrote is run, and what one command may use');
