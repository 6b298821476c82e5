import { dirname } from 'node:path';
import { Low } from 'lowdb';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import type { LockClaim } from '../files/claim.ts';
import { assertContained, featurePath, shownPath } from './feature-folder.ts';
import { writeProblem } from '../files/file-problem.ts';
import { requireFence } from './leases.ts';
import { featureNotFound, folderNames, listFeature } from './list-features.ts';
import { changedUnread } from './change-unread.ts';
import { withListLock, writeLocked, type ListLockOptions } from './list-lock.ts';
import { TasksFileAdapter } from './lowdb-tasks-adapter.ts';
import { RecentAdapter } from './lowdb-recent-adapter.ts';
import { isRecorded, recentName } from './recent-changes.ts';
import { makeFolder } from '../files/make-folder.ts';
import { allOwn, type OwnState } from '../files/own-state.ts';
import type { FeatureListing, FeatureStore } from './ports.ts';
import { copyOf, frozen } from './plain-data.ts';
import { soundChange, soundDocument, soundTaskChange } from './sound-document.ts';
import { saidByFile, signTask } from './said-by-file.ts';
import { createSoundMark } from './sound-mark.ts';
import { readTasksFile } from './tasks-file.ts';

export interface FeatureStoreOptions extends ListLockOptions {
  /** Which of a feature's state is this user's. */
  readonly ownIn?: (slug: string) => OwnState;
  /** Absolute: where is known which long lists this user's program wrote last; by default nowhere. */
  readonly marks?: string | null;
  /** A long list that is changed often is written whole once in so many ms. */
  readonly wholeEveryMs?: number;
}

/** A change that waits for its turn. */
interface Waiting {
  /** Gives the changed document. */
  apply(before: FeatureDocument): Promise<FeatureDocument>;
  /** Gives the changed bytes of a document that was not read, or null where it has to be. */
  splice(bytes: Buffer): Promise<Buffer | null>;
  succeed(): void;
  fail(error: unknown): void;
}

interface Change<T> {
  apply(before: FeatureDocument, shown: string): Promise<{ after: FeatureDocument; result: T }>;
  splice?(bytes: Buffer): Promise<{ readonly bytes: Buffer; readonly result: T } | null>;
}

interface OpenFeature {
  readonly path: string;
  readonly shown: string;
  readonly file: TasksFileAdapter;
  readonly recent: RecentAdapter;
  waiting: Waiting[];
  working: boolean;
  /** Until what is recorded is written into the list. */
  pause: NodeJS.Timeout | undefined;
}

/**
 * Task lists as `FEATURES/SLUG/tasks.json`, on lowdb. Any number of processes may work on one feature.
 * Changes that wait in this process on the same feature share one lock, read and write; each still has
 * its own result or error.
 */
