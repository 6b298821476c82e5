import type { ChalkInstance } from 'chalk';
import type { ChangedFile } from '../../domain/event.ts';
import { toSingleLine } from '../../domain/text.ts';

const most = 50;

/** One line a file, with git's letters. */
export function changedFileLines(files: readonly ChangedFile[], paint: ChalkInstance): string[] {
  const letters = {
    added: paint.green('A'),
    modified: paint.yellow('M'),
    deleted: paint.red('D'),
  };
  const lines = files
    .slice(0, most)
    .map(({ path, change }) => `  ${letters[change]} ${toSingleLine(path, 200)}`);
  return files.length > most ? [...lines, `  … and ${files.length - most} more`] : lines;
}
