import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CallFolder {
  /** Absolute: for files that the program is told of. */
  readonly path: string;
  /** Absolute and empty: the program's working folder. */
  readonly work: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  remove(): Promise<void>;
}

/** A temporary folder for one call, readable by its owner alone. */
export async function callFolder(): Promise<CallFolder> {
  const path = await mkdtemp(join(tmpdir(), 'blueprint-cli-'));
  const work = join(path, 'work');
  await mkdir(work);
  return {
    path,
    work,
    async write(files) {
      for (const [file, text] of Object.entries(files))
        await writeFile(file, text, { mode: 0o600 });
    },
    async remove() {
      // A process that left the group may still write there: what remains is the system's to clear.
      await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    },
  };
}
