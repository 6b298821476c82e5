import type { ChalkInstance } from 'chalk';
import { withoutControls } from '../../domain/text.ts';

/** A unified diff with its usual colours, free of control characters from the files. */
export function paintDiff(diff: string, paint: ChalkInstance): string {
  return withoutControls(diff)
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
