import * as z from 'zod';
import { gateNames } from '../../extensions.ts';
import { key, milliseconds, shellWords } from './key.ts';

const gateList = z.array(z.enum(gateNames));

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
      })
      .prefault({}),
    commands: key(
      z.array(shellWords).default([]),
      'linters, type checkers, builds: each must end with exit code 0',
    ),
    prepare: key(
      shellWords.nullable().default(null),
      'run in the sandbox before tests and commands, as an install from what is there; there is no network',
      { variable: 'PREPARE' },
    ),
  })
  .transform(({ tests, ...gates }) => ({
    ...gates,
    testCommand: tests.command,
    testsWhenNone: tests.whenNone,
  }));

export const gates = key(
  z.union([gateList.transform((run) => gatesObject.parse({ run })), gatesObject]).prefault({}),
  'the names of the gates that run, in order, or an object with more; see gates.md',
  { short: 'run', keepsOthers: true },
);

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
