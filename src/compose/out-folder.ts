import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { featureName } from '../domain/feature-name.ts';
import { readLeft } from '../files/read-left.ts';
import { sweepStaging } from '../files/sweep.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { OutFolder } from '../use-cases/ports.ts';
import { sha256 } from '../text/sha256.ts';
import { isFolder, writeOut } from '../workspace/out-folder.ts';

const recordSchema = z.strictObject({
  out: z.string(),
  files: z.record(z.string(), z.string()),
});

const recordName = 'written.json';
const maxRecordBytes = 64 * 1024 * 1024;

/**
 * A folder of the user's for the files of the work in one folder, which keeps a record of them.
 * @param path absolute.
 */
export function outFolderOf(
  path: string,
  name: string,
  place: FeaturePlace,
  artefacts: ArtefactStore,
): OutFolder {
  const shownAs = relative(place.displayRoot, path) || '.';
  /** Of what any work of this kind wrote there. */
  const ownFiles = async (): Promise<ReadonlySet<string>> => {
    const names = await readdir(place.featuresDir).catch(() => []);
    const own = new Set<string>();
    for (const known of names.filter((each) => featureName.safeParse(each).success)) {
      const record = parsed(await artefacts.read(known, recordName));
      if (record?.out !== path) continue;
      for (const [file, hash] of Object.entries(record.files)) own.add(`${hash} ${file}`);
    }
    return own;
  };
  return {
    path,
    check: async () => void (await isFolder({ folder: path, shownAs })),
    async write(files) {
      const own = await ownFiles();
      return writeOut(files, {
        folder: path,
        shownAs,
        isOwn: (file, hash) => own.has(`${hash} ${file}`),
        keep(files) {
          const record = `${JSON.stringify({ out: path, files }, null, 2)}\n`;
          return artefacts.write(name, recordName, record);
        },
      });
    },
  };
}

/** Absolute paths of what the work in a folder wrote for the user, and nobody changed since. */
export async function writtenFiles(
  name: string,
  artefacts: Pick<ArtefactStore, 'read'>,
): Promise<string[]> {
  const record = parsed(await artefacts.read(name, recordName));
  if (record === null) return [];
  const { out, files } = record;
  const unchanged: string[] = [];
  for (const [path, hash] of Object.entries(files)) {
    const bytes = await readLeft(out, path, maxRecordBytes);
    if (bytes !== null && sha256(bytes) === hash) unchanged.push(join(out, path));
  }
  return unchanged;
}

/** Removes what killed processes left beside the folders that work of this kind was written to. */
export async function sweepOutFolders(folders: string): Promise<void> {
  for (const name of await readdir(folders).catch(() => [])) {
    const record = await readLeft(folders, `${name}/${recordName}`, maxRecordBytes);
    const out = parsed(record?.toString('utf8') ?? null)?.out;
    if (out !== undefined) await sweepStaging(dirname(out), basename(out));
  }
}

function parsed(text: string | null): z.infer<typeof recordSchema> | null {
  try {
    return recordSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return null;
  }
}
