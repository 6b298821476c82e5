import type { InferredOptionTypes } from 'yargs';

/** Options that every command takes. */
export const globalOptions = {
  json: { type: 'boolean', default: false, describe: 'Print one JSON document on stdout' },
  quiet: { alias: 'q', type: 'boolean', default: false, describe: 'No progress on stderr' },
  color: { type: 'boolean', default: true, describe: 'Colours (--no-color turns them off)' },
  cwd: {
    alias: 'C',
    type: 'string',
    requiresArg: true,
    describe: 'Work as if started in this folder',
  },
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'This config file instead of the one found',
  },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'Any key of the config: executor.concurrency=2; repeat for more',
  },
  role: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'Models of a role: coder=openai/x,anthropic/y',
  },
  script: {
    type: 'string',
    requiresArg: true,
    describe: 'Answer every model call from this JSONL file',
  },
} as const;

export type GlobalArguments = InferredOptionTypes<typeof globalOptions>;

/** For `blueprint` alone, on whose page stands what every command takes. */
export const hiddenRecordOptions = {
  record: { type: 'string', requiresArg: true, hidden: true },
  replay: { type: 'string', requiresArg: true, hidden: true },
} as const;
