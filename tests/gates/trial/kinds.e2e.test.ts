import { describe, expect, test } from 'vitest';
import { hostPrograms } from '../../helpers/sandboxes.ts';
import { packagesFor } from '../own-packages.ts';
import { kinds } from './kinds.ts';
import { outcomes, tried } from './tried.ts';

const there = new Set<string>();
for (const { program } of Object.values(kinds))
  if ((await hostPrograms.find(program)) !== null) there.add(program);

for (const [name, { program, project, bare, tests, missing }] of Object.entries(kinds))
  describe.skipIf(!there.has(program))(`${name} (needs ${program})`, () => {
    test('each file comes out as what it is, all of them in one trial', async () => {
      const { right, broken, absent, silent, writes, network, foreign } = tests;
      const all = [right, broken, absent, silent, writes, network, foreign];
      const files = await tried(Object.fromEntries(all), project, {
        gate: { host: packagesFor(project) },
      });
      const found = all.map(([path]) => [path, files[path]?.problem?.kind ?? 'ran']);
      expect(found).toEqual([
        [right[0], 'ran'],
        [broken[0], 'syntax'],
        [absent[0], 'not_loaded'],
        [silent[0], 'silent'],
        [writes[0], 'writes'],
        [network[0], 'ran'],
        [foreign[0], 'no_runner'],
      ]);
      const [failed, passed] = [...(files[right[0]]?.tests ?? [])].sort((a, b) =>
        a.outcome < b.outcome ? -1 : 1,
      );
      expect(failed).toMatchObject({ outcome: 'failed', file: right[0], differs: false });
      expect(failed?.name).toMatch(/1[._]1/);
      expect(failed?.text).not.toBe('');
      expect(passed).toMatchObject({ outcome: 'passed', text: '' });
      expect(files[absent[0]]?.problem?.text).toMatch(missing);
      expect(files[writes[0]]?.problem?.text).toContain('left.txt');
      expect(Object.values(outcomes(files[network[0]]))).toEqual(['failed']);
      expect(files[foreign[0]]?.problem?.text).toContain(foreign[0]);
    });

    test('a project without any test is known by the file itself', async () => {
      const [path, text] = tests.right;
      const files = await tried({ [path]: text }, bare, { gate: { host: packagesFor(bare) } });
      expect(files[path]?.problem).toBeNull();
      expect(Object.values(outcomes(files[path])).sort()).toEqual(['failed', 'passed']);
    });
  });

// Each takes its whole time limit, twice, and does nothing meanwhile.
const waitedFor: ReadonlySet<string> = new Set(['npm test: node --test', 'pytest']);

for (const [name, { program, project, tests }] of Object.entries(kinds).filter(([name]) =>
  waitedFor.has(name),
))
  test
    .skipIf(!there.has(program))
    .concurrent(
      `${name} (needs ${program}): one that comes to no end keeps no other from being told`,
      async () => {
        const { right, endless } = tests;
        const files = await tried(Object.fromEntries([right, endless]), project, {
          gate: { timeoutMs: 9_000 },
        });
        expect(files[endless[0]]?.problem?.kind).toBe('endless');
        expect(files[right[0]]?.problem).toBeNull();
        expect(Object.values(outcomes(files[right[0]])).sort()).toEqual(['failed', 'passed']);
      },
    );
