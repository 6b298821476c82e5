import { expect, it } from 'vitest';
import {
  answerText,
  bundleOver,
  deliverableSchema,
  deliveredFiles,
  noFiles,
  type Answer,
} from '../../src/domain/deliverable.ts';

const answer: Answer = {
  kind: 'answer',
  text: 'It is 42.\n',
  citations: [
    { path: 'src/a.js', firstLine: 3, lastLine: 3 },
    { path: 'docs/b.md', firstLine: 1, lastLine: 9 },
  ],
  computation: { code: 'print(6 * 7)\n', output: '42\n' },
};

it('files are delivered whole, with what is deleted', () => {
  const bundle = {
    ...bundleOver(
      noFiles,
      new Map<string, string | null>([
        ['a.js', 'x\n'],
        ['b.js', null],
      ]),
    ),
    tests: ['a.test.js'],
  };
  expect([...deliveredFiles({ kind: 'files', bundle })]).toEqual([
    ['a.js', 'x\n'],
    ['b.js', null],
  ]);
  const merged = bundleOver({ kind: 'files', bundle }, new Map([['a.js', 'y\n']]));
  expect(merged).toMatchObject({
    files: [{ path: 'a.js', content: 'y\n' }],
    deletions: [],
    tests: ['a.test.js'],
  });
});

it('an answer has no files, and is read with what it rests on', () => {
  expect(deliverableSchema.parse(answer)).toEqual(answer);
  expect(deliveredFiles(answer).size).toBe(0);
  expect(answerText(answer)).toBe(
    'It is 42.\n\nComputed by:\n\nprint(6 * 7)\n\nwhich printed:\n\n42\n\nSources: src/a.js:3, docs/b.md:1-9\n',
  );
  expect(answerText({ ...answer, citations: [], computation: null })).toBe('It is 42.\n');
});
