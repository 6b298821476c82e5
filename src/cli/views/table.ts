import stringWidth from 'string-width';
import { toSingleLine } from '../../domain/text.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  readonly paint?: (text: string, row: Row) => string;
  /** The one that takes what room is left, and is cut there. */
  readonly flexible?: boolean;
}

/** Rows under their titles, columns two spaces apart, no line wider than `width` cells. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width: number,
): string {
  const cells = rows.map((row) => columns.map((column) => toSingleLine(column.value(row), 2_000)));
  const widths = columns.map((column, index) =>
    Math.max(stringWidth(column.title), ...cells.map((line) => stringWidth(line[index] ?? ''))),
  );
  const flexible = columns.findIndex((column) => column.flexible);
  const total = widths.reduce((sum, cell) => sum + cell, 0) + 2 * (columns.length - 1);
  if (flexible !== -1 && total > width)
    widths[flexible] = Math.max(10, (widths[flexible] ?? 0) - (total - width));
  const line = (values: readonly string[], row?: Row): string =>
    values
      .map((value, index) => {
        const text = fit(value, widths[index] ?? 0);
        const paint = columns[index]?.paint;
        return row !== undefined && paint !== undefined ? paint(text, row) : text;
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map((column) => column.title)),
    ...rows.map((row, index) => line(cells[index] ?? [], row)),
  ].join('\n');
}

/** The text in exactly so many cells: padded, or cut with an ellipsis. */
export function fit(text: string, width: number): string {
  const missing = width - stringWidth(text);
  if (missing >= 0) return text + ' '.repeat(missing);
  let cut = '';
  for (const character of text) {
    if (stringWidth(cut + character) > width - 1) break;
    cut += character;
  }
  return `${cut}…${' '.repeat(Math.max(0, width - 1 - stringWidth(cut)))}`;
}
