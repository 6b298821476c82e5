import { DurationError } from './duration-error.js';
import { units } from './units.js';

/**
 * Writes milliseconds as a duration such as `1h 30m`.
 *
 * @param {number} milliseconds rounded to whole ones
 * @param {{ style?: 'short' | 'long', parts?: number }} [options] `parts`: how many units at most,
 *   counted from the largest; what is smaller is rounded into the last of them
 * @returns {string}
 * @throws {DurationError} for a number that is not finite, or options that are not as above
 */
export function format(milliseconds, { style = 'short', parts = units.length } = {}) {
  if (!Number.isFinite(milliseconds)) throw new DurationError(`Not a finite number: ${milliseconds}`);
  if (!Number.isInteger(parts) || parts < 1) {
    throw new DurationError(`"parts" must be a whole number from 1 on, not ${parts}`);
  }
  if (style !== 'short' && style !== 'long') throw new DurationError(`Unknown style "${style}"`);

  const size = Math.round(Math.abs(milliseconds));
  const shown = cut(rounded(size, parts)).map(([count, unit]) => write(count, unit, style));
  if (shown.length === 0) return style === 'long' ? '0 seconds' : '0s';
  return `${milliseconds < 0 ? '-' : ''}${shown.join(' ')}`;
}

/** The size as a multiple of the smallest unit that will be shown. */
function rounded(size, parts) {
  const largest = units.findIndex((unit) => unit.ms <= size);
  const smallest = units[Math.min(largest + parts, units.length) - 1];
  if (largest === -1 || smallest === undefined) return size;
  return Math.round(size / smallest.ms) * smallest.ms;
}

function cut(size) {
  const counts = [];
  let rest = size;
  for (const unit of units) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) counts.push([count, unit]);
  }
  return counts;
}

function write(count, unit, style) {
  if (style === 'short') return `${count}${unit.short}`;
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`;
}
