import { expect, test } from 'vitest';
import { autorunLines, confirmed, withPermission } from '../../src/cli/allow-autoruns.ts';
import { AutorunNotAllowed, type Autorun } from '../../src/domain/autorun.ts';

const hook: Autorun = {
  path: '.husky/pre-commit',
  kind: 'hook',
  says: 'git runs it',
  sha256: 'abc',
  permittedBy: null,
};

/** Does it once exactly this is permitted. */
const guarded = async (permitted: readonly Autorun[]): Promise<string> => {
  if (permitted.length === 0)
    throw new AutorunNotAllowed([hook], { look: 'look', command: 'blueprint approve f T1' });
  return permitted.map(({ path, sha256 }) => `${path} ${sha256}`).join();
};

test('a yes is for what was listed', async () => {
  const said: string[] = [];
  const answers = { confirm: async (_message: string, preset: boolean) => !preset };
  const done = await withPermission(guarded, (found) =>
    confirmed(found, (line) => said.push(line), answers),
  );
  expect(done).toBe('.husky/pre-commit abc');
  expect(said).toEqual([
    'What runs by itself:',
    '  ! .husky/pre-commit: git runs it (nobody asked for it)',
  ]);
});

test.each([
  ['a no', async () => false],
  ['nobody to ask', null],
])('%s is a refusal that names the way', async (_name, ask) => {
  await expect(withPermission(guarded, ask)).rejects.toMatchObject({
    code: 'autorun-not-allowed',
    exitCode: 3,
    target: '.husky/pre-commit',
    fix: 'Look at it: look. If you want it: blueprint approve f T1 --allow-autorun .husky/pre-commit',
  });
});

test('hidden characters of names are shown, and a long list is cut', () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ ...hook, path: `a\u202e${index}` }));
  const lines = autorunLines(many);
  expect(lines).toHaveLength(32);
  expect(lines[1]).toContain('a\\u{202e}0: git runs it');
  expect(lines.at(-1)).toBe('  … and 10 more');
});
