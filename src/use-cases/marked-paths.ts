import type { Task } from '../domain/task.ts';
import { placeBelow } from '../files/contained-path.ts';
import type { Program } from './program.ts';

/** A file that a task names, and whether it is in the project now. */
export interface MarkedPath {
  readonly path: string;
  readonly mark: 'exists' | 'new';
}

/** The files of a task as the project stands; approved work that is not applied is not in it yet. */
export async function markedPaths(
  { files }: Pick<Task, 'files'>,
  { config }: Pick<Program, 'config'>,
): Promise<MarkedPath[]> {
  return Promise.all(
    files.map(async (path): Promise<MarkedPath> => {
      const found = await placeBelow(config.root, path, 'inside');
      return { path, mark: 'place' in found && found.place !== null ? 'exists' : 'new' };
    }),
  );
}
