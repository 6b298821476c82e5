import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageRank } from '../../../src/repository/rank/page-rank.ts';
import { queryOf } from '../../../src/repository/rank/query.ts';
import { rankFiles } from '../../../src/repository/rank/rank.ts';
import { smallProject, type SmallProject } from '../corpus.ts';

const project = {
  'src/shop/cart.ts':
    "import { priceOf } from './price.ts';\n\nexport function totalOf(cart: string[]): number {\n  return cart.reduce((sum, item) => sum + priceOf(item), 0);\n}\n",
  'src/shop/price.ts':
    "import { run } from '../run.ts';\n\nexport function priceOf(item: string): number {\n  return run(item);\n}\n",
  'src/run.ts': 'export function run(item: string): number {\n  return item.length;\n}\n',
  'src/other/run.ts': 'export function run(): void {}\n',
  'src/third/run.ts': 'export function run(): void {}\n',
  'src/mail/send.ts': "export function send(to: string): void {\n  console.log('run', to);\n}\n",
  'tests/cart.test.ts': "import { totalOf } from '../src/shop/cart.ts';\n\ntotalOf([]);\n",
  'docs/mail.md': '# Mail\n\nHow letters are sent to customers.\n',
  'package.json': '{ "name": "shop" }\n',
};

function order({ corpus, graph }: SmallProject, text: string): string[] {
  return rankFiles(corpus, graph, queryOf(text, corpus)).map(
    ({ place }) => corpus.files[place]?.path ?? '',
  );
}

describe('rankFiles', () => {
  it('puts files first that the text names, by path, by end of path or by name', async () => {
    const small = await smallProject(project);
    for (const text of [
      'mend src/mail/send.ts',
      'mend `mail/send.ts`.',
      'in ./src/mail/send.ts, mend it',
      'mend send.ts',
    ])
      expect(order(small, text)[0]).toBe('src/mail/send.ts');
  });

  it('does not take a name that many files have for one of them', async () => {
    const many = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [`${name}/index.ts`, 'export {};\n']),
    );
    const { corpus } = await smallProject(many);
    expect(queryOf('change index.ts', corpus).named.size).toBe(0);
    expect([...queryOf('change c/index.ts', corpus).named]).toEqual([
      corpus.places.get('c/index.ts'),
    ]);
  });

  it('finds what defines a name that the text holds, and what is near to it', async () => {
    const found = order(await smallProject(project), 'totalOf counts each price twice');
    expect(found.slice(0, 4)).toEqual(
      expect.arrayContaining(['src/shop/cart.ts', 'src/shop/price.ts', 'tests/cart.test.ts']),
    );
  });

  it('prefers a direct import to namesakes elsewhere', async () => {
    const found = order(await smallProject(project), 'priceOf gives the wrong number');
    const rank = (path: string): number => (found.includes(path) ? found.indexOf(path) : Infinity);
    expect(rank('src/run.ts')).toBeLessThan(rank('src/other/run.ts'));
    expect(rank('src/run.ts')).toBeLessThan(rank('src/third/run.ts'));
  });

  it('finds documents by their words', async () => {
    expect(order(await smallProject(project), 'letters to customers')[0]).toBe('docs/mail.md');
  });

  it('says what most leads to, where the text names nothing', async () => {
    const found = order(await smallProject(project), '');
    expect(found).toHaveLength(Object.keys(project).length);
    expect(found.indexOf('src/shop/price.ts')).toBeLessThan(found.indexOf('docs/mail.md'));
  });

  it('gives the same order whatever was read first', async () => {
    const turned = Object.fromEntries(Object.entries(project).toReversed());
    const text = 'the price of a cart, and mail';
    expect(order(await smallProject(turned), text)).toEqual(
      order(await smallProject(project), text),
    );
  });

  it('gives nothing for a project of nothing', async () => {
    expect(order(await smallProject({}), 'anything')).toEqual([]);
  });
});

describe('pageRank', () => {
  it('sums to one, is highest where walks begin or lead, and never negative', () => {
    const size = 6;
    const edges = fc.array(
      fc.record({
        from: fc.nat(size - 1),
        to: fc.nat(size - 1),
        weight: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(edges, fc.nat(size - 1), (list, begin) => {
        const sorted = list.toSorted((a, b) => a.from - b.from);
        const starts = new Uint32Array(size + 1);
        for (let from = 0; from <= size; from += 1)
          starts[from] = sorted.filter((edge) => edge.from < from).length;
        const graph = {
          starts,
          targets: Uint32Array.from(sorted.map(({ to }) => to)),
          weights: Float32Array.from(sorted.map(({ weight }) => weight)),
        };
        const beginnings = new Float64Array(size);
        beginnings[begin] = 3;
        const ranks = pageRank(graph, beginnings);
        expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBeCloseTo(1, 6);
        expect(Math.min(...ranks)).toBeGreaterThanOrEqual(0);
        const unreached = [...ranks].some(
          (rank, place) =>
            rank > (ranks[begin] ?? 0) && place !== begin && sorted.every(({ to }) => to !== place),
        );
        expect(unreached).toBe(false);
      }),
    );
  });
});
