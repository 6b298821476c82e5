import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../src/cli/views/cells.ts';
import { renderTable, type Column } from '../../../src/cli/views/table.ts';

interface Row {
  id: string;
  title: string;
  more: string;
}

const columns: Column<Row>[] = [
  { title: 'id', value: ({ id }) => id },
  { title: 'title', value: ({ title }) => title, flexible: true },
  { title: 'more', value: ({ more }) => more, expendable: 1 },
];

const row = (id: string, title: string, more = ''): Row => ({ id, title, more });
const widest = (text: string): number => Math.max(...text.split('\n').map(cellsOf));

describe('renderTable', () => {
  it('puts columns two spaces apart, without trailing blanks', () => {
    expect(renderTable([row('T1', 'One', 'x'), row('T22', 'Two')], columns, 80)).toBe(
      ['id   title  more', 'T1   One    x', 'T22  Two'].join('\n'),
    );
  });

  it('aligns wide characters', () => {
    expect(renderTable([row('T1', '日本', 'x'), row('T2', 'abcd', 'y')], columns, 80)).toBe(
      ['id  title  more', 'T1  日本   x', 'T2  abcd   y'].join('\n'),
    );
  });

  it('cuts the flexible column to the room there is', () => {
    const text = renderTable([row('T1', 'a'.repeat(200), 'more')], columns, 50);
    expect(widest(text)).toBe(50);
    expect(text).toContain('a…  more');
  });

  it('leaves out expendable columns before the flexible one becomes unreadable', () => {
    const text = renderTable([row('T1', 'a'.repeat(200), 'm'.repeat(12))], columns, 36);
    expect(text.split('\n')[0]).toBe('id  title');
    expect(widest(text)).toBe(36);
  });

  it.each([5, 8, 10, 20, 39])('is never wider than %i cells', (width) => {
    const text = renderTable(
      [row('T1', '日本語のタイトル'.repeat(20), 'more'), row('T100000', 'b', 'm'.repeat(50))],
      columns,
      width,
    );
    expect(widest(text)).toBeLessThanOrEqual(width);
  });

  it('keeps a row on one line, whatever its text', () => {
    const text = renderTable([row('T1', 'one\ntwo\r\u001B[2J\tthree')], columns, 80);
    expect(text.split('\n')).toHaveLength(2);
    expect(text).toContain(String.raw`one two \u{1b}[2J three`);
  });

  it('paints a cell after it was measured', () => {
    const painted = columns.map((column) => ({ ...column, paint: (text: string) => `<${text}>` }));
    expect(renderTable([row('T1', 'One', 'x')], painted, 80).split('\n')[1]).toBe(
      '<T1>  <One>    <x>',
    );
  });

  it('shows its titles where there are no rows', () => {
    expect(renderTable([], columns, 80)).toBe('id  title  more');
  });
});
