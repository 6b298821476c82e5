import { topologicalOrder } from '../../domain/graph.ts';
import type { Task as WholeTask } from '../../domain/task.ts';

type Task = Pick<WholeTask, 'id' | 'dependsOn'>;

/** Measures of a drawing, px. */
export interface NodeSize {
  readonly width: number;
  readonly height: number;
  readonly gapX: number;
  readonly gapY: number;
  /** Tasks beside each other at most: further ones stand in a row of their own. */
  readonly perRow: number;
  /** An edge that passes more rows than this takes no room in them: it is drawn behind what stands there. */
  readonly mostPassed: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface GraphLayout {
  readonly width: number;
  readonly height: number;
  /** Left upper corners. */
  readonly nodes: readonly (Point & { readonly id: string })[];
  /** From the lower edge of a task, between others, to the upper edge of one that needs it. */
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly points: readonly Point[];
  }[];
  /** How many dependencies are not drawn, as they follow from others. */
  readonly implied: number;
}

/** A task, or a place where an edge passes a row. */
interface Cell {
  readonly id: string | null;
  readonly width: number;
  readonly above: Cell[];
  readonly below: Cell[];
  row: number;
  /** Of its middle. */
  x: number;
}

const sweeps = 4;

/**
 * Rows from what depends on nothing downwards, as Sugiyama et al. (1981) have it: each task below all it
 * needs, edges that pass a row have a place in it, the order within rows is by the middle of the neighbours.
 */
export function layoutGraph(tasks: readonly Task[], size: NodeSize): GraphLayout {
  const order = topologicalOrder(tasks);
  const { edges, implied } = necessaryEdges(order);
  const cells = new Map<string, Cell>(
    order.map(({ id }) => [id, { id, width: size.width, above: [], below: [], row: 0, x: 0 }]),
  );
  const rows = rowsOf(order, edges, cells, size.perRow);
  const chains = edges.map(({ from, to }) => ({
    from,
    to,
    chain: connect(cells, from, to, rows, size.mostPassed),
  }));
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) arrange(row, down, size.gapX);
  }
  for (const row of rows) arrange(row, true, size.gapX);
  const all = rows.flat();
  const left = all.reduce((least, { x, width }) => Math.min(least, x - width / 2), Infinity);
  const right = all.reduce((most, { x, width }) => Math.max(most, x + width / 2), -Infinity);
  const step = size.height + size.gapY;
  return {
    width: Math.max(0, Math.ceil(right - left)),
    height: Math.max(0, rows.length * step - size.gapY),
    nodes: order.flatMap(({ id }) => {
      const cell = cells.get(id);
      return cell ? [{ id, x: cell.x - left - size.width / 2, y: cell.row * step }] : [];
    }),
    edges: chains.map(({ from, to, chain }) => ({
      from,
      to,
      points: chain.map((cell, index) => {
        const middle = cell.row * step + size.height / 2;
        const end = index === 0 ? 1 : index === chain.length - 1 ? -1 : 0;
        return { x: cell.x - left, y: middle + (end * size.height) / 2 };
      }),
    })),
    implied,
  };
}

/** Dependencies without those that follow from others: T3 after T1 says nothing where T3 is after T2, T2 after T1. */
function necessaryEdges(order: readonly Task[]) {
  const index = new Map(order.map(({ id }, at) => [id, at]));
  const words = Math.ceil(order.length / 32);
  const before: Uint32Array[] = [];
  const edges: { from: string; to: string }[] = [];
  let implied = 0;
  const has = (set: Uint32Array | undefined, at: number): boolean =>
    ((set?.[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
  for (const [at, { id, dependsOn }] of order.entries()) {
    const own = new Uint32Array(words);
    before[at] = own;
    // The nearest first: what they stand on themselves is then known.
    const needed = [...new Set(dependsOn)]
      .flatMap((name) => index.get(name) ?? [])
      .sort((a, b) => b - a);
    for (const one of needed) {
      if (has(own, one)) {
        implied++;
        continue;
      }
      edges.push({ from: order[one]?.id ?? '', to: id });
      before[one]?.forEach((bits, word) => (own[word] = (own[word] ?? 0) | bits));
      own[one >>> 5] = (own[one >>> 5] ?? 0) | (1 << (one & 31));
    }
  }
  return { edges, implied };
}

/** Sets each task's row: below all it needs, as far up as there is room. */
function rowsOf(
  order: readonly Task[],
  edges: readonly { from: string; to: string }[],
  cells: ReadonlyMap<string, Cell>,
  perRow: number,
): Cell[][] {
  const needs = new Map<string, Cell[]>();
  for (const { from, to } of edges) {
    const cell = cells.get(from);
    if (cell !== undefined) needs.set(to, [...(needs.get(to) ?? []), cell]);
  }
  const rows: Cell[][] = [];
  for (const { id } of order) {
    const cell = cells.get(id);
    if (cell === undefined) continue;
    let row = Math.max(0, ...(needs.get(id) ?? []).map((one) => one.row + 1));
    while ((rows[row]?.length ?? 0) >= perRow) row++;
    cell.row = row;
    (rows[row] ??= []).push(cell);
  }
  return rows;
}

/** Ties two tasks by a place in each row between them. */
function connect(
  cells: ReadonlyMap<string, Cell>,
  from: string,
  to: string,
  rows: Cell[][],
  mostPassed: number,
): Cell[] {
  const [start, end] = [cells.get(from), cells.get(to)];
  if (start === undefined || end === undefined) return [];
  const chain: Cell[] = [start];
  const straight = end.row - start.row - 1 > mostPassed;
  for (let row = start.row + 1; row < end.row && !straight; row++) {
    const cell: Cell = { id: null, width: 8, above: [], below: [], row, x: 0 };
    rows[row]?.push(cell);
    chain.push(cell);
  }
  chain.push(end);
  for (const [at, cell] of chain.entries()) {
    const next = chain[at + 1];
    if (next === undefined) break;
    cell.below.push(next);
    next.above.push(cell);
  }
  return chain;
}

/** Orders a row by where the neighbours are, and puts each as near to their middle as the others let it. */
function arrange(row: Cell[], down: boolean, gap: number): void {
  const wanted = new Map<Cell, number>();
  for (const cell of row) {
    const near = down ? cell.above : cell.below;
    const mean = near.reduce((sum, { x }) => sum + x, 0) / near.length;
    wanted.set(cell, near.length === 0 ? cell.x : mean);
  }
  row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
  let offset = 0;
  const offsets = row.map((cell, at) => {
    const before = row[at - 1];
    if (before !== undefined) offset += (before.width + cell.width) / 2 + gap;
    return offset;
  });
  const places = ascending(row.map((cell, at) => (wanted.get(cell) ?? 0) - (offsets[at] ?? 0)));
  for (const [at, cell] of row.entries()) cell.x = (places[at] ?? 0) + (offsets[at] ?? 0);
}

/** The ascending numbers nearest to the given ones by least squares: pools of those that are not are averaged. */
function ascending(numbers: readonly number[]): number[] {
  const pools: { sum: number; count: number }[] = [];
  for (const number of numbers) {
    pools.push({ sum: number, count: 1 });
    for (;;) {
      const [before, last] = pools.slice(-2);
      if (before === undefined || last === undefined) break;
      if (before.sum / before.count <= last.sum / last.count) break;
      pools.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
    }
  }
  return pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}
