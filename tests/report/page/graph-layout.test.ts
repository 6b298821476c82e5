import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutGraph } from '../../../src/report/page/graph-layout.ts';

const size = { width: 100, height: 40, gapX: 20, gapY: 30, perRow: 4, mostPassed: 60 };
const task = (id: string, ...dependsOn: string[]) => ({ id, dependsOn });

/** A graph without circles: each task depends on earlier ones. */
const graphs = fc
  .array(fc.array(fc.nat(40), { maxLength: 5 }), { maxLength: 40 })
  .map((rows) =>
    rows.map((needs, index) =>
      task(`T${index}`, ...needs.filter((need) => need < index).map((need) => `T${need}`)),
    ),
  );

describe('a layout', () => {
  test('has each task below those that it needs, and none over another', () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const { nodes, edges, width, height } = layoutGraph(tasks, size);
        expect(nodes.map(({ id }) => id).sort()).toEqual(tasks.map(({ id }) => id).sort());
        const yOf = new Map(nodes.map(({ id, y }) => [id, y]));
        for (const { id, dependsOn } of tasks)
          for (const need of dependsOn) expect(yOf.get(id)).toBeGreaterThan(yOf.get(need) ?? 0);
        for (const one of nodes) {
          expect(one.x).toBeGreaterThanOrEqual(-0.001);
          expect(one.x + size.width).toBeLessThanOrEqual(width + 0.001);
          expect(one.y + size.height).toBeLessThanOrEqual(height);
          for (const other of nodes)
            if (other.id !== one.id && other.y === one.y)
              expect(Math.abs(other.x - one.x)).toBeGreaterThanOrEqual(
                size.width + size.gapX - 0.001,
              );
        }
        for (const { points } of edges) {
          expect(points.length).toBeGreaterThanOrEqual(2);
          for (const [at, { y }] of points.entries())
            if (at > 0) expect(y).toBeGreaterThan(points[at - 1]?.y ?? 0);
        }
      }),
    );
  });

  test('draws every dependency, or others that say it', () => {
    fc.assert(
      fc.property(graphs, (tasks) => {
        const { edges, implied } = layoutGraph(tasks, size);
        const all = tasks.reduce((sum, { dependsOn }) => sum + new Set(dependsOn).size, 0);
        expect(edges.length + implied).toBe(all);
        const drawn = new Map<string, Set<string>>();
        for (const { id } of tasks) {
          const direct = edges.flatMap(({ from, to }) => (to === id ? [from] : []));
          drawn.set(id, new Set(direct.flatMap((from) => [from, ...(drawn.get(from) ?? [])])));
        }
        for (const { id, dependsOn } of tasks)
          for (const need of dependsOn) expect(drawn.get(id)).toContain(need);
      }),
    );
  });

  test('of a diamond with a short cut leaves the short cut out', () => {
    const tasks = [task('A'), task('B', 'A'), task('C', 'A'), task('D', 'B', 'C', 'A', 'A')];
    const { edges, implied, nodes } = layoutGraph(tasks, size);
    expect(implied).toBe(1);
    expect(edges.map(({ from, to }) => from + to).sort()).toEqual(['AB', 'AC', 'BD', 'CD']);
    const at = (id: string) => nodes.find((node) => node.id === id)?.x ?? NaN;
    expect(at('A')).toBeCloseTo((at('B') + at('C')) / 2);
    expect(at('D')).toBeCloseTo(at('A'));
  });

  test('of nothing, of one task, and of one that names what is not there', () => {
    expect(layoutGraph([], size)).toMatchObject({ nodes: [], edges: [], height: 0 });
    expect(layoutGraph([task('A', 'gone')], size)).toMatchObject({
      nodes: [{ id: 'A', x: 0, y: 0 }],
      edges: [],
      width: 100,
      height: 40,
    });
  });

  test('has no room for lines that pass more rows than are allowed', () => {
    const chain = ['A', 'B', 'C', 'D'].map((id, index, all) =>
      task(id, ...all.slice(0, index).slice(-1)),
    );
    const tasks = [...chain, task('E'), task('F', 'D', 'E')];
    const pointsOf = (mostPassed: number) =>
      layoutGraph(tasks, { ...size, mostPassed }).edges.find(({ from }) => from === 'E')?.points
        .length;
    expect([pointsOf(2), pointsOf(3)]).toEqual([2, 5]);
  });

  test('of many tasks beside each other has rows of a few', () => {
    const { width, nodes } = layoutGraph(
      Array.from({ length: 1_000 }, (_, index) => task(`T${index}`)),
      size,
    );
    expect(width).toBeLessThanOrEqual(4 * (size.width + size.gapX));
    expect(new Set(nodes.map(({ y }) => y)).size).toBe(250);
  });
});
