import { statSync } from 'node:fs';
import { inOrder, manifestSchema, type Manifest } from './manifest.ts';
import { readRecord } from './pending-commit.ts';

/** Reads the manifest; a large one is parsed anew only where the file is another one than before. */
export function keptManifest(file: string) {
  const none: Manifest = { schemaVersion: 1, deletions: [], base: [] };
  let last = { stamp: '', manifest: none };
  /** As this process has written it. */
  let own: Manifest | null = null;
  const stamp = (): string => {
    const info = statSync(file, { bigint: true, throwIfNoEntry: false });
    return info === undefined ? '' : `${info.ino} ${info.ctimeNs} ${info.mtimeNs} ${info.size}`;
  };
  return {
    /** Another one after each commit. */
    stamp,
    async read(): Promise<Manifest> {
      const now = stamp();
      if (now === last.stamp) return last.manifest;
      const read = (await readRecord(file, manifestSchema)) ?? none;
      const { moves, base, approved } = read;
      const manifest = {
        ...read,
        ...(moves && { moves: inOrder(moves) }),
        base: inOrder(base),
        ...(approved && { approved: inOrder(approved) }),
      };
      last = { stamp: now, manifest };
      return manifest;
    },
    /** Called by the one who has just written it, as nobody else may have in the meantime. */
    keep(manifest: Manifest): void {
      last = { stamp: stamp(), manifest };
      own = manifest;
    },
    /** Whether what was read is as this process wrote it: its signature need not be checked again. */
    isAsWritten: (manifest: Manifest): boolean => manifest === own,
  };
}
