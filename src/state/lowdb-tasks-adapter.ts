import type { Adapter } from 'lowdb';
import type { FeatureDocument } from '../domain/task.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { copyJson } from './copy-json.ts';
import { parseTasksFile, readTasksFile } from './tasks-file.ts';

/**
 * lowdb's door to one tasks.json. lowdb's own file adapter neither flushes to the disk nor checks what it
 * reads, and its presets turn to memory under a test runner.
 */
export class TasksFileAdapter implements Adapter<FeatureDocument | null> {
  readonly #path: string;
  readonly #shownPath: string;
  #known: { bytes: Buffer; document: FeatureDocument } | null = null;

  constructor(path: string, shownPath: string) {
    this.#path = path;
    this.#shownPath = shownPath;
  }

  /**
   * Read anew when the file's bytes differ from those read or written last: bytes, because times can lie.
   * @throws BlueprintError `tasks-file-…`
   */
  async read(): Promise<FeatureDocument | null> {
    const bytes = await readTasksFile(this.#path, this.#shownPath);
    if (bytes === null) {
      this.#known = null;
      return null;
    }
    if (this.#known?.bytes.equals(bytes) !== true)
      this.#known = { bytes, document: await parseTasksFile(bytes, this.#shownPath) };
    return this.#known.document;
  }

  /** Whole or not at all; `document` must be sound. */
  async write(document: FeatureDocument | null): Promise<void> {
    if (document === null) return;
    const bytes = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
    this.#known = null;
    await writeFileAtomic(this.#path, bytes);
    // Callers may hold parts of what was written, and change them.
    this.#known = { bytes, document: copyJson(document) };
  }
}
