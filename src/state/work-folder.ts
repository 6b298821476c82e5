import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { placeBelow } from '../files/contained-path.ts';
import { isFile, isFolder } from '../files/is-there.ts';

/** Below the project's root: what belongs to no feature. */
export const ownFolder = '.blueprint';

/** Work that belongs to no feature, by the folder that holds all of its kind. */
export const workKinds = ['asks', 'tournaments', 'debates', 'solves', 'routes'] as const;
export type WorkKind = (typeof workKinds)[number];

/** Of them, what version 0.1.0 kept in folders at the project's root. */
export const kindsAtRoot: readonly WorkKind[] = ['asks', 'tournaments'];

/** `manifest.json` of a work folder: what the work was begun with. Folders of version 0.1.0 have none. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  kind: z.enum([...workKinds, 'features']),
  created: z.string(),
  /** Of blueprint. */
  program: z.string(),
  /** SHA-256, hex, over inputs, prompts, models and settings: the same gives the same requests. */
  hash: z.string(),
  /** What may not change unnoticed while the work goes on, by what it is called. */
  facts: z.record(z.string(), z.string()).exactOptional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Folders of such work from the project's root, sorted; those that version 0.1.0 kept there too. */
export async function foldersOfWork(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const kind of workKinds)
    for (const parent of [`${ownFolder}/${kind}`, ...(kindsAtRoot.includes(kind) ? [kind] : [])])
      if (await isContained(root, parent))
        for (const name of await readdir(join(root, parent)).catch(() => []))
          if (await hasJournal(root, `${parent}/${name}`)) found.push(`${parent}/${name}`);
  return found.sort();
}

async function hasJournal(root: string, folder: string): Promise<boolean> {
  const journal = `${folder}/journal.jsonl`;
  return (await isFile(join(root, journal))) && (await isContained(root, journal));
}

/** No link leads out of the project on the way. */
async function isContained(root: string, path: string): Promise<boolean> {
  return !('problem' in (await placeBelow(root, path, 'inside').catch(() => ({ problem: '' }))));
}

/**
 * The folder that holds the work of that kind and name: below `.blueprint/`, or at the root, where version
 * 0.1.0 kept it and this very work was begun.
 */
export async function folderOfKind(root: string, kind: WorkKind, name: string): Promise<string> {
  const old = join(root, kind);
  const isOld = kindsAtRoot.includes(kind) && (await isFolder(join(old, name)));
  return isOld ? old : join(root, ownFolder, kind);
}
