import { DurationError } from './duration-error.js';
import { unitNamed } from './units.js';

// Sticky: a part must start exactly where the last one ended, so that nothing between parts is skipped.
const part = /(\d+(?:\.\d+)?)\s*([a-z]+)/iy;
const gap = /\s*,?\s*/y;

/**
 * Reads a duration such as `1h 30m`.
 *
 * @param {string} text
 * @returns {number} whole milliseconds
 * @throws {DurationError} when the text is not wholly a duration; its `position` says where
 */
export function parse(text) {
  if (typeof text !== 'string') throw new DurationError('A duration must be a string');
  const end = text.trimEnd().length;
  let position = text.length - text.trimStart().length;
  const negative = text[position] === '-';
  if (negative) position += 1;
  if (position >= end) throw new DurationError('A duration must not be empty', Math.min(position, end));

  const seen = new Set();
  let total = 0;
  while (position < end) {
    if (seen.size > 0) position += lengthAt(gap, text, position);
    const match = matchAt(part, text, position);
    if (match === null) throw expectedPart(text, position);
    const [whole, amount, name] = match;
    const unit = unitNamed(name);
    const at = position + whole.length - name.length;
    if (unit === undefined) throw new DurationError(`Unknown unit "${name}" at position ${at}`, at);
    if (seen.has(unit)) {
      throw new DurationError(`The unit "${unit.name}" appears twice, again at position ${at}`, at);
    }
    seen.add(unit);
    total += Number(amount) * unit.ms;
    position += whole.length;
  }

  const milliseconds = Math.round(total);
  if (!Number.isSafeInteger(milliseconds)) throw new DurationError('The duration is too long', 0);
  // Not -0, which would be a surprise in a comparison.
  return negative && milliseconds !== 0 ? -milliseconds : milliseconds;
}

function matchAt(pattern, text, position) {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

function lengthAt(pattern, text, position) {
  return matchAt(pattern, text, position)?.[0].length ?? 0;
}

function expectedPart(text, position) {
  const found = text.slice(position, position + 20).trim();
  const what = found === '' ? 'the end of the text' : `"${found}"`;
  return new DurationError(
    `Expected a number with a unit at position ${position}, found ${what}`,
    position,
  );
}
