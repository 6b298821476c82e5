import { spawnSync } from 'node:child_process';

/** A ratio measured within one run: what was timed over what it is compared with; or an amount. */
export interface Measurement {
  readonly what: string;
  readonly measured: number;
  /** Of an amount: milliseconds, or megabytes of a million bytes. */
  readonly unit?: 'ms' | 'MB';
  /** At most this much; see the table of bars in docs/benchmarks.md. */
  readonly bar: number;
}

/** Milliseconds that a whole process takes. Throws when it fails. */
export function processMs(args: readonly string[], options: { cwd?: string } = {}): number {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - started) / 1e6;
}

/**
 * The median of the ratios a/b, measured in turn so that a machine's drift hits both. Before the first of several
 * runs each is done once, to have its files in memory.
 */
export function medianRatio(runs: number, a: () => number, b: () => number): number {
  if (runs > 1) {
    a();
    b();
  }
  return median(Array.from({ length: runs }, () => a() / b()));
}

/** Writes a number that a process knows of itself to its fourth stream when it ends. */
const reporting = (number: string): string =>
  `data:text/javascript,${encodeURIComponent(
    `import { writeSync } from 'node:fs';
     process.on('exit', () => writeSync(3, String(${number})));`,
  )}`;
const cpuMicroseconds = reporting('process.cpuUsage().user + process.cpuUsage().system');
const residentKilobytes = reporting('process.resourceUsage().maxRSS');

interface ProcessOptions {
  readonly cwd?: string;
}

/** Milliseconds of CPU that a whole process takes, its threads included. Throws when it fails. */
export function processCpuMs(args: readonly string[], options: ProcessOptions = {}): number {
  return reported(cpuMicroseconds, args, options) / 1_000;
}

/** Megabytes that a process holds at most, its threads included. Throws when it fails. */
export function processMb(args: readonly string[], options: ProcessOptions = {}): number {
  return (reported(residentKilobytes, args, options) * 1_024) / 1e6;
}

function reported(report: string, args: readonly string[], options: ProcessOptions): number {
  const { status, output } = spawnSync(process.execPath, ['--import', report, ...args], {
    ...options,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${output[2]}`);
  return Number(output[3]);
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
