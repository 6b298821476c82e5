/** A unit in terms of basic ones: `km` is 1000 times `m`. */
export interface Unit {
  readonly factor: number;
  /** Basic units with their exponents, sorted, as `m^1 s^-1`; empty for a number alone. */
  readonly dimension: string;
}

type Known = readonly [factor: number, dimension: Readonly<Record<string, number>>];

const basic: Readonly<Record<string, Known>> = {
  m: [1, { m: 1 }],
  g: [1, { g: 1 }],
  s: [1, { s: 1 }],
  A: [1, { A: 1 }],
  K: [1, { K: 1 }],
  mol: [1, { mol: 1 }],
  N: [1_000, { g: 1, m: 1, s: -2 }],
  J: [1_000, { g: 1, m: 2, s: -2 }],
  W: [1_000, { g: 1, m: 2, s: -3 }],
  Pa: [1_000, { g: 1, m: -1, s: -2 }],
  Hz: [1, { s: -1 }],
  C: [1, { A: 1, s: 1 }],
  V: [1_000, { g: 1, m: 2, s: -3, A: -1 }],
  eV: [1.602176634e-16, { g: 1, m: 2, s: -2 }],
  L: [1e-3, { m: 3 }],
  l: [1e-3, { m: 3 }],
};

/** Those that take no prefix, or are written out. */
const others: Readonly<Record<string, Known>> = {
  '%': [0.01, {}],
  min: [60, { s: 1 }],
  h: [3_600, { s: 1 }],
  d: [86_400, { s: 1 }],
  t: [1e6, { g: 1 }],
  Ω: [1_000, { g: 1, m: 2, s: -3, A: -2 }],
  '°C': [1, { '°C': 1 }],
  '°F': [1, { '°F': 1 }],
  '°': [1, { '°': 1 }],
  rad: [1, { rad: 1 }],
  $: [1, { $: 1 }],
  '€': [1, { '€': 1 }],
  '£': [1, { '£': 1 }],
};

const prefixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  µ: 1e-6,
  μ: 1e-6,
  u: 1e-6,
  m: 1e-3,
  c: 1e-2,
  d: 1e-1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

const words: Readonly<Record<string, string>> = {
  percent: '%',
  'per cent': '%',
  hour: 'h',
  hours: 'h',
  hr: 'h',
  hrs: 'h',
  minute: 'min',
  minutes: 'min',
  mins: 'min',
  second: 's',
  seconds: 's',
  sec: 's',
  day: 'd',
  days: 'd',
  metre: 'm',
  meter: 'm',
  metres: 'm',
  meters: 'm',
  gram: 'g',
  grams: 'g',
  gramme: 'g',
  grammes: 'g',
  tonne: 't',
  tonnes: 't',
  litre: 'L',
  liter: 'L',
  litres: 'L',
  liters: 'L',
  newton: 'N',
  newtons: 'N',
  joule: 'J',
  joules: 'J',
  watt: 'W',
  watts: 'W',
  pascal: 'Pa',
  pascals: 'Pa',
  hertz: 'Hz',
  kelvin: 'K',
  kelvins: 'K',
  volt: 'V',
  volts: 'V',
  ampere: 'A',
  amperes: 'A',
  amp: 'A',
  amps: 'A',
  coulomb: 'C',
  coulombs: 'C',
  ohm: 'Ω',
  ohms: 'Ω',
  mole: 'mol',
  moles: 'mol',
  degree: '°',
  degrees: '°',
  radian: 'rad',
  radians: 'rad',
  dollar: '$',
  dollars: '$',
  usd: '$',
  euro: '€',
  euros: '€',
  eur: '€',
};

const longPrefixes: readonly (readonly [string, string])[] = [
  ['nano', 'n'],
  ['micro', 'µ'],
  ['milli', 'm'],
  ['centi', 'c'],
  ['kilo', 'k'],
  ['mega', 'M'],
  ['giga', 'G'],
];

/** What stands behind a number, as `m/s^2`, `kilometres per hour`, `kg·m`; null where it is no known unit. */
export function unitOf(text: string): Unit | null {
  const parts = text
    .replace(/\bper cent\b/gi, '%')
    .replace(/\s+per\s+/gi, '/')
    .split('/');
  const dimension = new Map<string, number>();
  let factor = 1;
  for (const [place, part] of parts.entries()) {
    const names = part.replace(/[()]/g, ' ').split(/[\s*·]+/);
    for (const name of names.filter((each) => each !== '' && each !== '1')) {
      const power = /^(.+?)\^?(-?\d+)?$/.exec(name);
      const known = knownUnit(power?.[1] ?? '');
      if (known === null) return null;
      const exponent = Number(power?.[2] ?? 1) * (place === 0 ? 1 : -1);
      factor *= known[0] ** exponent;
      for (const [base, own] of Object.entries(known[1]))
        dimension.set(base, (dimension.get(base) ?? 0) + own * exponent);
    }
  }
  const names = [...dimension].filter(([, exponent]) => exponent !== 0).sort();
  return { factor, dimension: names.map(([base, exponent]) => `${base}^${exponent}`).join(' ') };
}

function knownUnit(name: string): Known | null {
  const symbol = symbolOf(name);
  const own = entryOf(basic, symbol) ?? entryOf(others, symbol);
  if (own !== null) return own;
  const prefix = entryOf(prefixes, symbol.slice(0, 1));
  const rest = entryOf(basic, symbol.slice(1));
  return prefix === null || rest === null ? null : [prefix * rest[0], rest[1]];
}

/** The sign of a unit that is written out. */
function symbolOf(name: string): string {
  const word = name.toLowerCase();
  const whole = entryOf(words, word);
  if (whole !== null) return whole;
  for (const [long, short] of longPrefixes) {
    const rest = word.startsWith(long) ? entryOf(words, word.slice(long.length)) : null;
    if (rest !== null) return `${short}${rest}`;
  }
  return name;
}

function entryOf<T>(table: Readonly<Record<string, T>>, name: string): T | null {
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null;
}
