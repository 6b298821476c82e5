import { describe, expect, test } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { Verdict } from '../../src/gates/verdict.ts';
import { pathsGate, type PathsGateOptions } from '../../src/gates/paths.ts';
import { gateInput, running } from './inputs.ts';

function check(
  files: Readonly<Record<string, string | null>>,
  options: PathsGateOptions = {},
  base: Readonly<Record<string, string>> = {},
): Promise<Verdict> {
  return pathsGate(options).check(gateInput(files, base), running);
}

test('plain paths pass', async () => {
  expect(
    await check({ 'src/a.js': '', 'ünï/日本.md': '', 'src/features/x.js': '', old: null }),
  ).toEqual({
    status: 'passed',
    summary: '4 paths checked',
    findings: [],
  });
  expect(await check({})).toMatchObject({ status: 'skipped' });
});

describe('unsafe spelling blocks, for files, edits, deletions and tests', () => {
  test.each([
    '../x',
    'a/../../x',
    '/etc/passwd',
    'C:/x',
    'c:x',
    'C:\\x',
    '\\\\host\\share\\x',
    '//host/share/x',
    'a\0b',
    '.git/config',
    '.GIT/hooks/x',
    'a/.gIt/x',
    '.ｇｉｔ/config',
    'GIT~1/config',
    '.git /x',
    '.g\u200cit/config',
    '~/x',
    '~root/x',
    './x',
    'a//b',
    'a/',
    '',
    '.',
    '..',
    'NUL',
    'a/com1.txt',
    'a.',
    'a\u202ecod.exe',
    'a\nb',
    '\ud800',
    'a/'.repeat(1000) + 'x',
    'x'.repeat(256),
  ])('%j', async (path) => {
    const edits = [{ path, search: 'a', replace: 'b' }];
    const inputs = [
      gateInput({ [path]: '' }),
      gateInput({ [path]: null }),
      gateInput({}, {}, { edits }),
      gateInput({ ok: '' }, {}, { tests: [path] }),
    ];
    for (const input of inputs) {
      const read: string[] = [];
      const base = (name: string): Promise<null> => {
        read.push(name);
        return Promise.resolve(null);
      };
      const result = await pathsGate().check({ ...input, base }, running);
      expect(result).toMatchObject({
        status: 'failed',
        findings: [{ category: 'security', severity: 'blocker' }],
      });
      expect(read).not.toContain(path);
      expect(JSON.stringify(result)).not.toMatch(/\\u0000|\u202e|\u200c/);
    }
  });
});

describe('places that are not a task’s to write', () => {
  test.each([
    ['features/x/tasks.json', {}],
    ['Features/x', {}],
    ['features', {}],
    ['ﬀeatures/../x'.replace('/..', ''), { forbidden: ['ffeatures'] }],
    ['work/plans/x', { forbidden: ['work/plans/'] }],
    ['node_modules/x/index.js', {}],
    ['packages/a/Node_Modules/x.js', {}],
    ['blueprint.config.ts', {}],
    ['sub/Blueprint.Config.json', {}],
    ['.blueprint/cache', {}],
  ])('%s', async (path, options) => {
    expect(await check({ [path]: '' }, options)).toMatchObject({
      status: 'failed',
      findings: [{ category: 'security', severity: 'blocker', location: path }],
    });
    expect(await check({ [path]: null }, options)).toMatchObject({ status: 'failed' });
  });
});

describe('collisions', () => {
  test('within the bundle: case, normalisation, file and folder', async () => {
    expect(await check({ 'src/A.js': '', 'src/a.js': '' })).toMatchObject({
      status: 'failed',
      findings: [{ evidence: expect.stringContaining('one file on systems') as string }],
    });
    expect(await check({ 'e\u0301': '', '\u00e9': '' })).toMatchObject({ status: 'failed' });
    expect(await check({ 'src/a': '', 'src/a/b.js': '' })).toMatchObject({
      status: 'failed',
      findings: [
        {
          location: 'src/a/b.js',
          evidence: expect.stringContaining('file and a folder') as string,
        },
      ],
    });
    expect(await check({ 'SRC/a': '', 'src/a/b.js': '' })).toMatchObject({ status: 'failed' });
  });

  test('with a file of the base that would have to be a folder', async () => {
    expect(await check({ 'a/b/c.js': '' }, {}, { 'a/b': 'x' })).toMatchObject({ status: 'failed' });
    expect(await check({ 'a/b/c.js': '', 'a/b': null }, {}, { 'a/b': 'x' })).toMatchObject({
      status: 'passed',
    });
  });

  test('with names in the project’s folders', async () => {
    const folders: Record<string, string[]> = {
      '': ['README.md', 'src/', 'lib', 'old/'],
      old: ['in/', 'b.ts'],
      'old/in': ['a.ts'],
      src: ['App.ts', 'both', 'Both'],
    };
    const entries = (folder: string): Promise<string[]> => Promise.resolve(folders[folder] ?? []);
    expect(await check({ 'Readme.md': '' }, { entries })).toMatchObject({
      status: 'failed',
      findings: [{ evidence: expect.stringContaining('Readme.md and README.md') as string }],
    });
    expect(await check({ 'Src/new.ts': '' }, { entries })).toMatchObject({ status: 'failed' });
    expect(await check({ src: '' }, { entries })).toMatchObject({ status: 'failed' });
    expect(await check({ 'src/app.ts': '', 'src/App.ts': null }, { entries })).toMatchObject({
      // A rename by case alone: what goes is written before what comes.
      status: 'passed',
    });
    const moved = { 'Old/in/a.ts': '', 'old/in/a.ts': null };
    expect(await check(moved, { entries })).toMatchObject({ status: 'failed' });
    expect(await check({ ...moved, 'old/b.ts': null }, { entries })).toMatchObject({
      status: 'passed',
    });
    expect(
      await check(
        { 'README.md': '', 'src/App.ts': '', 'src/both': '', 'src/new.ts': '' },
        { entries },
      ),
    ).toMatchObject({ status: 'passed' });
  });
});

test('2,000 files in 64 folders each are judged', async () => {
  const deep = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`${'d/'.repeat(62)}${index}/f`, '']),
  );
  expect(await check(deep)).toMatchObject({ status: 'passed' });
  expect(await check({ [`${'d/'.repeat(64)}f`]: '' })).toMatchObject({
    status: 'failed',
    findings: [{ evidence: expect.stringContaining('64 folders deep') as string }],
  });
});

describe('size', () => {
  test('too many files', async () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`f${index}`, '']));
    expect(await check(many)).toMatchObject({
      status: 'failed',
      findings: [{ evidence: expect.stringContaining('2001 files') as string }],
    });
  });

  test('a content of 100 MB', async () => {
    expect(await check({ a: 'x'.repeat(100_000_000) })).toMatchObject({
      status: 'failed',
      findings: [{ evidence: expect.stringContaining('100000000 bytes') as string }],
    });
  });

  test('the findings shown are bounded, their number is not hidden', async () => {
    const bad = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`../${index}`, '']));
    const result = await check(bad);
    expect(result.findings).toHaveLength(50);
    expect(result.summary).toMatch(/^300 of 300 paths/);
  });
});

test('an interrupt ends it', async () => {
  await expect(pathsGate().check(gateInput({ a: '' }), AbortSignal.abort())).rejects.toThrow(
    InterruptedError,
  );
});
