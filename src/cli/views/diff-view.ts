import type { ChalkInstance } from 'chalk';
import type { ChangedFile } from '../../domain/event.ts';
import { toSingleLine, withoutControls } from '../../domain/text.ts';

/** A unified diff with its usual colours, free of control characters from the files. */
export function paintDiff(diff: string, paint: ChalkInstance): string {
  // A return within a line would let it overwrite itself; those at the end belong to CRLF files.
  return withoutControls(diff)
    .replace(/\r(?!\n|$)/g, '␍')
    .split('\n')
    .map((line) => {
      if (/^(diff |\+\+\+|---)/.test(line)) return paint.bold(line);
      if (line.startsWith('@@')) return paint.cyan(line);
      if (line.startsWith('+')) return paint.green(line);
      if (line.startsWith('-')) return paint.red(line);
      return line;
    })
    .join('\n');
}

/** Before changes that nobody approved here. */
export function foreignWork(paths: readonly string[]): string {
  const named = paths.slice(0, 5).map((path) => toSingleLine(path, 100));
  const more = paths.length > named.length ? ` and ${paths.length - named.length} more` : '';
  return `warning: this came with the repository and was not approved by you on this machine; apply does not write it: ${named.join(', ')}${more}`;
}

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
