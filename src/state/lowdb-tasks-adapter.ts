import type { Adapter } from 'lowdb';
import type { FeatureDocument } from '../domain/task.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { parseSoundBytes, parseTasksFile, readTasksFile } from './tasks-file.ts';

/**
 * lowdb's door to one tasks.json. lowdb's own file adapter neither flushes to the disk nor checks what it
 * reads, and its presets turn to memory under a test runner.
 */
export class TasksFileAdapter implements Adapter<FeatureDocument | null> {
  readonly #path: string;
  readonly #shownPath: string;
  /** The last bytes that were written, or were read and found sound and complete. */
  #sound: Buffer | null = null;

  constructor(path: string, shownPath: string) {
    this.#path = path;
    this.#shownPath = shownPath;
  }

  /**
   * A new document each time, which the caller may change. Bytes that were found sound before are not
   * checked again; bytes are compared, not times, because times can lie.
   * @throws BlueprintError `tasks-file-…`
   */
  async read(): Promise<FeatureDocument | null> {
    const bytes = await readTasksFile(this.#path, this.#shownPath);
    if (bytes === null) return null;
    if (this.#sound?.equals(bytes) === true) return parseSoundBytes(bytes);
    const { document, complete } = await parseTasksFile(bytes, this.#shownPath);
    this.#sound = complete ? bytes : null;
    return document;
  }

  /** Whole or not at all; `document` must be sound. */
  async write(document: FeatureDocument | null): Promise<void> {
    if (document === null) return;
    const bytes = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
    await writeFileAtomic(this.#path, bytes);
    this.#sound = bytes;
  }
}
