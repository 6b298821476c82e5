import { join } from 'node:path';
import { execa } from 'execa';
import type { Measurement } from './measurement.ts';

/** The most memory of a process with so many simulated calls in flight, each in the middle of its stream. */
export async function inFlight(calls: number): Promise<Measurement[]> {
  const child = join(import.meta.dirname, 'in-flight-process.ts');
  const { stdout } = await execa(process.execPath, ['--import', 'tsx', child, String(calls)], {
    timeout: 120_000,
  });
  return [
    {
      what: `resident memory with ${calls} simulated streaming calls in flight`,
      measured: Number(stdout) / 1_000_000,
      bar: 300,
      unit: 'MB',
    },
  ];
}
