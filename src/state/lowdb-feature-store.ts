import { mkdir, readdir } from 'node:fs/promises';
import { Low } from 'lowdb';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument } from '../domain/task.ts';
import type { Claim } from './claim.ts';
import { copyDocument } from './copy-document.ts';
import { assertContained, featurePath, shownPath, type FeaturePlace } from './feature-folder.ts';
import { errnoOf, writeProblem } from './file-problem.ts';
import { acquireLock } from './lock.ts';
import { TasksFileAdapter } from './lowdb-tasks-adapter.ts';
import type { FeatureListing, FeatureStore } from './ports.ts';
import { currentProcess, type ProcessIdentity } from './process-identity.ts';
import { soundDocument } from './sound-document.ts';
import { parseTasksFile, readTasksFile } from './tasks-file.ts';

export interface FeatureStoreOptions extends FeaturePlace {
  readonly now: () => Date;
  readonly self?: ProcessIdentity;
  /** How long to wait for a lock that one holder keeps, in ms. */
  readonly patienceMs?: number;
  /** When the lock of another machine's process counts as left behind, in ms. */
  readonly staleLockMs?: number;
}

/** A change that waits for its turn. `apply` returns what to call when the group's write has succeeded. */
interface Waiting {
  apply(draft: FeatureDocument): () => void;
  fail(error: unknown): void;
}

interface OpenFeature {
  readonly path: string;
  readonly shown: string;
  readonly db: Low<FeatureDocument | null>;
  waiting: Waiting[];
  working: boolean;
}

/**
 * Task lists as `FEATURES/SLUG/tasks.json`, on lowdb. Any number of processes may work on one feature.
 * Changes that wait in this process on the same feature share one lock, read and write; each still has
 * its own result or error.
 */
export function createFeatureStore(options: FeatureStoreOptions): FeatureStore {
  const { now, self = currentProcess(), staleLockMs = 60_000 } = options;
  const features = new Map<string, OpenFeature>();

  function open(slug: string): OpenFeature {
    const path = featurePath(options, slug, 'tasks.json');
    const known = features.get(slug);
    if (known !== undefined) return known;
    const shown = shownPath(options, path);
    const db = new Low<FeatureDocument | null>(new TasksFileAdapter(path, shown), null);
    const feature: OpenFeature = { path, shown, db, waiting: [], working: false };
    features.set(slug, feature);
    return feature;
  }

  async function current(feature: OpenFeature): Promise<FeatureDocument | null> {
    await assertContained(options, feature.path);
    // lowdb keeps the old data when the file is gone.
    feature.db.data = null;
    await feature.db.read();
    return feature.db.data;
  }

  async function lock(slug: string): Promise<Claim> {
    const path = featurePath(options, slug, 'tasks.lock');
    const shown = shownPath(options, path);
    try {
      await assertContained(options, path);
      return await acquireLock(path, {
        self,
        now,
        staleMs: staleLockMs,
        shownPath: shown,
        ...(options.patienceMs !== undefined && { patienceMs: options.patienceMs }),
      });
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') throw await notFound(options, slug);
      throw writeProblem(error, shown);
    }
  }

  async function write(feature: OpenFeature, claim: Claim, document: FeatureDocument) {
    // Another machine may have taken a lock away that looked left behind.
    if (!(await claim.isHeld()))
      throw new BlueprintError({
        code: 'lock-lost',
        message: `The lock on ${feature.shown} was taken away before the change was written`,
        target: feature.shown,
        fix: 'Run the command again.',
      });
    feature.db.data = document;
    try {
      await feature.db.write();
    } catch (error) {
      throw writeProblem(error, feature.shown);
    }
  }

  async function commitGroup(slug: string, feature: OpenFeature): Promise<void> {
    const claim = await lock(slug);
    // Whatever came while the lock was waited for goes along.
    const group = feature.waiting.splice(0);
    try {
      const before = await current(feature);
      if (before === null) throw await notFound(options, slug);
      let document = before;
      const succeeded: { settle: () => void; change: Waiting }[] = [];
      for (const change of group) {
        try {
          const draft = copyDocument(document);
          const settle = change.apply(draft);
          document = await checked(draft, feature.shown, document);
          succeeded.push({ settle, change });
        } catch (error) {
          change.fail(error);
        }
      }
      if (succeeded.length === 0) return;
      try {
        await write(feature, claim, { ...document, updatedAt: now().toISOString() });
      } catch (error) {
        for (const { change } of succeeded) change.fail(error);
        return;
      }
      for (const { settle } of succeeded) settle();
    } catch (error) {
      for (const change of group) change.fail(error);
    } finally {
      await claim.release();
    }
  }

  async function work(slug: string, feature: OpenFeature): Promise<void> {
    feature.working = true;
    while (feature.waiting.length > 0) {
      try {
        await commitGroup(slug, feature);
      } catch (error) {
        for (const change of feature.waiting.splice(0)) change.fail(error);
      }
    }
    feature.working = false;
  }

  return {
    async list() {
      const names = await folderNames(options);
      const listings: FeatureListing[] = [];
      for (const slug of names) listings.push(await listing(options, slug));
      return listings;
    },

    async read(slug) {
      return current(open(slug));
    },

    async create(slug, document) {
      const feature = open(slug);
      const sound = await checked(document, feature.shown);
      const folder = featurePath(options, slug, '');
      await assertContained(options, folder);
      await mkdir(folder, { recursive: true }).catch((error: unknown) => {
        throw writeProblem(error, shownPath(options, folder));
      });
      const claim = await lock(slug);
      try {
        if ((await readTasksFile(feature.path, feature.shown)) !== null)
          throw new BlueprintError({
            code: 'feature-exists',
            message: `Feature ${slug} has a task list already: ${feature.shown}`,
            target: feature.shown,
            fix: 'Choose another name, or go on with this one.',
          });
        await write(feature, claim, sound);
      } finally {
        await claim.release();
      }
    },

    update<T>(slug: string, change: (document: FeatureDocument) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        const feature = open(slug);
        feature.waiting.push({
          apply: (draft) => {
            const result = change(draft);
            return () => {
              resolve(result);
            };
          },
          fail: reject,
        });
        if (!feature.working) void work(slug, feature);
      });
    },
  };
}

