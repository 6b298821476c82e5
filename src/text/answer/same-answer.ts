import { plainAnswer } from './plain-answer.ts';
import { unitOf, type Unit } from './units.ts';

/** An answer as far as it can be compared. */
type Value =
  | { readonly kind: 'number'; readonly number: Quantity }
  | { readonly kind: 'truth'; readonly truth: boolean }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly Value[] }
  | { readonly kind: 'text'; readonly text: string };

interface Quantity {
  /** In basic units. */
  readonly value: number;
  readonly dimension: string;
  /** What is counted, where it is no known unit, as `apples`. */
  readonly noun: string;
  /** Half of what its last place stands for; 0 where it is exact, or says too little to be rounded. */
  readonly slack: number;
}

/**
 * Whether two answers say the same, however they are written: numbers by their value (`1/2`, `0.5`, `50%`),
 * quantities in any unit of the same kind, rounded ones within the last place of the coarser where that has
 * three digits or more, yes and no in any words, lists item by item, sets in any order, other words without
 * case, marks and spacing.
 */
export function isSameAnswer(one: string, other: string): boolean {
  return isSame(valueOf(plainAnswer(one)), valueOf(plainAnswer(other)));
}

function isSame(one: Value, other: Value): boolean {
  if (one.kind === 'number' && other.kind === 'number')
    return isSameNumber(one.number, other.number);
  if (one.kind === 'truth' && other.kind === 'truth') return one.truth === other.truth;
  if (one.kind === 'list' && other.kind === 'list') return isSameList(one, other);
  return one.kind === 'text' && other.kind === 'text' && one.text === other.text;
}

function isSameNumber(one: Quantity, other: Quantity): boolean {
  if (one.dimension !== other.dimension) return false;
  if (one.noun !== '' && other.noun !== '' && one.noun !== other.noun) return false;
  const apart = Math.abs(one.value - other.value);
  const largest = Math.max(Math.abs(one.value), Math.abs(other.value));
  return apart <= Math.max(largest * 1e-9, one.slack, other.slack);
}

type List = Extract<Value, { kind: 'list' }>;

function isSameList(one: List, other: List): boolean {
  if (one.items.length !== other.items.length) return false;
  if (one.ordered && other.ordered)
    return one.items.every((item, at) =>
      isSame(item, other.items[at] ?? { kind: 'list', ordered: true, items: [] }),
    );
  const left = [...other.items];
  return one.items.every((item) => {
    const at = left.findIndex((each) => isSame(item, each));
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

function valueOf(text: string): Value {
  const number = quantityOf(text);
  if (number !== null) return { kind: 'number', number };
  const truth = /^(yes|true|correct|no|false|incorrect)\b(?=$|\s*[,.;:(-])/i.exec(text);
  if (truth !== null)
    return { kind: 'truth', truth: /^(?:yes|true|correct)$/i.test(truth[1] ?? '') };
  return listOf(text) ?? { kind: 'text', text: wordsOf(text) };
}

const number =
  /^([~≈]?\s*)([$€£]?)\s*([+-]?)\s*(\d{1,3}(?:[,_ \u00a0\u202f]\d{3})+|\d*)(?:\.(\d+))?(?:\s*(?:e|[*x×]\s*10\s*\^)\s*([+-]?\d+))?(?:\s*\/\s*(\d+(?:\.\d+)?)(?=$|\s|%))?\s*(.*)$/i;

/** A number with what stands behind it; null for other text. */
function quantityOf(text: string): Quantity | null {
  const spelled = spelledNumber(text) ?? text;
  const found = number.exec(spelled);
  const [
    ,
    about = '',
    currency = '',
    sign = '',
    whole = '',
    decimals = '',
    power = '0',
    divisor = '',
    rest = '',
  ] = found ?? [];
  if (found === null || (whole === '' && decimals === '')) return null;
  const behind = unitBehind(`${rest}${currency}`);
  if (behind === null) return null;
  const digits = whole.replace(/\D/g, '');
  const scale = (behind.unit.factor * 10 ** Number(power)) / (divisor === '' ? 1 : Number(divisor));
  const value = Number(`${digits || '0'}.${decimals || '0'}`) * scale * (sign === '-' ? -1 : 1);
  if (!Number.isFinite(value)) return null;
  const significant = `${digits}${decimals}`.replace(/^0+/, '').length;
  const isRounded = about !== '' || decimals !== '' || power !== '0';
  const slack = isRounded && significant >= 3 ? 0.5 * 10 ** -decimals.length * scale : 0;
  return { value, dimension: behind.unit.dimension, noun: behind.noun, slack: Math.abs(slack) };
}

const none: Unit = { factor: 1, dimension: '' };

/** Null where what stands there makes it no quantity. */
function unitBehind(text: string): { unit: Unit; noun: string } | null {
  const trimmed = text.trim();
  if (trimmed === '') return { unit: none, noun: '' };
  const unit = unitOf(trimmed);
  if (unit !== null) return { unit, noun: '' };
  return /^\p{L}[\p{L}\s-]{0,40}$/u.test(trimmed) && !/\b(?:and|or|but|to)\b/i.test(trimmed)
    ? { unit: none, noun: wordsOf(trimmed) }
    : null;
}

const spelledNumbers = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

function spelledNumber(text: string): string | null {
  const [first = '', ...rest] = text.split(' ');
  const value = spelledNumbers.indexOf(first.toLowerCase());
  return value === -1 ? null : [value, ...rest].join(' ');
}

/** `a, b and c`, `[a, b]`, `{a, b}` or `a or b`: the last two are sets. Null for other text. */
function listOf(text: string): Value | null {
  // Brackets that do not match are those of an interval.
  const inner = /^(?:(\{)(.*)\}|(\[)(.*)\]|(\()(.*)\))$/s.exec(text);
  const body = inner?.[2] ?? inner?.[4] ?? inner?.[6] ?? text;
  const isSet = inner?.[1] === '{' || (inner === null && /\s+or\s+/i.test(body));
  const items = body
    .replace(/,?\s+(?:and|or)\s+/gi, ', ')
    .split(/\s*[,;]\s*/)
    .map((item) => plainAnswer(item))
    .filter((item) => item !== '');
  // Sentences with a comma are no lists.
  const isList = inner !== null || items.every((item) => item.split(' ').length <= 3);
  if (!isList || items.length < (inner === null ? 2 : 1)) return null;
  return { kind: 'list', ordered: !isSet, items: items.map(valueOfItem) };
}

function valueOfItem(text: string): Value {
  const quantity = quantityOf(text);
  return quantity === null
    ? { kind: 'text', text: wordsOf(text) }
    : { kind: 'number', number: quantity };
}

/** Words and signs without case, quotation marks and spacing. */
function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/["'“”‘’«»]/g, '')
    .replace(/^(?:the|an?)\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
