import { pathProblem } from '../../domain/safe-path.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { TriedFile } from '../gate.ts';
import { protectedPath } from '../protect/protected-path.ts';
import { sectionsOf } from '../protect/sections.ts';
import { textErrors } from '../syntax.ts';

export type Problem = Exclude<TriedFile['problem'], null>;

const mostErrors = 3;

/** Why a file is not to be run at all; null: it may be. @throws InterruptedError */
export async function unsoundness(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<Problem | null> {
  const unsafe = pathProblem(path);
  if (unsafe !== null) return { kind: 'no_runner', text: `the path cannot be used: ${unsafe}` };
  const kind = protectedPath(path)?.kind;
  if (kind === 'hijack' || kind === 'config' || sectionsOf(path, []) !== null) {
    const evidence = 'this file decides how tests are run, and is none itself';
    return { kind: 'no_runner', text: evidence };
  }
  const errors = await textErrors(path, text, signal);
  const certain = errors.filter(({ doubtful }) => doubtful !== true).slice(0, mostErrors);
  if (certain.length === 0) return null;
  const lines = text.split('\n');
  const words = certain.map(({ line, message }) => {
    const quote = toSingleLine((lines[line - 1] ?? '').trim(), 160);
    return `${path}:${line}: ${message}${quote === '' ? '' : `: ${quote}`}`;
  });
  return { kind: 'syntax', text: words.join('\n') };
}
