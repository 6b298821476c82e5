import { describe, expect, it } from 'vitest';
import type { RelatedFile } from '../../src/repository/project.ts';
import { queryOf } from '../../src/repository/rank/query.ts';
import { rankFiles } from '../../src/repository/rank/rank.ts';
import { rowOf } from '../../src/repository/rank/rows.ts';
import { relatedFiles } from '../../src/repository/related.ts';
import { smallProject } from './corpus.ts';

const texts = {
  'src/cart.ts':
    "import { priceOf } from './price.ts';\n\nexport const total = () => priceOf('a');\n",
  'src/price.ts': 'export function priceOf(item: string): number {\n  return item.length;\n}\n',
  'src/shop.ts': "import { total } from './cart.ts';\n\nexport const open = () => total();\n",
  'tests/cart.test.ts': "import { total } from '../src/cart.ts';\n\ntotal();\n",
  'src/mail.ts': 'export function send(letter: string): void {}\n',
  'docs/notes.md': '# Notes\n\nNothing of interest.\n',
};

async function related(
  named: readonly string[],
  text: string,
  more: { imports?: Record<string, string[]>; produced?: string[] } = {},
): Promise<RelatedFile[]> {
  const { corpus, links, graph } = await smallProject(texts);
  const file = (path: string) => ({
    path,
    imports:
      more.imports?.[path] ??
      [...rowOf(links.imports, corpus.places.get(path) ?? corpus.files.length)].map(
        (place) => corpus.files[place]?.path ?? '',
      ),
  });
  return relatedFiles(corpus, links, {
    named: named.map(file),
    produced: (more.produced ?? []).map(file),
    ranked: rankFiles(corpus, graph, queryOf(text, corpus)),
    shared: new Map([[corpus.places.get('src/mail.ts') ?? -1, ['letter', 'send']]]),
  });
}

describe('relatedFiles', () => {
  it('gives imports, tests and callers of what is named, then what fits by rank', async () => {
    expect(await related(['src/cart.ts'], 'send a letter')).toEqual([
      { path: 'src/price.ts', relation: 'import', reason: 'imported by src/cart.ts' },
      { path: 'tests/cart.test.ts', relation: 'test', reason: 'tests src/cart.ts' },
      { path: 'src/shop.ts', relation: 'caller', reason: 'uses src/cart.ts' },
      { path: 'src/mail.ts', relation: 'rank', reason: 'shares letter, send' },
    ]);
  });

  it('gives none twice, and none that is named or was made before', async () => {
    const found = await related(['src/cart.ts', 'src/shop.ts'], 'cart price shop', {
      produced: ['src/price.ts'],
    });
    const paths = found.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of ['src/cart.ts', 'src/shop.ts', 'src/price.ts'])
      expect(paths).not.toContain(path);
  });

  it('knows what a file imports that is not in the project yet', async () => {
    const [first] = await related(['src/new.ts'], '', {
      imports: { 'src/new.ts': ['src/mail.ts'] },
    });
    expect(first).toEqual({
      path: 'src/mail.ts',
      relation: 'import',
      reason: 'imported by src/new.ts',
    });
  });

  it('gives what was imported by files that were made before', async () => {
    const [first] = await related([], '', { produced: ['src/cart.ts'] });
    expect(first).toMatchObject({ path: 'src/price.ts', reason: 'imported by src/cart.ts' });
  });
});
