import type { FileState } from '../files/safe-file.ts';
import type { WorkspaceBase } from './workspace.ts';

/** A view that remembers what it has read. */
export function createBase(
  load: (path: string) => Promise<FileState>,
  copyTo: (
    folder: string,
    signal: AbortSignal,
    read: ReadonlyMap<string, string | null>,
  ) => Promise<void>,
): WorkspaceBase {
  const states = new Map<string, Promise<FileState>>();
  const hashes = new Map<string, string | null>();
  return {
    async read(path) {
      let state = states.get(path);
      if (state === undefined) {
        state = load(path);
        states.set(path, state);
      }
      const { hash, content } = await state;
      hashes.set(path, hash);
      return content;
    },
    seen: () => new Map(hashes),
    async copyTo(folder, signal) {
      const read = new Map<string, string | null>();
      for (const [path, state] of states) {
        const { hash, content } = await state;
        if (content !== null || hash === null) read.set(path, content);
      }
      await copyTo(folder, signal, read);
    },
  };
}
