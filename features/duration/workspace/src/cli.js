import { parseArgs } from 'node:util';
import { DurationError, format, parse } from './index.js';
import { unitNamed } from './units.js';

const usage = `Usage:
  duration parse <text> [--unit ms|s|m|h|d|w]
  duration format <milliseconds> [--long] [--parts <n>]

Put -- before a negative value: duration parse -- "-1h 30m"
`;

/** A mistake of the caller: one line, exit code 2. */
class UsageError extends Error {}

/**
 * @param {string[]} args without node and the script
 * @returns {{ code: number, out: string, err: string }} what to print, and the exit code
 */
export function run(args) {
  try {
    return { code: 0, out: answer(args), err: '' };
  } catch (error) {
    const expected =
      error instanceof DurationError ||
      error instanceof UsageError ||
      String(error?.code).startsWith('ERR_PARSE_ARGS');
    if (!expected) throw error;
    return { code: 2, out: '', err: `duration: ${error.message.split('\n', 1)[0]}\n` };
  }
}

function answer(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      unit: { type: 'string' },
      long: { type: 'boolean' },
      parts: { type: 'string' },
    },
  });
  if (values.help) return usage;
  const [command, ...words] = positionals;
  if (command === 'parse') return parseCommand(words, values);
  if (command === 'format') return formatCommand(words, values);
  throw new UsageError(
    command === undefined ? 'Say parse or format, or --help' : `Unknown command "${command}"`,
  );
}

function parseCommand(words, { unit: name = 'ms', long, parts }) {
  if (long !== undefined || parts !== undefined) {
    throw new UsageError('--long and --parts belong to format');
  }
  if (words.length === 0) throw new UsageError('Which duration? For example: duration parse "1h 30m"');
  const unit = unitNamed(name);
  if (unit === undefined) throw new UsageError(`Unknown unit "${name}"`);
  return `${parse(words.join(' ')) / unit.ms}\n`;
}

function formatCommand(words, { unit, long, parts }) {
  if (unit !== undefined) throw new UsageError('--unit belongs to parse');
  const [text] = words;
  // Number() alone would take "" for 0 and "0x10" for 16.
  if (words.length !== 1 || !/^-?\d+(?:\.\d+)?$/.test(text)) {
    throw new UsageError('Give one number of milliseconds, for example: duration format 5400000');
  }
  return `${format(Number(text), {
    style: long ? 'long' : 'short',
    ...(parts !== undefined && { parts: Number(parts) }),
  })}\n`;
}
