import type { Group } from './groups.ts';
import { shared, termsOf } from './terms.ts';

const buildsOn =
  /\b(?:after|once|using|uses?|based on|builds? on|on top of|from the|through the|via|depends? on|requires?|reuses?|parsed|stored|saved|existing|resulting|above|previous)\b/i;
const maxNeeds = 3;

/**
 * For each group the earlier ones that it builds on, by index: those whose telling words it takes up,
 * twice or more, or once in a sentence that says it uses them. All else may run at the same time.
 */
export function dependenciesOf(groups: readonly Group[]): number[][] {
  const spread = new Map<string, number>();
  for (const { terms } of groups)
    for (const term of terms) spread.set(term, (spread.get(term) ?? 0) + 1);
  // A word that most groups use is the subject of the whole, and orders nothing.
  const common = Math.max(2, Math.floor(groups.length / 2));
  const telling = (terms: ReadonlySet<string>): Set<string> =>
    new Set([...terms].filter((term) => (spread.get(term) ?? 0) <= common));

  return groups.map((group, index) => {
    const own = telling(group.terms);
    const using = telling(
      termsOf(
        group.requirements
          .filter(({ text }) => buildsOn.test(text))
          .map(({ text }) => text)
          .join(' '),
      ),
    );
    return groups
      .slice(0, index)
      .map((earlier, position) => {
        const names = telling(earlier.terms);
        const used = shared(names, using).length;
        return { position, score: Math.max(0, shared(names, own).length - 1) + used * 2 };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || a.position - b.position)
      .slice(0, maxNeeds)
      .map(({ position }) => position)
      .sort((a, b) => a - b);
  });
}
