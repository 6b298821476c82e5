import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { childProgram } from '../helpers/child-program.ts';

/** A process that commits version after version, killed again and again: each time one whole version is there. */
export async function expectWholeVersions(
  kind: 'folder' | 'git',
  place: { root: string; locks: string; count: number; slowMs: number; rounds: number },
  workspace: Workspace,
): Promise<void> {
  const { root, locks, count, slowMs, rounds } = place;
  const committer = await childProgram(join(import.meta.dirname, 'committer.ts'));
  let version = 1;
  // On a slow machine the first rounds may all end before anything is committed.
  for (let round = 0; round < rounds || (version === 1 && round < 40); round++) {
    const child = spawn(
      process.execPath,
      [committer, kind, root, locks, String(version), String(count)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    await sleep(20 + Math.random() * slowMs * (1 + round));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const files = await workspace.files();
    const gone = files.get('gone');
    files.delete('gone');
    const versions = new Set(files.values());
    if (files.size === 0) continue;
    expect(versions.size).toBe(1);
    expect(files.size).toBe(count);
    const [last] = versions;
    const reached = Number(last?.slice(1));
    expect(reached).toBeGreaterThanOrEqual(version - 1);
    expect(gone).toBe(reached % 2 === 0 ? undefined : 'here');
    version = reached + 1;
  }
  expect(version).toBeGreaterThan(1);
}
