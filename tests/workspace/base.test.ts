import { expect, test } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import { absent } from '../../src/files/safe-file.ts';
import { createBase } from '../../src/workspace/base.ts';

const { signal } = new AbortController();

test('a path that may not be read is none of the project’s, whoever asked for it before', async () => {
  const refused = new BlueprintError({ code: 'path-unsafe', message: 'No.', target: '', fix: '' });
  const copied: ReadonlyMap<string, string | null>[] = [];
  const base = createBase({
    load: (path) => {
      if (path.startsWith('..')) return Promise.reject(refused);
      return Promise.resolve(path === 'a.js' ? { hash: 'x', content: 'a' } : absent);
    },
    list: () => Promise.resolve(['a.js', 'gone.js']),
    copyTo: async (_folder, _signal, read) => void copied.push(read),
    checkedOut: () => Promise.resolve(new Map()),
  });
  await expect(base.read('../a.js')).rejects.toBe(refused);
  expect(await base.read('a.js')).toBe('a');
  expect(await base.read('gone.js')).toBeNull();
  const { files, read } = await base.look(signal);
  expect([...files]).toEqual(['a.js']);
  expect(await read('../a.js')).toBeNull();
  await base.copyTo('/copy', signal);
  expect(copied).toEqual([
    new Map([
      ['a.js', 'a'],
      ['gone.js', null],
    ]),
  ]);
});
