import type { ChalkInstance } from 'chalk';
import { withoutControls } from '../../domain/text.ts';

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
