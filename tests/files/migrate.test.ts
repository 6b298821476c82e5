import { expect, test } from 'vitest';
import { currentVersion, migrated, type Versions } from '../../src/files/migrate.ts';

const versions: Versions = {
  key: 'version',
  migrations: [({ name, ...rest }) => ({ ...rest, title: name }), (old) => ({ ...old, tags: [] })],
};

test('every earlier version becomes the current one, step by step', () => {
  expect(currentVersion(versions)).toBe(3);
  const current = { version: 3, title: 'A', tags: [] };
  expect(migrated({ version: 1, name: 'A' }, versions)).toEqual({ value: current });
  expect(migrated({ version: 2, title: 'A' }, versions)).toEqual({ value: current });
});

test('what is current is the very same value', () => {
  const value = { version: 3, title: 'A', tags: [] };
  const now = migrated(value, versions);
  expect('value' in now && now.value).toBe(value);
});

test('a newer version is named and not touched', () => {
  expect(migrated({ version: 4 }, versions)).toEqual({ newer: 4 });
});

test.each([[null], [[]], ['text'], [{}], [{ version: '1' }], [{ version: 0 }], [{ version: 1.5 }]])(
  '%j names no version: its schema judges it',
  (value) => {
    const now = migrated(value, versions);
    expect('value' in now && now.value).toBe(value);
  },
);
