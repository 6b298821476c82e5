import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlueprintError, type Diagnostic } from '../../src/domain/errors.ts';
import { featureDocumentSchema, taskSchema, type FeatureDocument } from '../../src/domain/task.ts';
import { exactCheck } from '../../src/text/exact-check.ts';
import { placedList, renderDocument, splicedList } from '../../src/state/splice-tasks.ts';
import { soundChange, soundDocument } from '../../src/state/sound-document.ts';
import { parseTasksFile, readTasksFile, seenToHold } from '../../src/state/tasks-file.ts';
import { stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentOf, task, temporaryFolder } from './fixtures.ts';

const shownPath = 'features/x/tasks.json';
const sound = `${JSON.stringify(documentOf(3), null, 2)}\n`;

/** The line that holds the part; after a ^ the line above it. */
const lineOf = (text: string, part: string): number => {
  if (part.startsWith('^')) return lineOf(text, part.slice(1)) - 1;
  const line = text.split('\n').findIndex((line) => line.includes(part));
  if (line === -1) throw new Error(`no line with ${part}`);
  return line + 1;
};

async function problemsOf(content: string | Uint8Array): Promise<readonly Diagnostic[]> {
  try {
    await parseTasksFile(Buffer.from(content), shownPath);
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    expect(error.exitCode).toBe(2);
    const { others = [], ...first } = error.toJSON();
    return [first, ...others];
  }
  throw new Error('the file was accepted');
}

const bytesWith = (part: string, ...bytes: number[]): Buffer => {
  const at = sound.indexOf(part);
  return Buffer.concat([
    Buffer.from(sound.slice(0, at)),
    Buffer.from(bytes),
    Buffer.from(sound.slice(at)),
  ]);
};

