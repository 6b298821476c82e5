import { readEntry } from '../../src/repository/read-entry.ts';
import type { FileEntry } from '../../src/repository/file-entry.ts';

export function readText(path: string, text: string): Promise<FileEntry> {
  return readEntry(path, Buffer.from(text));
}

/** One line a symbol: `+` for what is exported, its kind, owner and name, its lines, its signature. */
export function listed({ symbols }: Pick<FileEntry, 'symbols'>): string[] {
  return symbols.map(({ exported, kind, owner, name, line, endLine, signature }) => {
    const place = owner === null ? name : `${owner}.${name}`;
    return `${exported ? '+' : '-'} ${kind} ${place} ${line}-${endLine} | ${signature}`;
  });
}

/** One line a clause: the specifier, and the names in braces. */
export function asked({ imports }: Pick<FileEntry, 'imports'>): string[] {
  return imports.map(({ specifier, names }) =>
    names.length === 0 ? specifier : `${specifier} {${names.join(' ')}}`,
  );
}
