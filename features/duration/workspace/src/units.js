/** Units by falling size. Months and years are missing on purpose: their length is not fixed. */
export const units = [
  { name: 'week', short: 'w', ms: 604_800_000 },
  { name: 'day', short: 'd', ms: 86_400_000 },
  { name: 'hour', short: 'h', ms: 3_600_000 },
  { name: 'minute', short: 'm', ms: 60_000 },
  { name: 'second', short: 's', ms: 1_000 },
  { name: 'millisecond', short: 'ms', ms: 1 },
];

const bySpelling = new Map(
  units.flatMap((unit) => [unit.short, unit.name, `${unit.name}s`].map((spelling) => [spelling, unit])),
);

/** The unit of a short or long name in any case, or undefined. */
export function unitNamed(name) {
  return bySpelling.get(name.toLowerCase());
}
