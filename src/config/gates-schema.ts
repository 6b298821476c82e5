import * as z from 'zod';
import { gateNames } from '../extensions.ts';

const gateList = z.array(z.enum(gateNames));
const shellWords = z.string().regex(/\S/, { error: 'is empty' });

/** `gates` as a person writes it. */
export const gatesSchema = z.union([
  gateList,
  z.strictObject({
    run: gateList.optional().describe('in order'),
    tests: z
      .strictObject({ command: shellWords.optional().describe('run by a shell, in the sandbox') })
      .optional(),
    commands: z
      .array(shellWords)
      .optional()
      .describe('linters, type checkers, builds: each must end with exit code 0'),
    prepare: shellWords
      .optional()
      .describe('run in the sandbox before tests and commands; there is no network'),
  }),
]);
