import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** One holder at a time over all processes; a dead one's lock is taken over. */
export function simpleLock(folder: string) {
  return async <T>(slug: string, work: () => Promise<T>): Promise<T> => {
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${slug}.lock`);
    for (;;) {
      try {
        const file = await open(path, 'wx');
        await file.writeFile(String(process.pid));
        await file.close();
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const pid = Number(await readFile(path, 'utf8').catch(() => ''));
        if (pid > 0 && !isAlive(pid)) await rm(path, { force: true });
        else await sleep(2);
      }
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