async function checked(
  document: FeatureDocument,
  shown: string,
  before?: FeatureDocument,
): Promise<FeatureDocument> {
  const sound = soundDocument(document, before);
  if (sound !== null) return sound;
  const { unsoundDocumentError } = await import('./tasks-problems.ts');
  throw unsoundDocumentError(document, shown);
}

async function listing(place: FeaturePlace, slug: string): Promise<FeatureListing> {
  try {
    const path = featurePath(place, slug, 'tasks.json');
    await assertContained(place, path);
    const shown = shownPath(place, path);
    const bytes = await readTasksFile(path, shown);
    if (bytes === null) return { slug, document: null, problem: null };
    const { document } = await parseTasksFile(bytes, shown);
    return { slug, document, problem: null };
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return { slug, document: null, problem: error.toJSON() };
  }
}

/** Names of the folders in the features folder, sorted; hidden ones are not features. */
async function folderNames(place: FeaturePlace): Promise<string[]> {
  try {
    const entries = await readdir(place.featuresDir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .filter((name) => !name.startsWith('.'))
      .sort();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return [];
    if (errno === null) throw error;
    const shown = shownPath(place, place.featuresDir);
    throw new BlueprintError({
      code: 'features-dir-unreadable',
      message: `Cannot read the features folder ${shown}: the system reports ${errno}`,
      target: shown,
      fix: 'Make it a folder that you may read, or set featuresDir to another one.',
      cause: error,
    });
  }
}

async function notFound(place: FeaturePlace, slug: string): Promise<BlueprintError> {
  const [{ nearest, shown }, names] = await Promise.all([
    import('../domain/schema-problems.ts'),
    folderNames(place),
  ]);
  const near = nearest(slug, names);
  return new BlueprintError({
    code: 'feature-not-found',
    message: `There is no feature «${shown(slug)}» with a task list`,
    target: shownPath(place, place.featuresDir),
    fix:
      near === null || near === slug
        ? 'Run `blueprint list` to see the features, or `blueprint new` to make one.'
        : `Did you mean «${shown(near)}»?`,
  });
}
