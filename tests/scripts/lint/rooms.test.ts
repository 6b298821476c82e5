import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../../scripts/lint/plugin.js';
import { mayImport, rooms } from '../../../scripts/lint/rooms.js';
import { temporaryFolder } from '../../state/fixtures.ts';

/** What a rule says of a file of this name. */
function said(rule: string, file: string, code: string, cwd = process.cwd()): string[] {
  const messages = new Linter({ cwd }).verify(
    code,
    {
      files: ['**/*.ts'],
      plugins: { house: plugin },
      languageOptions: { parser: tseslint.parser as Linter.Parser },
      rules: { [rule]: 'error' },
    },
    join(cwd, file),
  );
  return messages.map(({ message }) => message);
}

const every: readonly (readonly [string, string])[] = [
  ['static', `import { x } from '../state/journal.ts';`],
  ['for its effect', `import '../state/journal.ts';`],
  ['of a type', `import type { X } from '../state/journal.ts';`],
  ['re-exported', `export { x } from '../state/journal.ts';`],
  ['re-exported as a type', `export type { X } from '../state/journal.ts';`],
  ['re-exported whole', `export * from '../state/journal.ts';`],
  ['lazy', `const x = await import('../state/journal.ts');`],
  ['lazy, in a template', 'const x = await import(`../state/journal.ts`);'],
  ['as a type alone', `type X = import('../state/journal.ts').X;`],
  ['of CommonJS', `import x = require('../state/journal.ts');`],
  ['by require', `const x = require('../state/journal.ts');`],
];

describe('who may import whom', () => {
  it.each(every)('is seen where the import is %s', (_way, code) => {
    expect(said('house/imports', 'src/cli/a.ts', code)).toEqual([
      'src/cli may not import state/journal: commands are thin: they parse, call one use case and render.',
    ]);
    expect(said('house/imports', 'src/state/a.ts', code)).toEqual([]);
    expect(said('house/imports', 'tests/cli/a.ts', code)).toEqual([]);
  });

  it('is not gone around', () => {
    const of = (code: string): string | undefined =>
      said('house/imports', 'src/domain/a.ts', code)[0];
    expect(of('const x = await import(name);')).toMatch(/literal/);
    expect(of('const x = await import(`../${name}.ts`);')).toMatch(/literal/);
    expect(of('const x = await import(`./${name}/x.ts`);')).toMatch(/literal/);
    // Only the file's name may be, in a folder that is written out: the folder decides.
    expect(of('const x = await import(`../state/${name}.ts`);')).toMatch(/state/);
    expect(of('const x = await import(`./within/${name}.ts`);')).toBeUndefined();
    expect(of(`import { run } from 'blueprint';`)).toMatch(/itself/);
    expect(of(`import { run } from '../../bench/run.ts';`)).toMatch(/nothing outside/);
    expect(of(`import { run } from '../domain/../cli/x.ts';`)).toMatch(/pure and stands alone/);
    expect(of(`import { z } from 'zod';`)).toBeUndefined();
  });

  it('has a line for every folder and file below src/, and none for others', async () => {
    const below = (await readdir('src')).map((name) => name.replace(/\.ts$/, ''));
    const named = Object.keys(rooms);
    expect(named.sort()).toEqual([...new Set(below)].sort());
    expect(said('house/imports', 'src/attic/a.ts', '')).toEqual([
      'Name the room «attic» in scripts/lint/rooms.js.',
    ]);
  });

  it('allows nothing that is not there', async () => {
    const modules = (await readdir('src', { recursive: true })).map((name) =>
      name.replaceAll('\\', '/').replace(/\.ts$/, ''),
    );
    for (const [room, { may = [], notFrom = [] }] of Object.entries(rooms))
      for (const entry of [...may, ...notFrom])
        expect(modules, `${room}: ${entry}`).toContain(entry.replace(/\/$/, ''));
  });

  it('has no circle among the rooms, and lets nothing import a front door', async () => {
    const modules = (await readdir('src', { recursive: true }))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.replaceAll('\\', '/').replace(/\.ts$/, ''));
    const below = (room: string): Set<string> =>
      new Set(
        modules
          .filter((module) => module.split('/')[0] !== room && mayImport(room, module))
          .map((module) => module.split('/')[0] ?? ''),
      );
    const names = Object.keys(rooms);
    const left = new Map(names.map((name) => [name, below(name)]));
    // Of what it names it knows types alone until somebody asks for it.
    left.set('extensions', new Set());
    // Rooms that need nothing that is left go, until none does.
    for (let before = -1; before !== left.size;) {
      before = left.size;
      for (const [name, needs] of left)
        if ([...needs].every((other) => !left.has(other))) left.delete(name);
    }
    expect([...left.keys()]).toEqual([]);
    for (const door of ['library', 'main'])
      expect(names.filter((name) => below(name).has(door))).toEqual([]);
    expect(names.filter((name) => below(name).has('cli'))).toEqual(['main']);
  });
});

it('the registry of extensions loads nothing before it is asked for', async () => {
  const text = await readFile('src/extensions.ts', 'utf8');
  const eager = text.match(/^(?:import(?! type)|export(?! type) .* from) .*$/gm);
  expect(eager).toBeNull();
});

describe('a circle of imports', () => {
  const projectOf = async (files: Record<string, string>): Promise<string> => {
    const root = await temporaryFolder();
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return root;
  };

  it.each(every)('is seen where an import is %s', async (_way, code) => {
    const root = await projectOf({
      'src/state/journal.ts': `import '../cli/b.ts';`,
      'src/cli/a.ts': code,
      'src/cli/b.ts': `export type { A } from './a.ts';`,
    });
    expect(said('house/cycles', 'src/cli/a.ts', code, root)).toEqual([
      'No module of a circle can be read by itself: src/cli/a.ts → src/state/journal.ts → src/cli/b.ts → src/cli/a.ts.',
    ]);
  });

  it('is none where two ways lead to the same module', async () => {
    const b = `import '../d.ts';`;
    const code = `import './c/b.ts'; import './d.ts';`;
    const root = await projectOf({ 'src/a.ts': code, 'src/c/b.ts': b, 'src/d.ts': '' });
    expect(said('house/cycles', 'src/a.ts', code, root)).toEqual([]);
  });
});

it.each([
  ['openai', 'src/models/providers/openai-request.ts', []],
  ['openai/resources', 'src/models/providers/google.ts', ['openai']],
  ['@anthropic-ai/sdk', 'src/models/providers/cli/anthropic.ts', ['@anthropic-ai/sdk']],
  ['lowdb/node', 'src/state/lowdb-store.ts', []],
  ['lowdb', 'src/state/journal.ts', ['lowdb']],
  ['zod', 'src/state/journal.ts', []],
  ['lowdb', 'tests/state/journal.ts', []],
])('a package of a vendor is used in its adapter alone: %s in %s', (source, file, refused) => {
  for (const code of [`import { x } from '${source}';`, `const x = await import('${source}');`])
    expect(said('house/vendors', file, code)).toEqual(
      refused.map((name) => expect.stringContaining(`Only the adapter of ${name} uses it`)),
    );
});

it.each([
  ['const x = { ...{ a, b }, c };', 1],
  ['call({ d, ...{ a } });', 1],
  [`const x = [...['x'], y];`, 1],
  [`call(...['x'], y);`, 1],
  ['const x = { ...(ok && { a }), ...rest };', 0],
  ['const x = [...(ok ? [a] : []), ...rest];', 0],
])('a spread of a literal in %s is found %s times', (code, times) => {
  expect(said('house/spread-literal', 'a.ts', code)).toHaveLength(times);
});
