import type { Adapter } from 'lowdb';
import type { FeatureDocument } from '../domain/task.ts';
import { rm } from '../files/disk.ts';
import type { TasksFileAdapter } from './lowdb-tasks-adapter.ts';
import { beginRecent, readRecent, recentPath, withRecent } from './recent-changes.ts';
import type { Recent, RecentFile } from './recent-changes.ts';
import { largeBytes } from './sound-mark.ts';
import { changedTasks } from './splice-tasks.ts';

export interface ListPlace {
  readonly path: string;
  readonly shown: string;
}

export interface RecentOptions {
  /** Whether what is recorded came with the repository. */
  readonly isForeign: () => Promise<boolean>;
  /** A long list that is changed often is written whole once in so many ms. */
  readonly wholeEveryMs: number;
}

/** What this process has recorded. */
interface Recorded {
  readonly file: RecentFile;
  /** As the list's file has it. */
  readonly on: FeatureDocument;
  readonly document: FeatureDocument;
}

/**
 * A task list with what is recorded beside its file. Where somebody says that a long one is changed often, single
 * tasks are recorded; all else, and the first change after some time, writes the file whole and ends the record.
 */
export class RecentAdapter implements Adapter<FeatureDocument | null> {
  /** How many say that the list is changed often. */
  often = 0;

  readonly #place: ListPlace;
  readonly #list: TasksFileAdapter;
  readonly #options: RecentOptions;
  #recorded: Recorded | null = null;
  /** There is a record that is not, or no longer, this process's alone. */
  #isOthers = false;
  #wholeAt = -Infinity;

  constructor(place: ListPlace, list: TasksFileAdapter, options: RecentOptions) {
    this.#place = place;
    this.#list = list;
    this.#options = options;
  }

  /** Whether a record is there that ought to be written into the list. */
  get isDue(): boolean {
    return this.#isOthers || (this.#recorded !== null && (this.often === 0 || this.dueInMs === 0));
  }

  /** In how many ms this process's record is due; null without one. */
  get dueInMs(): number | null {
    return this.#recorded === null ? null : this.#restMs();
  }

  /** The document, which the caller must not change. @throws BlueprintError `tasks-file-…` */
  async read(): Promise<FeatureDocument | null> {
    const recorded = this.#recorded;
    const ours = recorded?.file.isAsWritten() === true ? recorded : null;
    // Before the list: what is recorded here may be in the list by then, but not the other way round.
    const others = ours === null ? await this.#read() : null;
    const list = await this.#list.read();
    const isAsLeft = ours !== null && ours.on === list;
    const recent = ours === null || isAsLeft ? others : await this.#read();
    this.#isOthers = recent !== null;
    if (isAsLeft) return ours.document;
    // A change may have begun another meanwhile.
    if (this.#recorded === recorded) await this.#close();
    return list === null || recent === null ? list : withRecent(list, recent);
  }

  /** Whole or not at all. `document` must be sound, and nobody may change it afterwards. */
  async write(document: FeatureDocument | null): Promise<void> {
    if (document === null || (await this.#record(document))) return;
    const isFirst = this.#list.held === null;
    await this.#list.write(document);
    this.#wholeAt = performance.now();
    if (isFirst || this.#isOthers || this.#recorded !== null) await this.#remove();
  }

  /** @returns false where the list has to be written whole */
  async #record(document: FeatureDocument): Promise<boolean> {
    const held = this.#list.held;
    if (this.often === 0 || this.#restMs() === 0 || this.#isOthers) return false;
    if (held === null || held.size < largeBytes) return false;
    const on = held.document;
    const changes = changedTasks(this.#recorded?.document ?? on, document);
    if (changes === null) return false;
    const file = this.#recorded?.file ?? (await this.#begun(on));
    if (file === null) return false;
    this.#recorded ??= { file, on, document: on };
    await file.append(changes, document.updatedAt);
    this.#recorded = { file, on, document };
    return true;
  }

  /** Until the list is written whole the next time. */
  #restMs(): number {
    return Math.max(0, this.#wholeAt + this.#options.wholeEveryMs - performance.now());
  }

  /** Null where none can be begun: the list can be written whole as well. */
  async #begun(on: FeatureDocument): Promise<RecentFile | null> {
    return beginRecent(this.#place.path, on).catch(() => null);
  }

  #read(): Promise<Recent | null> {
    return readRecent(this.#place.path, this.#place.shown, this.#options.isForeign);
  }

  /** Its changes are in the list; one that stays is of an older list then, and says nothing. */
  async #remove(): Promise<void> {
    await this.#close();
    await rm(recentPath(this.#place.path), { force: true }).catch(() => undefined);
    this.#isOthers = false;
  }

  async #close(): Promise<void> {
    await this.#recorded?.file.close();
    this.#recorded = null;
  }
}
