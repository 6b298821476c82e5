import { statSync } from 'node:fs';
import { manifestSchema, readRecord, type Manifest } from './pending-commit.ts';

/** Reads the manifest; a large one is parsed anew only where the file is another one than before. */
export function keptManifest(file: string) {
  const none: Manifest = { schemaVersion: 1, deletions: [], base: [] };
  let last = { stamp: '', manifest: none };
  const stamp = (): string => {
    const info = statSync(file, { bigint: true, throwIfNoEntry: false });
    return info === undefined ? '' : `${info.ino} ${info.mtimeNs} ${info.size}`;
  };
  return {
    /** Another one after each commit. */
    stamp,
    async read(): Promise<Manifest> {
      const now = stamp();
      if (now === last.stamp) return last.manifest;
      const manifest = (await readRecord(file, manifestSchema)) ?? none;
      last = { stamp: now, manifest };
      return manifest;
    },
    /** Called by the one who has just written it, as nobody else may have in the meantime. */
    keep(manifest: Manifest): void {
      last = { stamp: stamp(), manifest };
    },
  };
}
