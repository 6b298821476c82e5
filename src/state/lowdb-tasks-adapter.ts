import type { Adapter } from 'lowdb';
import type { FeatureDocument } from '../domain/task.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import type { SoundMark } from './sound-mark.ts';
import { placedList, renderDocument, splicedList, type PlacedList } from './splice-tasks.ts';
import { parseTasksFile, readTasksFile, seenToHold } from './tasks-file.ts';

interface Known {
  readonly bytes: Buffer;
  readonly document: FeatureDocument;
  /** Null where nobody has asked yet. */
  readonly list: PlacedList | null;
}

/**
 * lowdb's door to one tasks.json. lowdb's own file adapter neither flushes to the disk nor checks what it
 * reads, and its presets turn to memory under a test runner.
 */
export class TasksFileAdapter implements Adapter<FeatureDocument | null> {
  readonly #path: string;
  readonly #shownPath: string;
  /** What was read and found sound and complete, or written; nobody changes the document. */
  #known: Known | null = null;
  /** The version of the file that was last seen to hold what is known. */
  #seen = '';
  /** Taken in turn: as many fresh megabytes for each change would cost more than what is copied into them. */
  readonly #memory = [Buffer.alloc(0), Buffer.alloc(0)] as [Buffer, Buffer];

  readonly #mark: SoundMark;
  #isMarked = false;

  constructor(path: string, shownPath: string, mark: SoundMark) {
    this.#path = path;
    this.#shownPath = shownPath;
    this.#mark = mark;
  }

  /** What was read or written here last, and how many bytes it has; null where that says less than its file. */
  get held(): { readonly document: FeatureDocument; readonly size: number } | null {
    return this.#known && { document: this.#known.document, size: this.#known.bytes.length };
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
   * parsed again.
   * @throws BlueprintError `tasks-file-…`
   */
  async read(): Promise<FeatureDocument | null> {
    const known = this.#known;
    const seen = known && seenToHold(this.#path, known.bytes, this.#seen);
    this.#seen = seen ?? '';
    if (known !== null && seen !== null) return known.document;
    const bytes = readTasksFile(this.#path, this.#shownPath);
    if (bytes === null) return null;
    const { document, complete } = await parseTasksFile(bytes, this.#shownPath);
    this.#known = complete ? { bytes, document, list: null } : null;
    return document;
  }

  /** Whole or not at all. `document` must be sound, and nobody may change it afterwards. */
  async write(document: FeatureDocument | null): Promise<void> {
    if (document === null) return;
    const list = this.#spliced(document);
    const bytes = list?.bytes ?? Buffer.from(renderDocument(document));
    await writeFileAtomic(this.#path, bytes);
    if (list !== null) this.#memory.reverse();
    this.#known = { bytes, document, list };
    this.#seen = '';
    // For the next process: this one knows the document from here on.
    if (!this.#isMarked) await this.#mark.set(bytes);
    this.#isMarked = true;
  }

  /** In memory that is free until the file is written. */
  #spliced(document: FeatureDocument): PlacedList | null {
    const known = this.#known;
    const before = known && (known.list ?? placedList(known.bytes, known.document));
    if (known === null || before === null) return null;
    return splicedList(before, known.document, document, (length) => {
      if (this.#memory[0].length < length) this.#memory[0] = Buffer.allocUnsafeSlow(length * 2);
      return this.#memory[0].subarray(0, length);
    });
  }
}
