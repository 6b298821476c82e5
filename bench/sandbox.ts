import { execa } from 'execa';
import { bubblewrapSandbox } from '../src/sandbox/bubblewrap/bubblewrap.ts';
import { makeTemporaryFolder } from '../src/files/temporary-folder.ts';
import { createHostPrograms } from '../src/sandbox/host/host-programs.ts';
import { openCgroup } from '../src/sandbox/limits/cgroup.ts';
import { probe } from '../src/sandbox/probe.ts';
import type { Measurement } from './measurement.ts';

/** What a run in bubblewrap costs over the same process without it; nothing where there is no bubblewrap. */
export async function sandboxOverhead(runs: number): Promise<Measurement[]> {
  const programs = createHostPrograms({ env: process.env, root: process.cwd() });
  const sandbox = bubblewrapSandbox({ programs, openCgroup });
  const { signal } = new AbortController();
  if ((await probe(sandbox, signal)) !== null) return [];
  const copy = await makeTemporaryFolder();
  const command = ['node', '-e', '0'] as const;
  const limits = {
    wallMs: 60_000,
    memoryBytes: 1_000_000_000,
    processes: 256,
    outputBytes: 1_000_000,
    diskBytes: 100_000_000,
  };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  const inside = () =>
    sandbox.run({ copy: copy.path, command, env: {}, mounts: [], limits, signal });
  const outside = () => execa(command[0], command.slice(1), { cwd: copy.path, stdin: 'ignore' });
  try {
    const differences: number[] = [];
    for (let run = 0; run < runs; run += 1)
      differences.push((await timed(inside)) - (await timed(outside)));
    differences.sort((a, b) => a - b);
    return [
      {
        what: 'a run in bubblewrap, over the plain process',
        measured: differences[runs >> 1] ?? Number.NaN,
        unit: 'ms',
        bar: 50,
      },
    ];
  } finally {
    await copy.remove();
  }
}
