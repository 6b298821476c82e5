import { distance } from 'fastest-levenshtein';
import { nearestOf } from '../text/nearest.ts';

/** Commands that may cost money or take something away. */
const weighty: ReadonlySet<string> = new Set([
  'new',
  'run',
  'ask',
  'solve',
  'route',
  'tournament',
  'review',
  'reject',
  'apply',
  'undo',
  'rm',
]);

/**
 * The command that an unknown word most likely means; null where it is not clear. Whoever follows it must not
 * pay for a slip: a harmless command goes first, one that is not is named for its own letters alone.
 */
export function suggestedCommand(word: string, names: readonly string[]): string | null {
  const near = nearestOf(word, names);
  const harmless = near.filter((name) => !weighty.has(name));
  // Letters that changed places are the commonest slip.
  const turned = harmless.find((name) => sorted(name) === sorted(word.toLowerCase()));
  const first = turned ?? harmless[0];
  if (first !== undefined) return first;
  const [best, ...others] = near;
  return best !== undefined && others.length === 0 && isSlip(word, best) ? best : null;
}

/** The same letters in another order, one doubled, or one wrong in a long word after the first. */
function isSlip(word: string, name: string): boolean {
  const typed = word.toLowerCase();
  return (
    sorted(typed) === sorted(name) ||
    withoutDoubles(typed) === withoutDoubles(name) ||
    (name.length >= 6 && typed[0] === name[0] && distance(typed, name) === 1)
  );
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

function withoutDoubles(word: string): string {
  return word.replace(/(.)\1+/g, '$1');
}

/** Options that cost money, or switch a check off. */
const weightyOptions: ReadonlySet<string> = new Set([
  '--live',
  '--replace-scaffolds',
  '--unsafe-no-sandbox',
  '--force',
  '--yes',
]);

/** The option that an unknown one most likely means, on the same terms. */
export function suggestedOption(word: string, names: readonly string[]): string | null {
  const near = nearestOf(word, names);
  const [best = null] = near;
  if (best === null || !weightyOptions.has(best)) return best;
  const bare = (name: string): string => name.replace(/^-+/, '');
  return near.length === 1 && isSlip(bare(word), bare(best)) ? best : null;
}
