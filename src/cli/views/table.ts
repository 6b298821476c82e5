import { toSingleLine } from '../../domain/text.ts';
import { cellsOf, cutTo } from './cells.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly paint?: (text: string, row: Row) => string;
  /** The one that takes what room is left, and is cut there. */
  readonly flexible?: boolean;
  /** Left out where the room is short, the highest number first. */
  readonly expendable?: number;
}

const gap = 2;
/** What a flexible column keeps while there are expendable ones to leave out instead. */
const readable = 24;
const narrowest = 4;

/** Rows under their titles, columns two spaces apart, no line wider than `width` cells. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
): string {
  const shown = layOut(rows, columns, width);
  const line = (texts: readonly string[], row?: Row): string =>
    texts
      .map((text, index) => {
        const column = shown[index];
        const cell = cutTo(text, column?.cells ?? 0);
        const paint = column?.paint;
        const painted = row !== undefined && paint !== undefined ? paint(cell, row) : cell;
        // Blanks stay unpainted, so that those at the end of a line can be left out.
        return painted + ' '.repeat(Math.max(0, (column?.cells ?? 0) - cellsOf(cell)));
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [
    line(shown.map((column) => column.title)),
    ...rows.map((row, index) =>
      line(
        shown.map(({ texts }) => texts[index] ?? ''),
        row,
      ),
    ),
  ].join('\n');
}

type Laid<Row> = Column<Row> & { readonly texts: readonly string[]; cells: number };

function layOut<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
): Laid<Row>[] {
  let shown = columns.map((column): Laid<Row> => {
    // No cell is wider than the table, so nothing beyond that is measured.
    const texts = rows.map((row) => cutTo(toSingleLine(column.value(row), 2_000), width));
    const cells = texts.reduce(
      (most, text) => Math.max(most, cellsOf(text)),
      cellsOf(column.title),
    );
    return { ...column, texts, cells };
  });
  const surplus = (cells: (column: Laid<Row>) => number): number =>
    shown.reduce((sum, column) => sum + cells(column), gap * (shown.length - 1)) - width;

  const wanted = ({ flexible, cells }: Laid<Row>): number =>
    flexible ? Math.min(cells, readable) : cells;
  while (surplus(wanted) > 0) {
    const rank = Math.max(0, ...shown.map(({ expendable }) => expendable ?? 0));
    if (rank === 0) break;
    shown = shown.filter(({ expendable }) => expendable !== rank);
  }

  const flexible = shown.find((column) => column.flexible);
  if (flexible !== undefined) {
    const over = surplus(({ cells }) => cells);
    if (over > 0) flexible.cells = Math.max(narrowest, flexible.cells - over);
  }
  for (let over = surplus(({ cells }) => cells); over > 0; over -= 1) {
    const widest = shown.reduce((most, column) => (column.cells > most.cells ? column : most));
    if (widest.cells <= 1) break;
    widest.cells -= 1;
  }
  return shown;
}
