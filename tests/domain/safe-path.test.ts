import { join, posix, win32 } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathKey, pathProblem } from '../../src/domain/safe-path.ts';

describe('ordinary names are allowed', () => {
  test.each([
    'a',
    'src/a.js',
    '.github/workflows/ci.yml',
    '.gitignore',
    '.gitattributes',
    'src/.git-keep',
    'git/x',
    'ünï/çödé/日本語.md',
    'a b/c d',
    '[id]/(group)/@slot/page.tsx',
    'a..b',
    '...a',
    'console.js',
    'com10',
    'nullable.ts',
    'aux-1/x',
    'x~',
    'x~1',
    '-dash',
    '$var',
    '#hash',
    "it's",
    'a/b/c/d/e/f/g',
    'x'.repeat(255),
  ])('%s', (path) => {
    expect(pathProblem(path)).toBeNull();
  });
});

describe('all else is refused, with the reason', () => {
  test.each([
    ['', /empty/],
    ['../x', /segment «\.\.»/],
    ['a/../b', /segment «\.\.»/],
    ['a/..', /segment «\.\.»/],
    ['./a', /segment «\.»/],
    ['/a', /absolute/],
    ['//server/share', /absolute/],
    ['\\\\server\\share', /backslash/],
    ['a\\b', /backslash/],
    ['C:/a', /colon/],
    ['C:a', /colon/],
    ['a:stream', /colon/],
    ['~/a', /tilde/],
    ['a//b', /empty segment/],
    ['a/', /empty segment/],
    ['a\0', /control or invisible/],
    ['a\nb', /control or invisible/],
    ['a\u001b[0m', /control or invisible/],
    ['a\u202eb', /control or invisible/],
    ['a\u200bb', /control or invisible/],
    ['\ufeffa', /control or invisible/],
    ['.git', /\.git folder/],
    ['.git/config', /\.git folder/],
    ['a/.GIT/hooks', /\.git folder/],
    ['.ｇｉｔ/config', /\.git folder/],
    ['git~1', /\.git folder/],
    ['GIT~12/x', /\.git folder/],
    ['.git./x', /ends in a dot or a space/],
    ['.git /x', /ends in a dot or a space/],
    ['a.', /ends in a dot or a space/],
    ['a /b', /ends in a dot or a space/],
    ['CON', /reserved name/],
    ['a/nul.txt', /reserved name/],
    ['lpt1', /reserved name/],
    ['com¹', /reserved name/],
    ['x'.repeat(256), /longer than 255/],
    ['a/'.repeat(1000) + 'x', /longer than 1024/],
  ])('%j', (path, reason) => {
    expect(pathProblem(path)).toMatch(reason);
  });
});

test('no allowed path leaves the folder on any system', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '/',
    '\\',
    'a',
    'C:',
    '~',
    ' ',
    '.git',
    'GIT~1',
    '\0',
    '\u202e',
    'ü',
    '．．',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
        fc.string({ unit: 'binary' }),
      ),
      (path) => {
        if (pathProblem(path) !== null) return;
        expect(join('/root/project', path).startsWith('/root/project/')).toBe(true);
        expect(posix.isAbsolute(path) || win32.isAbsolute(path)).toBe(false);
        expect(win32.join('C:\\project', path).startsWith('C:\\project\\')).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
});

test('paths that some systems take for one have one key', () => {
  expect(pathKey('Src/É.js')).toBe(pathKey('src/e\u0301.JS'));
  expect(pathKey('a')).not.toBe(pathKey('b'));
});
