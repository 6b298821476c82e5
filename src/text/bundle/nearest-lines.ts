import { distance } from 'fastest-levenshtein';

const shownLines = 12;
const comparedCharacters = 200;
/** Levenshtein on every line of a huge file would take minutes for a hint. */
const comparedLines = 5_000;

/** The lines of the content that look most like the search text, numbered; for showing to the model. */
export function nearestLines(content: string, search: string): string {
  const lines = content.split('\n').map((line) => line.replace(/\r$/, ''));
  const wanted = search.split('\n').map((line) => line.trim());
  const start = bestStart(lines, wanted);
  const length = Math.min(shownLines, Math.max(wanted.length, 3));
  return lines
    .slice(start, start + length)
    .map((line, index) => `${start + index + 1}| ${line.slice(0, comparedCharacters)}`)
    .join('\n');
}

function bestStart(lines: readonly string[], wanted: readonly string[]): number {
  return startByEqualLines(lines, wanted) ?? startBySimilarLine(lines, wanted);
}

/** Each line that occurs in the search text votes for the start that would put it in its place. */
function startByEqualLines(lines: readonly string[], wanted: readonly string[]): number | null {
  const positions = new Map<string, number>();
  wanted.forEach((line, index) => {
    if (line.length > 3 && !positions.has(line)) positions.set(line, index);
  });
  const votes = new Map<number, number>();
  lines.forEach((line, index) => {
    const position = positions.get(line.trim());
    if (position === undefined) return;
    const start = Math.max(0, index - position);
    votes.set(start, (votes.get(start) ?? 0) + 1);
  });
  let best: { start: number; count: number } | null = null;
  for (const [start, count] of votes) if (count > (best?.count ?? 0)) best = { start, count };
  return best?.start ?? null;
}

function startBySimilarLine(lines: readonly string[], wanted: readonly string[]): number {
  const longest = wanted.reduce((best, line) => (line.length > best.length ? line : best), '');
  const target = longest.slice(0, comparedCharacters);
  let best = { line: 0, distance: Infinity };
  lines.slice(0, comparedLines).forEach((text, line) => {
    const found = distance(target, text.trim().slice(0, comparedCharacters));
    if (found < best.distance) best = { line, distance: found };
  });
  return Math.max(0, best.line - wanted.indexOf(longest));
}
