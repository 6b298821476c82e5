// Run as a process of its own by tests: `worker.ts COMMAND …`.
import { writeSync } from 'node:fs';
import { currentProcess } from '../../src/files/process-identity.ts';
import { createFeatureStore } from '../../src/state/lowdb-feature-store.ts';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { acquireLock } from '../../src/files/lock.ts';

const [command = '', root = '', ...rest] = process.argv.slice(2);
const now = (): Date => new Date();
const place = { featuresDir: `${root}/features`, displayRoot: root, now };

const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};
/** Until somebody kills the process. */
const stay = (): void => {
  setInterval(() => undefined, 1000);
};

/** Sets tasks FIRST … FIRST+COUNT-1 done, one update each. */
async function setStatuses(first: number, count: number): Promise<void> {
  const store = createFeatureStore(place);
  for (let number = first; number < first + count; number++) {
    await store.update('alpha', (document) => {
      for (const task of document.tasks) if (task.id === `T${number}`) task.status = 'done';
    });
    say(`T${number}`);
  }
}

/** The same of a list that is changed often, as a run does. */
async function setOften(first: number, count: number): Promise<void> {
  const store = createFeatureStore(place);
  const often = store.changedOften('alpha');
  for (let number = first; number < first + count; number++) {
    const id = `T${number}`;
    await store.updateTask('alpha', id, { fence: 1 }, (task) => void (task.status = 'done'));
    say(id);
  }
  await often[Symbol.asyncDispose]();
}

async function holdLock(): Promise<void> {
  const path = `${place.featuresDir}/alpha/tasks.lock`;
  await acquireLock(path, { self: currentProcess(), now, staleMs: 60_000, shownPath: path });
  say('held');
  stay();
}

/** Takes the lock, counts up a number in a file without any other guard, and lets go; COUNT times. */
async function count(file: string, times: number): Promise<void> {
  const { readFile, writeFile } = await import('node:fs/promises');
  const path = `${place.featuresDir}/alpha/tasks.lock`;
  for (let time = 0; time < times; time++) {
    const claim = await acquireLock(path, {
      self: currentProcess(),
      now,
      staleMs: 60_000,
      shownPath: path,
    });
    await writeFile(file, String(Number(await readFile(file, 'utf8')) + 1));
    // Every third one dies with the lock in its hands.
    if (time === times - 1 && process.pid % 3 === 0) process.kill(process.pid, 'SIGKILL');
    await claim.release();
  }
}

async function holdLease(task: string): Promise<void> {
  const taken = await createLeaseKeeper(place).take('alpha', task, 'run-1');
  say('lease' in taken ? 'held' : taken.heldBy);
  stay();
}

if (command === 'set') await setStatuses(Number(rest[0]), Number(rest[1]));
else if (command === 'set-often') await setOften(Number(rest[0]), Number(rest[1]));
else if (command === 'hold-lock') await holdLock();
else if (command === 'count') await count(rest[0] ?? '', Number(rest[1]));
else if (command === 'hold-lease') await holdLease(rest[0] ?? '');
else throw new Error(`no command ${command}`);
