import { BlueprintError } from '../domain/errors.ts';
import { absent, tooLarge, type FileState } from '../files/safe-file.ts';
import { fileNotText } from './problems.ts';
import type { WorkspaceBase } from './workspace.ts';

export interface BaseSource {
  readonly load: (path: string) => Promise<FileState>;
  /** Slash paths of all files. */
  readonly list: (signal: AbortSignal) => Promise<Iterable<string>>;
  readonly copyTo: (
    folder: string,
    signal: AbortSignal,
    read: ReadonlyMap<string, string | null>,
  ) => Promise<void>;
  readonly checkedOut: WorkspaceBase['checkedOut'];
}

function nullIfUnsafe(error: unknown): null {
  if (error instanceof BlueprintError) return null;
  throw error;
}

/** A view that remembers what it has read. */
export function createBase({ load, list, copyTo, checkedOut }: BaseSource): WorkspaceBase {
  const states = new Map<string, Promise<FileState>>();
  const hashes = new Map<string, string | null>();
  const stateOf = (path: string): Promise<FileState> => {
    const state = states.get(path) ?? load(path);
    states.set(path, state);
    return state;
  };
  const readSoFar = async (): Promise<Map<string, string | null>> => {
    const read = new Map<string, string | null>();
    for (const [path, loading] of states) {
      const state = await loading.catch(nullIfUnsafe);
      // What may not be read is no file of the project.
      if (state === null) continue;
      const { hash, content } = state;
      if (content !== null || hash === null) read.set(path, content);
    }
    return read;
  };
  const remembered = async (path: string): Promise<FileState> => {
    const state = await stateOf(path);
    hashes.set(path, state.hash);
    return state;
  };
  return {
    async read(path) {
      const { hash, content, problem = 'is no text' } = await remembered(path);
      if (hash !== null && content === null)
        throw fileNotText(path, problem, problem === tooLarge.problem ? null : hash);
      return content;
    },
    hash: async (path) => (await remembered(path)).hash,
    seen: () => new Map(hashes),
    async look(signal) {
      const files = new Set(await list(signal));
      for (const [path, content] of await readSoFar())
        if (content === null) files.delete(path);
        else files.add(path);
      // What the checks run on may have links and submodules, which work may not go through.
      const read = async (path: string) =>
        ((await stateOf(path).catch(nullIfUnsafe)) ?? absent).content;
      return { files, read };
    },
    copyTo: async (folder, signal) => copyTo(folder, signal, await readSoFar()),
    checkedOut,
  };
}
