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

/** The median of the ratios a/b, measured in turn so that a machine's drift hits both. */
export function medianRatio(runs: number, a: () => number, b: () => number): number {
  a();
  b();
  return median(Array.from({ length: runs }, () => a() / b()));
}

/** Writes what a process took of the CPU, in microseconds, to its fourth stream when it ends. */
const reportCpu = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs';
   process.on('exit', () => {
     const { user, system } = process.cpuUsage();
     writeSync(3, String(user + system));
   });`,
)}`;

/** Milliseconds of CPU that a whole process takes, its threads included. Throws when it fails. */
export function processCpuMs(args: readonly string[], options: { cwd?: string } = {}): number {
  const { status, output } = spawnSync(process.execPath, ['--import', reportCpu, ...args], {
    ...options,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${output[2]}`);
  return Number(output[3]) / 1_000;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