describe('files that are no JSON', () => {
  const conflict = sound.replace(
    '      "title": "Title of T2",\n',
    '<<<<<<< HEAD\n      "title": "Ours",\n=======\n      "title": "Theirs",\n>>>>>>> branch\n',
  );
  test.each<[string, string | Uint8Array, string, number, RegExp]>([
    ['empty', '', 'empty', 1, /empty/],
    ['only spaces', ' \n\n', 'empty', 1, /empty/],
    ['a BOM', `\uFEFF${sound}`, 'bom', 1, /BOM/],
    ['UTF-16', Buffer.from(sound, 'utf16le'), 'nul', 1, /NUL/],
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${sound}`, 'utf16le'), 'encoding', 1, /UTF-16/],
    ['NUL bytes', bytesWith('Title of T2', 0, 0), 'nul', lineOf(sound, 'Title of T2'), /NUL/],
    ['nothing but NUL bytes', Buffer.alloc(100), 'nul', 1, /NUL/],
    [
      'a Latin-1 letter',
      bytesWith('Title of T3', 0xe4),
      'encoding',
      lineOf(sound, 'Title of T3'),
      /UTF-8/,
    ],
    [
      'a stray byte',
      bytesWith('"id": "T2"', 0x80),
      'encoding',
      lineOf(sound, '"id": "T2"'),
      /UTF-8/,
    ],
    [
      'cut off in a text',
      sound.slice(0, sound.indexOf('of T2')),
      'truncated',
      lineOf(sound, 'of T2'),
      /cut off/,
    ],
    [
      'cut off after a brace',
      sound.slice(0, sound.indexOf('"id": "T2"') - 10),
      'truncated',
      lineOf(sound, '"id": "T2"') - 2,
      /cut off/,
    ],
    ['cut off early', '{', 'truncated', 1, /cut off/],
    ['merge markers', conflict, 'merge-markers', lineOf(conflict, '<<<<<<<'), /merge/],
    [
      'a missing comma',
      sound.replace('"T2",\n      "title"', '"T2"\n      "title"'),
      'syntax',
      lineOf(sound, 'Title of T2'),
      /comma/,
    ],
    [
      'a comma too many',
      sound.replace('"result": null', '"result": null,'),
      'syntax',
      lineOf(sound, '"result": null') + 1,
      /comma/,
    ],
    [
      'a comment',
      sound.replace('"tasks"', '// here\n  "tasks"'),
      'syntax',
      lineOf(sound, '"tasks"'),
      /comment/,
    ],
    [
      'single quotes',
      sound.replace('"code"', "'code'"),
      'syntax',
      lineOf(sound, '"code"'),
      /quotes/,
    ],
    ['two documents', `${sound}{}`, 'syntax', sound.split('\n').length, /end of the document/],
    ['nested without end', '['.repeat(200_000), 'syntax', 0, /deep/],
  ])('%s', async (_, content, code, line, message) => {
    const [problem] = await problemsOf(content);
    expect(problem).toEqual({
      code: `tasks-file-${code}`,
      message: expect.stringMatching(message) as string,
      target: line === 0 ? shownPath : `${shownPath}:${line}`,
      fix: expect.stringMatching(/\w/) as string,
    });
  });

  test('both ends of each conflict are named', async () => {
    expect((await problemsOf(conflict)).map(({ target }) => target)).toEqual(
      ['<<<<<<<', '>>>>>>>'].map((mark) => `${shownPath}:${lineOf(conflict, mark)}`),
    );
  });
});

describe('lists that are wrong', () => {
  const changed = (from: string, to: string): string => {
    expect(sound).toContain(from);
    return sound.replace(from, to);
  };
  const t2 = '"id": "T2",';
  test.each<[string, string, string, string, RegExp, RegExp]>([
    [
      'a newer version',
      changed('"schemaVersion": 2', '"schemaVersion": 3'),
      'newer-version',
      '"schemaVersion"',
      /schemaVersion 3/,
      /Upgrade/,
    ],
    [
      'no version',
      changed('  "schemaVersion": 2,\n', ''),
      'missing',
      '{',
      /schemaVersion is missing/,
      /schemaVersion/,
    ],
    ['a list', '[]', 'wrong-type', '[]', /an object, not a list/, /object/],
    ['null', 'null', 'wrong-type', 'null', /an object, not null/, /object/],
    [
      'an unknown status',
      changed('"pending"', '"dne"'),
      'unknown-value',
      '"dne"',
      /Task T1: status cannot be «dne»/,
      /«done»/,
    ],
    [
      'an unknown type',
      changed('"code"', '"coding"'),
      'unknown-value',
      '"coding"',
      /Task T1: type/,
      /«code»/,
    ],
    [
      'a wrong type',
      changed('"complexity": 3', '"complexity": "3"'),
      'wrong-type',
      '"complexity": "3"',
      /Task T1: complexity must be a (whole )?number, not a text/,
      /number/,
    ],
    [
      'too high a number',
      changed('"complexity": 3', '"complexity": 30'),
      'invalid',
      '"complexity": 30',
      /at most 10/,
      /\w/,
    ],
    [
      'an unknown key',
      changed('"status": "pending"', '"statsu": "done",\n"status": "pending"'),
      'unknown-key',
      '"statsu"',
      /Task T1: statsu/,
      /«status»/,
    ],
    [
      'a missing title',
      changed('      "title": "Title of T2",\n', ''),
      'missing',
      '^"id": "T2"',
      /Task T2: title is missing/,
      /title/,
    ],
    [
      'a missing id',
      changed('      "id": "T1",\n', ''),
      'missing',
      '^"title": "Title of T1"',
      /Task number 1: id is missing/,
      /id/,
    ],
    [
      'a key twice',
      changed('"status": "pending"', '"status": "done",\n"status": "pending"'),
      'duplicate-key',
      '"status": "pending"',
      /Task T1 has the key «status» twice/,
      /Delete/,
    ],
    [
      'an id twice',
      changed(t2, '"id": "T1",'),
      'duplicate-id',
      '^"title": "Title of T2"',
      /T1/,
      /another id/,
    ],
    [
      'an id twice but for its case',
      changed(t2, '"id": "t1",'),
      'duplicate-id',
      '"id": "t1"',
      /used 2 times/,
      /case/,
    ],
    [
      'a missing dependency',
      changed('"dependsOn": [\n        "T2"', '"dependsOn": [\n        "T22"'),
      'missing-dependency',
      '"T22"',
      /Task T3 depends on T22/,
      /«T2»/,
    ],
    [
      'an unknown requirement',
      changed('"requirements": [\n        "R1"', '"requirements": [\n        "R7"'),
      'unknown-requirement',
      '"R7"',
      /Task T1 names requirement R7/,
      /\w/,
    ],
    [
      'a cycle',
      changed('"dependsOn": []', '"dependsOn": ["T3"]'),
      'cycle',
      '["T3"]',
      /T1 → T3 → T2 → T1/,
      /dependencies/,
    ],
    [
      'a path that leaves',
      changed('src/t1.ts', '../t1.ts'),
      'invalid',
      '../t1.ts',
      /Task T1: files\[0\] path has a segment/,
      /\w/,
    ],
    [
      'a path to .git',
      changed('src/t1.ts', '.git/config'),
      'invalid',
      '.git/config',
      /Task T1: files/,
      /\w/,
    ],
    [
      'an id that is a path',
      changed(t2, '"id": "../x",'),
      'invalid',
      '"../x"',
      /Task ..\/x: id must be a letter/,
      /\w/,
    ],
    ['an id that is reserved', changed(t2, '"id": "nul",'), 'invalid', '"nul"', /reserved/, /\w/],
    [
      'an id of __proto__',
      changed(t2, '"id": "__proto__",'),
      'invalid',
      '"__proto__"',
      /must be a letter/,
      /\w/,
    ],
    [
      'a key of __proto__',
      changed(t2, '"id": "T2",\n"__proto__": {"status": "done"},'),
      'unknown-key',
      '"__proto__"',
      /__proto__/,
      /\w/,
    ],
    [
      'a status by prototype',
      changed('"status": "pending"', '"__proto__": {"status": "done"}'),
      'unknown-key',
      '"__proto__"',
      /__proto__/,
      /\w/,
    ],
    [
      'a text in place of a list',
      changed('"dependsOn": []', '"dependsOn": "T3"'),
      'wrong-type',
      '"dependsOn": "T3"',
      /Task T1: dependsOn must be a list/,
      /list/,
    ],
    [
      'a task that is null',
      changed('"tasks": [', '"tasks": [\nnull ,'),
      'wrong-type',
      'null ,',
      /Task number 1 must be an object, not null/,
      /\w/,
    ],
  ])('%s', async (_, content, code, part, message, fix) => {
    const problems = await problemsOf(content);
    expect(
      problems.find((problem) => problem.code === `tasks-file-${code}`),
      JSON.stringify(problems),
    ).toEqual({
      code: `tasks-file-${code}`,
      message: expect.stringMatching(message) as string,
      target: `${shownPath}:${lineOf(content, part)}`,
      fix: expect.stringMatching(fix) as string,
    });
  });

  test('terminal escapes are named, and reach no message', async () => {
    const escape = '\\u001b]0;owned\\u0007\\u001b[31mred\\u202e\\u009b1m';
    const content = JSON.stringify(
      documentOf(2, { tasks: [task('T1'), task('T2', { dependsOn: ['T9'] })] }),
      null,
      2,
    )
      .replace('Title of T1', `Title ${escape}`)
      .replace('"T9"', `"${escape}x"`)
      .replace('"id": "T2"', `"id": "${escape}"`)
      .replace('"status": "pending"', `"${escape}": 1, "status": "${escape}"`);
    const problems = await problemsOf(content);
    expect(problems.map(({ code }) => code.slice('tasks-file-'.length)).sort()).toEqual([
      'invalid',
      'invalid',
      'invalid',
      'missing-dependency',
      'unknown-key',
      'unknown-value',
    ]);
    for (const problem of problems) {
      expect(Object.values(problem).join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
  });

  test('all that is wrong is told at once, up to twenty', async () => {
    const few = sound.replaceAll('"pending"', '"dne"').replace('"T2"\n', '"T7"\n');
    expect(await problemsOf(few)).toHaveLength(4);
    const many = JSON.stringify(documentOf(100)).replaceAll('"pending"', '"dne"');
    const problems = await problemsOf(many);
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toMatchObject({
      code: 'tasks-more-problems',
      message: /80 more/ as never,
    });
  });
});

test('a file of 200 MB is refused without being read', async () => {
  const path = join(await temporaryFolder(), 'tasks.json');
  await writeFile(path, '');
  await truncate(path, 200 * 1024 * 1024);
  expect(() => readTasksFile(path, shownPath)).toThrow(
    expect.objectContaining({
      code: 'tasks-file-too-large',
      message: expect.stringMatching(/200 MiB/) as string,
    }),
  );
});

test('a file holds the bytes that it was given, and no others of the same length', async () => {
  const path = join(await temporaryFolder(), 'tasks.json');
  // More than is compared at once.
  const bytes = Buffer.alloc(200_000, 'tasks ');
  expect(seenToHold(path, bytes, '')).toBeNull();
  await writeFile(path, bytes);
  // Too young to be known by its times.
  expect(seenToHold(path, bytes, '')).toBe('');
  await expect.poll(() => seenToHold(path, bytes, '')).not.toBe('');
  const seen = seenToHold(path, bytes, '') ?? '';
  expect(seenToHold(path, bytes, seen)).toBe(seen);
  const { atime, mtime } = await stat(path);
  for (const at of [0, 100_000, bytes.length - 1]) {
    const other = Buffer.from(bytes);
    other[at] = 0;
    await writeFile(path, other);
    expect(seenToHold(path, bytes, seen)).toBeNull();
    await utimes(path, atime, mtime);
    expect(seenToHold(path, bytes, seen)).toBeNull();
  }
  await writeFile(path, bytes.subarray(1));
  expect(seenToHold(path, bytes, seen)).toBeNull();
});

test('a folder in the place of the file is named', async () => {
  const folder = await temporaryFolder();
  expect(() => readTasksFile(folder, shownPath)).toThrow(
    expect.objectContaining({
      code: 'tasks-file-unreadable',
      message: expect.stringMatching(/is a folder/) as string,
    }),
  );
});

describe('what is accepted', () => {
  test.each([
    ['other white space', JSON.stringify(documentOf(3))],
    ['tabs and CRLF', JSON.stringify(documentOf(3), null, '\t').replaceAll('\n', '\r\n')],
    [
      'another order of keys',
      JSON.stringify(Object.fromEntries(Object.entries(documentOf(3)).reverse())),
    ],
    [
      'another order of tasks',
      JSON.stringify(documentOf(3, { tasks: documentOf(3).tasks.reverse() })),
    ],
    ['a schema', JSON.stringify({ $schema: '../x.json', ...documentOf(3) })],
    [
      'colons, quotes and backslashes in texts',
      JSON.stringify(documentOf(1, { title: '": {"a": \\' })),
    ],
    ['any language', JSON.stringify(documentOf(1, { title: 'Überblick 概要 👩‍💻' }))],
  ])('%s', async (_, content) => {
    const { document } = await parseTasksFile(Buffer.from(content), shownPath);
    expect(document).toEqual(featureDocumentSchema.parse(JSON.parse(content)));
  });
});

describe('exchanging tasks in the text', () => {
  const rendered = (document: FeatureDocument): string => renderDocument(document);
  const changed = (document: FeatureDocument, ...at: number[]): FeatureDocument => ({
    ...document,
    updatedAt: '2026-05-05T05:05:05.555Z',
    tasks: document.tasks.map((task, index) =>
      at.includes(index)
        ? { ...task, status: 'done', title: `New ${task.title}`, files: ['a.ts', 'b.ts'] }
        : task,
    ),
  });

  const splicedBytes = (
    bytes: Buffer,
    before: FeatureDocument,
    after: FeatureDocument,
  ): Buffer | null => {
    const placed = placedList(bytes, before);
    const spliced = placed && splicedList(placed, before, after);
    // Each task of the result is where the next change looks for it.
    if (spliced !== null) expect(spliced).toEqual(placedList(spliced.bytes, after));
    return spliced?.bytes ?? null;
  };

  test.each([[[]], [[0]], [[4]], [[0, 2, 3]], [[0, 1, 2, 3, 4]]])('of %j', (at) => {
    const before = documentOf(5);
    const after = changed(before, ...at);
    expect(splicedBytes(Buffer.from(rendered(before)), before, after)?.toString()).toBe(
      rendered(after),
    );
  });

  test('keeps what a person wrote around them', () => {
    const before = documentOf(3);
    const written = rendered(before).replace(
      /"acceptance": \[\n\s+"It is seen to work"\n\s+\]/,
      '"acceptance": ["It is seen to work"]',
    );
    const after = changed(before, 1);
    const spliced = splicedBytes(Buffer.from(written), before, after)?.toString() ?? '';
    expect(spliced).toContain('"acceptance": ["It is seen to work"]');
    expect(JSON.parse(spliced)).toEqual(after);
  });

  test('is not done where the text is another, or more than tasks has changed', () => {
    const before = documentOf(600);
    const bytes = Buffer.from(rendered(before));
    const compact = Buffer.from(JSON.stringify(before));
    expect(splicedBytes(compact, before, changed(before, 1))).toBeNull();
    expect(splicedBytes(bytes, before, { ...changed(before, 1), title: 'New' })).toBeNull();
    expect(splicedBytes(bytes, before, changed(before, ...before.tasks.keys()))).toBeNull();
    const fewer = { ...before, tasks: before.tasks.slice(1) };
    expect(splicedBytes(bytes, before, fewer)).toBeNull();
  });

  test('texts that look like tasks or times are left alone', () => {
    const lure = '\n    {\n      "id": "T2"\n    }\n  "updatedAt": "2026-01-31T12:00:00.000Z",\n';
    const before = documentOf(3, { title: JSON.stringify(lure).slice(0, 250) });
    const after = changed(before, 1);
    const bytes = Buffer.from(rendered(before));
    expect(splicedBytes(bytes, before, after)?.toString()).toBe(rendered(after));
  });
});

// The exact check may say yes only where the schema does, and changes nothing.
describe('the exact check and the schema', () => {
  const exactTask = exactCheck(taskSchema);
  const exactFrame = exactCheck(featureDocumentSchema);
  const word = fc.oneof(
    fc.constantFrom(
      'T1',
      'R1',
      'R0',
      'code',
      'pending',
      'done',
      'nul',
      'con.txt',
      'src/a.ts',
      '../x',
      '.git',
    ),
    fc.constantFrom(
      '2026-02-31T00:00:00.000Z',
      '2026-02-30T10:00:00.000Z',
      '2024-02-29T00:00:00.000Z',
      '2026-12-31T23:59:59.999Z',
      '2026-04-31T00:00:00.000Z',
      '2026-01-31T24:00:00.000Z',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      '',
      ' ',
      '\n',
      '\u001b[0m',
      '\u0085',
      '\t',
      'a'.repeat(301),
      'general',
      'coding',
    ),
  );
  const odd = fc.oneof(
    word,
    fc.integer({ min: -1, max: 12 }),
    fc.double(),
    fc.constantFrom(null, undefined, true, [], {}),
    fc.array(word, { maxLength: 3 }),
  );
  const result = {
    outcome: 'approved',
    by: 'supervisor',
    at: '2026-01-31T12:00:00.000Z',
    reason: 'good',
    run: null,
    attempt: 1,
    rounds: 1,
    author: 'a/b',
    reviewer: 'c/d',
    files: [{ path: 'src/a.ts', sha256: null }],
    gates: [{ gate: 'paths', status: 'passed', summary: 'fine' }],
    review: { verdict: 'accept', summary: 'fine' },
    feedback: null,
  };

  /** The value with one to three of its members, at any depth, replaced, deleted or added. */
  const spoilt = (value: unknown) =>
    fc
      .array(fc.tuple(fc.nat(1000), fc.constantFrom('replace', 'delete', 'add'), odd), {
        minLength: 1,
        maxLength: 3,
      })
      .map((changes) => {
        const copy: unknown = structuredClone(value);
        for (const [at, how, other] of changes) {
          const places: [Record<string, unknown>, string][] = [];
          const visit = (node: unknown): void => {
            if (typeof node !== 'object' || node === null) return;
            for (const key of Object.keys(node)) {
              places.push([node as Record<string, unknown>, key]);
              visit((node as Record<string, unknown>)[key]);
            }
          };
          visit(copy);
          const [parent, key] = places[at % places.length] ?? [];
          if (parent === undefined || key === undefined) continue;
          if (how === 'replace') parent[key] = structuredClone(other);
          else if (how === 'add') parent[`${key}x`] = structuredClone(other);
          else if (Array.isArray(parent)) parent.splice(Number(key), 1);
          else Reflect.deleteProperty(parent, key);
        }
        return copy;
      });

  test('agree on tasks', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.oneof(spoilt(task('T1')), spoilt(task('T1', { result: result as never }))),
        (value) => {
          if (exactTask(value) === -1) return;
          accepted++;
          expect(JSON.stringify(taskSchema.parse(value))).toBe(JSON.stringify(value));
        },
      ),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test('agree on the rest', () => {
    let accepted = 0;
    fc.assert(
      fc.property(spoilt(documentOf(0)), (value) => {
        if (exactFrame(value) === -1) return;
        accepted++;
        const frame = { ...(value as FeatureDocument), tasks: [] };
        expect(JSON.stringify(featureDocumentSchema.parse(frame))).toBe(JSON.stringify(frame));
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  test('the ordinary case takes the fast way', () => {
    expect(exactTask(task('T1', { result: result as never }))).toBeGreaterThan(0);
    expect(exactFrame(documentOf(3))).toBeGreaterThan(0);
  });

  test('a check against what was sound before comes to the same as a check alone', () => {
    const before = documentOf(4);
    fc.assert(
      fc.property(spoilt(before), (value) => {
        expect(JSON.stringify(soundChange(value, before))).toBe(
          JSON.stringify(soundDocument(value)?.document ?? null),
        );
      }),
      { numRuns: 5_000 },
    );
  });
});
