/** Words that stand in any text, also where it is about code; in small letters. */
export const commonWords: ReadonlySet<string> = new Set(
  `a an and are as at be been but by can do does each else for from had has have if in into is it its let may
  more must new no nor not of off on one only or other our out over same shall should so some such than that
  the their them then there these they this those to too under up use used using was we were what when where
  which while who will with would you your`.split(/\s+/),
);
