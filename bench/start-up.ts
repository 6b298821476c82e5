import { medianRatio, processMs, type Measurement } from './measurement.ts';

/** Cold start of the built program over a bare node. */
export async function startUp(runs: number): Promise<Measurement[]> {
  const bare = (): number => processMs(['-e', '0']);
  const program = (...args: string[]): number => processMs(['dist/main.js', ...args]);
  return [
    {
      what: 'blueprint --help, over bare node',
      measured: medianRatio(runs, () => program('--help'), bare),
      bar: 1.5,
    },
    {
      what: 'blueprint run --help, over bare node',
      measured: medianRatio(runs, () => program('run', '--help'), bare),
      bar: 2,
    },
  ];
}
