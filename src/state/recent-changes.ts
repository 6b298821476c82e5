import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { syncFolder } from '../files/atomic-file.ts';
import { open, truncate } from '../files/disk.ts';
import { looked } from '../files/is-there.ts';
import { sha256 } from '../text/sha256.ts';
import { soundTaskChange } from './sound-document.ts';
import type { ChangedTask } from './splice-tasks.ts';
import { readTasksFile } from './tasks-file.ts';

/**
 * What a run changes in a long list is recorded beside it, and the list written whole now and then. The first
 * line says which list that was; each other one holds a task as it is since a change, and the hash of what it
 * was: so a line that the list holds already changes nothing, nor does one of a task that a person has changed
 * meanwhile.
 */
export const recentName = 'tasks.recent.jsonl';

const headSchema = z.object({ changesOf: z.string() });
const lineSchema = z.object({ was: z.string(), updatedAt: z.string(), task: z.unknown() });

export interface Recent {
  /** When the list was changed last before the first of these; empty where that cannot be read. */
  readonly changesOf: string;
  readonly changes: readonly z.infer<typeof lineSchema>[];
}

export const recentPath = (listPath: string): string => join(dirname(listPath), recentName);

/** A record that this process has begun. */
export interface RecentFile {
  /** Lasting when it returns. @throws the file system's error; the record is then as it was */
  append(changes: readonly ChangedTask[], updatedAt: string): Promise<void>;
  /** Whether it still is there with what was appended, or is being, and nothing else. */
  isAsWritten(): boolean;
  close(): Promise<void>;
}

/** @throws the file system's error, `EEXIST` where something is there */
export async function beginRecent(
  listPath: string,
  { updatedAt: changesOf }: FeatureDocument,
): Promise<RecentFile> {
  const path = recentPath(listPath);
  const file = await open(path, 'ax+');
  const begun = looked(path);
  await syncFolder(dirname(path));
  let length = 0;
  let isAppending = false;
  let isClosed = false;
  return {
    async append(changes, updatedAt) {
      const lines = changes.map(({ was, is }) => ({ was: hashOf(was), updatedAt, task: is }));
      const texts = (length === 0 ? [{ changesOf }, ...lines] : lines).map((line) =>
        JSON.stringify(line),
      );
      const bytes = Buffer.from(`${texts.join('\n')}\n`);
      isAppending = true;
      try {
        await file.writeFile(bytes);
        await file.sync();
        length += bytes.length;
      } catch (error) {
        await truncate(path, length).catch(() => undefined);
        throw error;
      } finally {
        isAppending = false;
      }
    },
    isAsWritten() {
      const now = looked(path);
      return now !== null && now.ino === begun?.ino && (isAppending || now.size === length);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await file.close();
    },
  };
}

export function isRecorded(listPath: string): boolean {
  return looked(recentPath(listPath)) !== null;
}

/**
 * What is recorded beside a list; null where nothing is, or it came with the repository. What a killed process
 * left torn says nothing.
 * @throws BlueprintError `tasks-file-…` when it cannot be read
 */
export async function readRecent(
  listPath: string,
  shownListPath: string,
  isForeign: () => Promise<boolean>,
): Promise<Recent | null> {
  const path = recentPath(listPath);
  // The program makes nothing else there.
  if (looked(path)?.isFile() !== true || (await isForeign())) return null;
  const bytes = readTasksFile(path, join(dirname(shownListPath), recentName));
  const [first = '', ...lines] = (bytes ?? '').toString('utf8').split('\n');
  const head = parsedLine(first, headSchema);
  return {
    changesOf: head?.changesOf ?? '',
    changes: lines.flatMap((line) => parsedLine(line, lineSchema) ?? []),
  };
}

function parsedLine<T>(line: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** A sound list with the changes that its file does not hold yet; as it is where they are of another list. */
export function withRecent(list: FeatureDocument, { changesOf, changes }: Recent): FeatureDocument {
  const times = [changesOf, ...changes.map(({ updatedAt }) => updatedAt)];
  if (!times.includes(list.updatedAt)) return list;
  const places = new Map(list.tasks.map(({ id }, place) => [id, place]));
  let document = list;
  for (const { was, updatedAt, task } of changes) {
    const place = places.get(idOf(task));
    const before = place === undefined ? undefined : document.tasks[place];
    if (place === undefined || before === undefined || hashOf(before) !== was) continue;
    const after = soundTaskChange(task, place, document);
    if (after !== null) document = { ...after, updatedAt };
  }
  return document;
}

const idOf = (task: unknown): string => String((task as { id?: unknown } | null)?.id);

const hashOf = (task: Task): string => sha256(JSON.stringify(task));
