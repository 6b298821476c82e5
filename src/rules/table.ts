import type { Tokens } from 'marked';

const statementColumn =
  /requirement|feature|description|story|statement|what|function|task|behaviou?r/i;
const idColumn = /^(?:id|#|no\.?|nr\.?|key|ref)$/i;

/** A table's rows as statements: the telling column first, the others as `Heading: cell`. */
export function rowsOf(table: Tokens.Table): { text: string; details: string[] }[] {
  const heads = table.header.map((cell) => cell.text.trim());
  const named = heads.findIndex((head) => statementColumn.test(head));
  const main = named === -1 ? longestColumn(table) : named;
  return table.rows.map((row) => ({
    text: row[main]?.text ?? '',
    details: row.flatMap((cell, index) => {
      const head = heads[index] ?? '';
      if (index === main || idColumn.test(head) || cell.text.trim() === '') return [];
      return [head === '' ? cell.text : `${head}: ${cell.text}`];
    }),
  }));
}

function longestColumn({ header, rows }: Tokens.Table): number {
  const lengths = header.map((_, index) =>
    rows.reduce((sum, row) => sum + (row[index]?.text.length ?? 0), 0),
  );
  return Math.max(0, lengths.indexOf(Math.max(...lengths)));
}
