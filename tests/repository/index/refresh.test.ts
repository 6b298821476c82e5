import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/domain/errors.ts';
import { decodeIndex } from '../../../src/repository/index/decode-index.ts';
import { encodeIndex } from '../../../src/repository/index/encode-index.ts';
import { entryAt } from '../../../src/repository/index/corpus.ts';
import type { IndexContent } from '../../../src/repository/index/index-content.ts';
import { symbolsOf } from '../../../src/repository/index/indexed-entry.ts';
import { blobHash, refresh, type Refreshed } from '../../../src/repository/index/refresh.ts';
import { kindOf } from '../../../src/repository/file-kind.ts';
import { readEntry } from '../../../src/repository/read-entry.ts';
import type { ProjectFile } from '../../../src/repository/project-file.ts';

const now = new Date('2026-01-02T03:04:05.000Z');

/** A folder of texts, each with a stamp; which were read is counted. */
function folder(texts: Record<string, string>, options: { changedAt?: number } = {}) {
  const read: string[] = [];
  const parsed: string[] = [];
  const list = (): ProjectFile[] =>
    Object.entries(texts)
      .map(([path, text]) => ({
        path,
        kind: kindOf(path),
        size: text.length,
        stamp: blobHash(Buffer.from(text)),
        changedAt: options.changedAt ?? 0,
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  const run = (
    known: IndexContent | null,
    signal = new AbortController().signal,
  ): Promise<Refreshed> =>
    refresh(known, list(), {
      bytes: async (path) => {
        read.push(path);
        const text = texts[path];
        return text === undefined || text === 'unreadable' ? null : Buffer.from(text);
      },
      entry: async (path, bytes) => {
        parsed.push(path);
        return readEntry(path, bytes);
      },
      now: () => now,
      signal,
    });
  const clear = (): void => {
    read.length = 0;
    parsed.length = 0;
  };
  return { texts, read, parsed, run, clear };
}

const names = ({ corpus }: Refreshed, path: string): string[] => {
  const entry = entryAt(corpus, corpus.places.get(path) ?? -1);
  return entry === null ? [] : symbolsOf(entry).map(({ name }) => name);
};

/** As the next command finds it. */
const reopened = ({ content }: Refreshed): IndexContent | null => {
  const bytes = Buffer.concat([...encodeIndex({ ...content, links: null }, null)]);
  return decodeIndex(bytes, null)?.content ?? null;
};

describe('refresh', () => {
  it('reads all once, and then what changed alone', async () => {
    const at = folder({ 'a.ts': 'export const a = 1;\n', 'b.ts': 'export const b = 1;\n' });
    const first = await at.run(null);
    expect(at.read).toEqual(['a.ts', 'b.ts']);
    at.clear();
    const second = await at.run(reopened(first));
    expect(at.read).toEqual([]);
    expect(second.isNew).toBe(false);
    expect(names(second, 'b.ts')).toEqual(['b']);
    at.texts['b.ts'] = 'export const changed = 1;\n';
    const third = await at.run(reopened(first));
    expect(at.read).toEqual(['b.ts']);
    expect(names(third, 'b.ts')).toEqual(['changed']);
    expect(names(third, 'a.ts')).toEqual(['a']);
  });

  it('knows a text again under another name, and one that comes back', async () => {
    const at = folder({ 'a.ts': 'export const a = 1;\n' });
    const first = await at.run(null);
    at.texts['moved.ts'] = at.texts['a.ts'] ?? '';
    delete at.texts['a.ts'];
    at.clear();
    const second = await at.run(reopened(first));
    expect(at.read).toEqual(['moved.ts']);
    expect(at.parsed).toEqual([]);
    expect(second.corpus.files.map(({ path }) => path)).toEqual(['moved.ts']);
    at.texts['moved.ts'] = 'export const other = 1;\n';
    const third = await at.run(reopened(second));
    at.texts['moved.ts'] = 'export const a = 1;\n';
    at.clear();
    await at.run(reopened(third));
    expect(at.parsed).toEqual([]);
  });

  it('reads again what was written just before it was read', async () => {
    const at = folder({ 'a.ts': 'export const a = 1;\n' }, { changedAt: now.getTime() - 500 });
    const first = await at.run(null);
    at.clear();
    await at.run(reopened(first));
    expect(at.read).toEqual(['a.ts']);
    expect(at.parsed).toEqual([]);
  });

  it('never reads what holds secrets, is generated, locked, vendored or binary', async () => {
    const at = folder({
      '.env': 'KEY=1',
      id_rsa: 'secret',
      'package-lock.json': '{}',
      'logo.png': 'x',
      'app.min.js': 'x',
      'node_modules/x/index.js': 'x',
      'a.ts': '',
    });
    const { corpus } = await at.run(null);
    expect(at.read).toEqual(['a.ts']);
    expect(corpus.files).toHaveLength(7);
    expect(corpus.files.filter(({ entry }) => entry !== null).map(({ path }) => path)).toEqual([
      'a.ts',
    ]);
  });

  it('goes on without a file that cannot be read or went meanwhile', async () => {
    const at = folder({ 'a.ts': 'unreadable', 'b.ts': 'export const b = 1;\n' });
    const found = await at.run(null);
    expect(found.corpus.files.map(({ path, key }) => [path, key === null])).toEqual([
      ['a.ts', true],
      ['b.ts', false],
    ]);
  });

  it('ends at an interrupt', async () => {
    const at = folder({ 'a.ts': '' });
    const stop = new AbortController();
    stop.abort();
    await expect(at.run(null, stop.signal)).rejects.toThrow(InterruptedError);
  });

  it('forgets what was in use long ago, with its words', async () => {
    const at = folder({ 'keep.ts': 'export const keep = 1;\n' });
    let known = reopened(await at.run(null));
    for (let round = 0; round < 12; round += 1) {
      for (let file = 0; file < 30; file += 1)
        at.texts[`f${file}.ts`] =
          `export const word${'abcdefghijkl'[round]}${'x'.repeat(file + 1)} = 1;\n`;
      known = reopened(await at.run(known)) ?? known;
    }
    expect(known?.entries.size).toBeLessThanOrEqual(31 + 200);
    expect(known?.words).not.toContain('worda');
    const last = await at.run(known);
    expect(names(last, 'keep.ts')).toEqual(['keep']);
    const words = last.corpus.files[last.corpus.places.get('keep.ts') ?? -1]?.entry?.words ?? [];
    expect(
      [...words].filter((_, at) => at % 2 === 0).map((id) => last.corpus.terms.wordOf(id)),
    ).toEqual(['keep']);
  });
});
