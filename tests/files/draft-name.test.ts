import { expect, test } from 'vitest';
import { draftName, draftNames, draftsByPath } from '../../src/files/draft-name.ts';

test.each(['src/a.test.js', '.gitignore', 'conftest.py', 'a', 'notes.draft', 'x.tmp'])(
  '%s comes back from its name among drafts',
  (path) => {
    const name = draftName(path);
    expect(name).not.toBe(path);
    expect([...draftsByPath([name])]).toEqual([[path, name]]);
    expect(draftNames(path)).toContain(name);
  },
);

test('names without the ending are read as they are, and come first', () => {
  expect(draftsByPath(['a.js.draft', 'a.js', 'b.js'])).toEqual(
    new Map([
      ['a.js', 'a.js'],
      ['b.js', 'b.js'],
    ]),
  );
});

test('a file is never taken for the draft of another', () => {
  expect(draftNames('notes.draft')).toEqual(['notes.draft.draft']);
});

test('a name that has no room for the ending stays', () => {
  const path = `src/${'é'.repeat(125)}.js`;
  expect(draftName(path)).toBe(path);
  expect([...draftsByPath([path])]).toEqual([[path, path]]);
});
