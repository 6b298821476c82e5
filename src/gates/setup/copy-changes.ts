import type { BigIntStats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { contentStates, entriesBelow, inGroups, type ContentStates } from '../content-id.ts';

/** Of an entry that a command made or changed: what stood there before, as of `contentStates`. */
interface Changed {
  readonly path: string;
  readonly before: string | null;
}

/** What a command did to a copy. */
export interface CopyChanges {
  readonly files: readonly (Changed & { readonly bytes: number })[];
  readonly links: readonly (Changed & { readonly target: string })[];
  readonly removed: readonly Changed[];
  readonly folders: readonly string[];
}

/**
 * Looks at a copy before a command runs in it.
 * @param pristine what stood in it before anything was laid out for the command.
 * @param tools folder of the copy, relative, whose content is none of the project's
 * @returns to be asked once it has run.
 */
export async function watchCopy(
  copy: string,
  pristine: ContentStates,
  tools: string,
): Promise<() => Promise<CopyChanges>> {
  const first = await entriesBelow(copy);
  const stamps = await stampsOf(copy, first.files);
  return async () => {
    const now = await entriesBelow(copy);
    const own = (path: string): boolean => path !== tools && !path.startsWith(`${tools}/`);
    const files = now.files.filter(own);
    const later = await stampsOf(copy, files);
    const stamped = files.filter((path) => stampOf(later, path) !== stampOf(stamps, path));
    // Touched, or given to another user and back, is not changed.
    const touched = stamped.filter((path) => pristine.has(path));
    const states = await contentStates(copy, touched);
    const changed = stamped.filter(
      (path) => !pristine.has(path) || states.get(path) !== pristine.get(path),
    );
    const changes = {
      files: [] as CopyChanges['files'][number][],
      links: [] as CopyChanges['links'][number][],
    };
    for (const path of changed) {
      const stat = later.get(path);
      const before = pristine.get(path) ?? null;
      if (stat?.isSymbolicLink() === true)
        changes.links.push({ path, before, target: await readlink(join(copy, path)) });
      else if (stat?.isFile() === true)
        changes.files.push({ path, before, bytes: Number(stat.size) });
    }
    const left = new Set(now.files);
    const known = new Set(first.folders);
    return {
      ...changes,
      removed: [...pristine].flatMap(([path, before]) =>
        left.has(path) ? [] : [{ path, before }],
      ),
      folders: now.folders.filter((path) => own(path) && !known.has(path)),
    };
  };
}

type Stamps = ReadonlyMap<string, BigIntStats>;

async function stampsOf(copy: string, paths: readonly string[]): Promise<Stamps> {
  const stamps = new Map<string, BigIntStats>();
  await inGroups(paths, async (path) => {
    stamps.set(path, await lstat(join(copy, path), { bigint: true }));
  });
  return stamps;
}

function stampOf(stamps: Stamps, path: string): string {
  const stat = stamps.get(path);
  return stat === undefined
    ? ''
    : [stat.ino, stat.size, stat.mode, stat.mtimeNs, stat.ctimeNs].join(' ');
}
