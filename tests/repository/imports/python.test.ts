import { expect, test } from 'vitest';
import { resolving } from './resolving.ts';

const files = [
  'setup.py',
  'src/shop/__init__.py',
  'src/shop/clock.py',
  'src/shop/store/__init__.py',
  'src/shop/store/rows.py',
  'src/shop/loose/part.py',
  'tools/run.py',
  'tools/helper.py',
  'services/mail/mail/__init__.py',
  'services/mail/mail/send.py',
  'tests/test_rows.py',
];

test('absolute modules from the source roots', async () => {
  const asked = await resolving('python', files, [
    { folder: 'services/mail', ecosystem: 'python', sourceRoots: ['services/mail'] },
  ]);
  const from = 'tests/test_rows.py';
  expect(asked(from, 'shop')).toEqual(['src/shop/__init__.py']);
  expect(asked(from, 'shop.clock')).toEqual(['src/shop/clock.py']);
  expect(asked(from, 'shop.store.rows', 'Row')).toEqual(['src/shop/store/rows.py']);
  expect(asked(from, 'shop.store', 'rows')).toEqual(['src/shop/store/rows.py']);
  expect(asked(from, 'shop.store', 'rows', 'Store')).toEqual([
    'src/shop/store/__init__.py',
    'src/shop/store/rows.py',
  ]);
  expect(asked(from, 'shop.loose', 'part')).toEqual(['src/shop/loose/part.py']);
  expect(asked(from, 'mail.send', 'send')).toEqual(['services/mail/mail/send.py']);
  expect(asked(from, 'os.path')).toEqual([]);
  expect(asked('tools/run.py', 'helper')).toEqual(['tools/helper.py']);
});

test('relative modules by their dots', async () => {
  const asked = await resolving('python', files);
  expect(asked('src/shop/store/rows.py', '..', 'clock')).toEqual(['src/shop/clock.py']);
  expect(asked('src/shop/store/rows.py', '..clock', 'now')).toEqual(['src/shop/clock.py']);
  expect(asked('src/shop/store/rows.py', '.')).toEqual(['src/shop/store/__init__.py']);
  expect(asked('src/shop/clock.py', '.store.rows')).toEqual(['src/shop/store/rows.py']);
  expect(asked('src/shop/clock.py', '.....far', 'x')).toEqual([]);
});
