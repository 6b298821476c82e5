import type { InferredOptionTypes } from 'yargs';
import { flag, list, text } from './option-kinds.ts';

/** Options that every command takes. */
export const globalOptions = {
  json: flag('Print one JSON document on stdout'),
  quiet: { ...flag('No progress on stderr'), alias: 'q' },
  color: { type: 'boolean', default: true, describe: 'Colours (--no-color turns them off)' },
  cwd: { ...text('Work as if started in this folder'), alias: 'C' },
  config: text('This config file instead of the one found'),
  trust: flag('Use what the config file asks for, once, without blueprint trust'),
  set: list('Any key of the config: executor.concurrency=2; repeat for more'),
  role: list('Models of a role: coder=openai/x,anthropic/y'),
  model: text('One model for every role: openai/x'),
  script: text('Answer every model call from this JSONL file'),
} as const;

export type GlobalArguments = InferredOptionTypes<typeof globalOptions>;

/** For `blueprint` alone, on whose page stands what every command takes. */
export const hiddenRecordOptions = {
  record: { type: 'string', requiresArg: true, hidden: true },
  replay: { type: 'string', requiresArg: true, hidden: true },
} as const;
