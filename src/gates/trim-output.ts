import { estimateTokens, withoutColours } from '../domain/text.ts';
import { counted } from './verdict.ts';

/** Lines that say what went wrong, in the words of the common runners and compilers. */
const telling =
  /assert|expect|error|fail|panicked|exception|traceback|not ok|received|actual|✖|✗|×|^\s*E\s|^\s*[-+] \S|left:|right:|\bgot\b|\bwant\b/i;

const longestLine = 300;

/**
 * A command's output as a model should see it: its head, what tells the failure with the lines around it,
 * and its tail, in at most so many tokens. What was left out is said.
 */
export function trimOutput(text: string, maxTokens: number): string {
  const lines = withoutColours(text)
    .replaceAll('\r', '')
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
  if (estimateTokens(lines.join('\n')) <= maxTokens) return lines.join('\n');
  const kept = new Set<number>();
  let left = maxTokens;
  const take = (at: number, floor: number): boolean => {
    const line = lines[at];
    if (line === undefined || kept.has(at)) return true;
    const cost = estimateTokens(`${line}\n`);
    if (left - cost < floor) return false;
    kept.add(at);
    left -= cost;
    return true;
  };
  const share = (part: number): number => Math.floor(maxTokens * part);
  for (let at = 0; at < lines.length && take(at, share(0.85)); at++);
  for (let at = lines.length - 1; at >= 0 && take(at, share(0.55)); at--);
  for (const [at, line] of lines.entries())
    if (telling.test(line) && ![at, at - 1, at + 1, at + 2].every((near) => take(near, 0))) break;
  return joined(lines, kept);
}

function joined(lines: readonly string[], kept: ReadonlySet<number>): string {
  const shown: string[] = [];
  let next = 0;
  for (const at of [...lines.keys(), lines.length]) {
    if (at < lines.length && !kept.has(at)) continue;
    if (at > next) shown.push(`… ${counted(at - next, 'line')} left out …`);
    shown.push(...lines.slice(at, at + 1));
    next = at + 1;
  }
  return shown.join('\n');
}
