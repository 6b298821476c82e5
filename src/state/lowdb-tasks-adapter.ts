import type { Adapter } from 'lowdb';
import type { FeatureDocument } from '../domain/task.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import type { SoundMark } from './sound-mark.ts';
import { renderDocument, splicedBytes } from './splice-tasks.ts';
import { holdsBytes, parseTasksFile, readTasksFile } from './tasks-file.ts';

/**
 * lowdb's door to one tasks.json. lowdb's own file adapter neither flushes to the disk nor checks what it
 * reads, and its presets turn to memory under a test runner.
 */
export class TasksFileAdapter implements Adapter<FeatureDocument | null> {
  readonly #path: string;
  readonly #shownPath: string;
  /** What was read and found sound and complete, or written; nobody changes the document. */
  #known: { readonly bytes: Buffer; readonly document: FeatureDocument } | null = null;

  readonly #mark: SoundMark;
  #isMarked = false;

  constructor(path: string, shownPath: string, mark: SoundMark) {
    this.#path = path;
    this.#shownPath = shownPath;
    this.#mark = mark;
  }

  /** The bytes of a long list that this program wrote last, where its document was not read; else null. */
  async unread(): Promise<Buffer | null> {
    if (this.#known !== null) return null;
    const bytes = readTasksFile(this.#path, this.#shownPath);
    return bytes !== null && (await this.#mark.isOf(bytes)) ? bytes : null;
  }

  /** `bytes` must be those of a sound and complete document. */
  async writeUnread(bytes: Buffer): Promise<void> {
    await writeFileAtomic(this.#path, bytes);
    await this.#mark.set(bytes);
  }

  /**
   * The document, which the caller must not change. Bytes that are those read or written last are not
   * parsed again; bytes are compared, not times, because times can lie.
   * @throws BlueprintError `tasks-file-…`
   */
  async read(): Promise<FeatureDocument | null> {
    const known = this.#known;
    if (known !== null && holdsBytes(this.#path, known.bytes)) return known.document;
    const bytes = readTasksFile(this.#path, this.#shownPath);
    if (bytes === null) return null;
    const { document, complete } = await parseTasksFile(bytes, this.#shownPath);
    this.#known = complete ? { bytes, document } : null;
    return document;
  }

  /** Whole or not at all. `document` must be sound, and nobody may change it afterwards. */
  async write(document: FeatureDocument | null): Promise<void> {
    if (document === null) return;
    const known = this.#known;
    const spliced = known === null ? null : splicedBytes(known.bytes, known.document, document);
    const bytes = spliced ?? Buffer.from(renderDocument(document));
    await writeFileAtomic(this.#path, bytes);
    this.#known = { bytes, document };
    // For the next process: this one knows the document from here on.
    if (!this.#isMarked) await this.#mark.set(bytes);
    this.#isMarked = true;
  }
}
