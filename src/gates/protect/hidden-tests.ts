import { posix } from 'node:path';
import { foldersAbove } from '../../domain/safe-path.ts';

/**
 * The tests that lines which are new in a `.gitignore` would hide from copies of the project made later.
 * Of the form that is documented in gitignore(5), without classes of characters and `!`.
 * @param path of the file, by which its lines are meant.
 */
export function hiddenBy(
  path: string,
  before: string,
  after: string,
  tests: readonly string[],
): string[] {
  const known = new Set(linesOf(before));
  const patterns = linesOf(after).filter((line) => !known.has(line) && !/^[#!]/.test(line));
  const folder = posix.dirname(path);
  const matchers = patterns.map(matcherOf);
  return tests.filter((test) => {
    const own = folder === '.' ? test : posix.relative(folder, test);
    if (own.startsWith('../')) return false;
    return [...foldersAbove(own), own].some((place) => matchers.some((hides) => hides.test(place)));
  });
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

/** More of them make a search that takes long. */
const mostWildcards = 6;

function matcherOf(pattern: string): RegExp {
  if ((pattern.match(/[*?]+/g) ?? []).length > mostWildcards) return /^/;
  const plain = pattern.replace(/\/$/, '');
  const anywhere = !plain.includes('/');
  const glob = plain
    .replace(/^\//, '')
    .replace(/\\(.)/g, '$1')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*|\?/g, (word) =>
      word === '**/' ? '(?:.*/)?' : word === '**' ? '.*' : word === '*' ? '[^/]*' : '[^/]',
    );
  return new RegExp(`^${anywhere ? '(?:.*/)?' : ''}${glob}$`);
}
