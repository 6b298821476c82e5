import { expect, test } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import { generateBundle, type BundleOptions } from '../../src/models/generate-bundle.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { request } from './requests.ts';

const whole = (path: string, text: string): string => `FILE: ${path}\n\`\`\`\`\n${text}\`\`\`\`\n`;
const edit = (path: string, search: string, replace: string): string =>
  `EDIT: ${path}\n\`\`\`\`\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n\`\`\`\`\n`;
const large = 'A line that stands here so often that nobody could be shown it.\n'.repeat(3_000);
const files: Readonly<Record<string, string>> = {
  'a.py': 'KEPT = 1\nOLD = 2\n',
  'large.py': large,
};

/** What the replies change, what the author then knows, and the faults that it was shown. */
async function asked(replies: readonly string[], options: BundleOptions = {}) {
  const known = new Set<string>();
  const [first = '', ...second] = replies;
  const model = fakeModel({ execute: [first], 'execute:repair': second });
  const base = async (path: string): Promise<string | null> => {
    if (path === 'logo.png')
      throw new BlueprintError({
        code: 'file-not-text',
        message: 'logo.png is there and is binary',
      });
    return files[path] ?? null;
  };
  const candidate = await generateBundle(model, request(), base, 'fenced', { known, ...options });
  const told = model.requests[1]?.parts.at(-1)?.text ?? '';
  return { changes: candidate.changes, known: [...known], told };
}

test('a file that was not shown is not replaced in silence: what it holds is sent back', async () => {
  const { changes, known, told } = await asked([
    whole('a.py', 'NEW = 3\n'),
    whole('a.py', 'KEPT = 1\nNEW = 3\n'),
  ]);
  expect(told).toContain('a.py is there already, and you were not shown it');
  expect(told).toContain('KEPT = 1\nOLD = 2\n');
  expect(changes).toEqual(new Map([['a.py', 'KEPT = 1\nNEW = 3\n']]));
  expect(known).toEqual(['a.py']);
});

test('the very same text again leaves it unknown: a person will decide', async () => {
  const { changes, known } = await asked([whole('a.py', 'NEW = 3\n'), whole('a.py', 'NEW = 3\n')]);
  expect(changes).toEqual(new Map([['a.py', 'NEW = 3\n']]));
  expect(known).toEqual([]);
});

test('edits in place of it are taken', async () => {
  const { changes, known } = await asked([
    whole('a.py', 'NEW = 3\n'),
    edit('a.py', 'OLD = 2', 'NEW = 3'),
  ]);
  expect(changes).toEqual(new Map([['a.py', 'KEPT = 1\nNEW = 3\n']]));
  expect(known).toEqual(['a.py']);
});

test('an edit of a file that was not shown names what it replaces', async () => {
  const { known, told } = await asked([edit('a.py', 'OLD = 2', 'NEW = 3')]);
  expect(told).toBe('');
  expect(known).toEqual(['a.py']);
});

test('a file too large to be shown stays unknown, whatever comes', async () => {
  const { known, told } = await asked([whole('large.py', 'x\n'), whole('large.py', 'y\n')]);
  expect(told).toContain('too large to be shown');
  expect(told).not.toContain('so often');
  expect(known).toEqual([]);
});

test('another fault of the same reply does not hide it', async () => {
  const replies = [`${whole('a.py', 'x\n')}${edit('b.py', 'none', 'some')}`, whole('a.py', 'x\n')];
  const { known, told } = await asked(replies);
  expect(told).toContain('a.py is there already');
  expect(told).toContain('b.py');
  expect(known).toEqual([]);
});

test.each<[string, string[], BundleOptions]>([
  ['is new', [whole('new.py', 'x\n')], {}],
  ['the author knows', [whole('a.py', 'x\n')], { known: new Set(['a.py']) }],
  ['the prompt shows beside', [whole('a.py', 'x\n')], { alsoShown: new Set(['a.py']) }],
])('a file that %s is taken at once', async (_, replies, options) => {
  expect((await asked(replies, options)).told).toBe('');
});

test('a file that is no text can be deleted, and not replaced', async () => {
  const { changes } = await asked(['DELETE: logo.png\n']);
  expect(changes).toEqual(new Map([['logo.png', null]]));
  const text = whole('logo.png', 'x\n');
  await expect(asked([text, text])).rejects.toMatchObject({
    message: expect.stringContaining('logo.png is there and is binary'),
  });
});