export function createFeatureStore(options: FeatureStoreOptions): FeatureStore {
  const { now, ownIn = () => allOwn, marks = null, wholeEveryMs = 1_000 } = options;
  const features = new Map<string, OpenFeature>();

  function open(slug: string): OpenFeature {
    const path = featurePath(options, slug, 'tasks.json');
    const known = features.get(slug);
    if (known !== undefined) return known;
    const shown = shownPath(options, path);
    const file = new TasksFileAdapter(path, shown, createSoundMark(marks, path));
    const isForeign = foreignRecord(slug);
    const recent = new RecentAdapter({ path, shown }, file, { isForeign, wholeEveryMs });
    const idle = { waiting: [], working: false, pause: undefined };
    const feature: OpenFeature = { path, shown, file, recent, ...idle };
    features.set(slug, feature);
    return feature;
  }

  const foreignRecord = (slug: string) => () => ownIn(slug).isTracked(recentName);

  async function current(feature: OpenFeature): Promise<FeatureDocument | null> {
    await assertContained(options, feature.path);
    // Others may read at the same time, and lowdb keeps the old data when the file is gone.
    const db = new Low<FeatureDocument | null>(feature.recent, null);
    await db.read();
    return db.data;
  }

  const writeDocument = (feature: OpenFeature, claim: LockClaim, document: FeatureDocument) =>
    writeLocked(claim, feature.shown, () => new Low(feature.recent, document).write());

  /** One change of one task alone may not need the whole list. @returns whether that was all. */
  async function spliced(
    feature: OpenFeature,
    claim: LockClaim,
    group: Waiting[],
  ): Promise<boolean> {
    const [only, ...others] = group;
    if (only === undefined || others.length > 0) return false;
    await assertContained(options, feature.path);
    if (isRecorded(feature.path)) return false;
    const before = await feature.file.unread();
    const after = before === null ? null : await only.splice(before);
    if (after === null) return false;
    if (after !== before)
      await writeLocked(claim, feature.shown, () => feature.file.writeUnread(after));
    return true;
  }

  /** Tells each change of the group its outcome when the lock is free again. */
  async function commitGroup(slug: string, feature: OpenFeature): Promise<void> {
    let group: Waiting[] = [];
    const failed = new Map<Waiting, unknown>();
    try {
      await withListLock(options, slug, async (claim) => {
        // Whatever came while the lock was waited for goes along.
        group = feature.waiting.splice(0);
        if (await spliced(feature, claim, group)) return;
        const before = await current(feature);
        if (before === null) throw await featureNotFound(options, slug);
        let document = before;
        for (const change of group) {
          try {
            document = await change.apply(document);
          } catch (error) {
            failed.set(change, error);
          }
        }
        if (document !== before) document = { ...document, updatedAt: now().toISOString() };
        if (document !== before || feature.recent.isDue)
          await writeDocument(feature, claim, document);
      });
    } catch (error) {
      if (group.length === 0) group = feature.waiting.splice(0);
      for (const change of group) if (!failed.has(change)) failed.set(change, error);
    }
    for (const change of group) {
      if (failed.has(change)) change.fail(failed.get(change));
      else change.succeed();
    }
  }

  /** `change` gives what became of the document or of its bytes, and what its caller is given. */
  function enqueue<T>(slug: string, { apply, splice }: Change<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const feature = open(slug);
      let succeed = (): void => undefined;
      feature.waiting.push({
        async apply(before) {
          const { after, result } = await apply(before, feature.shown);
          succeed = () => resolve(result);
          return after;
        },
        async splice(bytes) {
          const changed = (await splice?.(bytes)) ?? null;
          if (changed === null) return null;
          const { bytes: after, result } = changed;
          succeed = () => resolve(result);
          return after;
        },
        succeed: () => succeed(),
        fail: reject,
      });
      if (!feature.working) void work(slug, feature);
    });
  }

  /** Writes into the list what is recorded beside it. What cannot be written stays recorded, and is as good. */
  async function settle(slug: string, { recent }: OpenFeature): Promise<void> {
    if (!recent.isDue) return;
    const unchanged = async (before: FeatureDocument) => ({ after: before, result: undefined });
    await enqueue(slug, { apply: unchanged }).catch(() => undefined);
  }

  async function existing(slug: string): Promise<FeatureDocument> {
    const document = await current(open(slug));
    if (document === null) throw await featureNotFound(options, slug);
    return document;
  }

  async function work(slug: string, feature: OpenFeature): Promise<void> {
    feature.working = true;
    while (feature.waiting.length > 0) await commitGroup(slug, feature);
    feature.working = false;
    clearTimeout(feature.pause);
    const { dueInMs } = feature.recent;
    if (dueInMs === null) return;
    // What could not be written when it was due is not tried again at once.
    const pauseMs = dueInMs === 0 ? wholeEveryMs : Math.ceil(dueInMs) + 1;
    feature.pause = setTimeout(() => void settle(slug, feature), pauseMs).unref();
  }

  return {
    async list() {
      const names = await folderNames(options);
      const listings: FeatureListing[] = [];
      for (const slug of names)
        listings.push(await listFeature(options, slug, foreignRecord(slug)));
      return listings;
    },

    async read(slug) {
      const document = await current(open(slug));
      return document === null ? null : copyOf(document);
    },

    async get(slug) {
      return copyOf(await existing(slug));
    },

    async look(slug) {
      return frozen(await existing(slug));
    },

    async create(slug, document) {
      const feature = open(slug);
      const sound = copyOf(
        await accepted(soundDocument(document)?.document ?? null, document, feature.shown),
      );
      await assertContained(options, feature.path);
      const folder = dirname(feature.path);
      await makeFolder(folder).catch((error: unknown) => {
        throw writeProblem(error, shownPath(options, folder));
      });
      await withListLock(options, slug, async (claim) => {
        if (readTasksFile(feature.path, feature.shown) !== null)
          throw new BlueprintError({
            code: 'feature-exists',
            message: `Feature ${slug} has a task list already: ${feature.shown}`,
            target: feature.shown,
            fix: 'Choose another name, or go on with this one.',
          });
        await writeDocument(feature, claim, sound);
      });
    },

    update(slug, change) {
      return enqueue(slug, {
        async apply(before, shown) {
          const draft = copyOf(before);
          const result = change(draft);
          return { after: await accepted(soundChange(draft, before), draft, shown), result };
        },
      });
    },

    updateTask(slug, id, lease, change) {
      const sign = (task: Task, before: Task) => signTask(ownIn(slug), task, before);
      return enqueue(slug, {
        async apply(before, shown) {
          await requireFence(options, slug, id, lease);
          const index = placeOfTask(before, id);
          const task = before.tasks[index];
          if (task === undefined) return { after: before, result: null };
          const draft = copyOf(task);
          const result = change(draft, () => frozen(before));
          await sign(draft, task);
          const after = soundTaskChange(draft, index, before);
          if (after !== null) return { after, result };
          const unsound = { ...before, tasks: before.tasks.with(index, draft) };
          return { after: await accepted(null, unsound, shown), result };
        },
        async splice(bytes) {
          await requireFence(options, slug, id, lease);
          const updatedAt = now().toISOString();
          return changedUnread(bytes, { id, updatedAt, change, sign });
        },
      });
    },

    changedOften(slug) {
      const feature = open(slug);
      feature.recent.often++;
      return {
        async [Symbol.asyncDispose]() {
          feature.recent.often--;
          await settle(slug, feature);
        },
      };
    },

    saidByFile: (slug, tasks) => saidByFile(ownIn(slug), tasks),
  };
}

/** As `findIndex`, which takes ten times as long where the list is frozen. */
function placeOfTask({ tasks }: FeatureDocument, id: string): number {
  for (let index = 0; index < tasks.length; index++) if (tasks[index]?.id === id) return index;
  return -1;
}

/** @returns the result of a check. @throws BlueprintError `tasks-…` with all problems when it found any. */
async function accepted(
  sound: FeatureDocument | null,
  document: unknown,
  shown: string,
): Promise<FeatureDocument> {
  if (sound !== null) return sound;
  const { unsoundDocumentError } = await import('./tasks-problems.ts');
  throw unsoundDocumentError(document, shown);
}
