import { describe, expect, it } from 'vitest';
import { FileNotText, overlay } from '../../src/domain/candidate.ts';
import { BlueprintError, InterruptedError } from '../../src/domain/errors.ts';
import { generateBundle } from '../../src/models/generate-bundle.ts';
import { movedFileText } from '../../src/text/moved-file.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { request } from './requests.ts';

const base =
  (files: Record<string, string> = {}) =>
  async (path: string): Promise<string | null> =>
    files[path] ?? null;

const one = 'FILE: a.js\n````js\nexport const a = 1;\n````\n';
const json = (files: { path: string; content: string }[]): object => ({
  files,
  edits: [],
  deletions: [],
  tests: [],
  commands: [],
  notes: '',
});

describe('generateBundle', () => {
  it('gives the files and who wrote them', async () => {
    const model = fakeModel({ execute: [one] });
    const candidate = await generateBundle(model, request(), base(), 'fenced');
    expect(candidate.changes).toEqual(new Map([['a.js', 'export const a = 1;\n']]));
    expect(candidate.author).toBe(model.identity);
    expect(model.requests[0]?.schema).toBeUndefined();
  });

  it('asks for a schema in the JSON form, and reads that form', async () => {
    const model = fakeModel({ execute: [json([{ path: 'a.js', content: 'x\n' }])] });
    const candidate = await generateBundle(model, request(), base(), 'json');
    expect(candidate.changes).toEqual(new Map([['a.js', 'x\n']]));
    expect(model.requests[0]?.schema?.name).toBe('file_bundle');
  });

  it('shows an edit that finds nothing its exact fault, and takes the second reply', async () => {
    const edit = (search: string): string =>
      `EDIT: a.js\n\`\`\`\`\n<<<<<<< SEARCH\n${search}\n=======\nlet b;\n>>>>>>> REPLACE\n\`\`\`\`\n`;
    const model = fakeModel({ execute: [edit('let x;')], 'execute:repair': [edit('let a;')] });
    const candidate = await generateBundle(
      model,
      request(),
      base({ 'a.js': 'let a;\n' }),
      'fenced',
    );
    expect(candidate.changes).toEqual(new Map([['a.js', 'let b;\n']]));
    const told = model.requests[1]?.parts.at(-1)?.text ?? '';
    expect(told).toContain('a.js');
    expect(told).toContain('let x;');
    expect(model.requests[1]?.parts.at(-2)).toMatchObject({ role: 'assistant' });
  });

  it('doubts a whole file under the name that a diff gives it, once', async () => {
    const named = (path: string): string => `FILE: ${path}\n\`\`\`\`\nlet b;\n\`\`\`\`\n`;
    const files = base({ 'x.js': 'let a;\n' });
    for (const again of ['x.js', 'b/x.js']) {
      const model = fakeModel({ execute: [named('b/x.js')], 'execute:repair': [named(again)] });
      const candidate = await generateBundle(model, request(), files, 'fenced');
      expect(candidate.changes).toEqual(new Map([[again, 'let b;\n']]));
      expect(model.requests[1]?.parts.at(-1)?.text).toContain('without the prefix of a diff');
    }
  });

  it('takes a path with a comment or a prefix where there is one file alone that it can be', async () => {
    const reply = 'DELETE: a/old.js  # no longer used\nDELETE: src\\b.js\n';
    const model = fakeModel({ execute: [reply] });
    const files = base({ 'old.js': '', 'src/b.js': '' });
    const candidate = await generateBundle(model, request(), files, 'fenced');
    expect([...candidate.changes]).toEqual([
      ['old.js', null],
      ['src/b.js', null],
    ]);
  });

  it('takes edits under FILE as edits, and a diff there for none', async () => {
    const edits =
      'FILE: a.js\n```js\n<<<<<<< SEARCH\nlet a;\n=======\nlet b;\n>>>>>>> REPLACE\n```\n';
    const diff =
      'FILE: a.js\n```diff\n--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n-let a;\n+let b;\n```\n';
    const model = fakeModel({ execute: [diff], 'execute:repair': [edits] });
    const files = base({ 'a.js': 'let a;\n' });
    const candidate = await generateBundle(model, request(), files, 'fenced');
    expect([...candidate.changes]).toEqual([['a.js', 'let b;\n']]);
    expect(model.requests[1]?.parts.at(-1)?.text).toContain('holds a diff');
  });

  it('renames a file, with the edits of the reply, and says what cannot be renamed', async () => {
    const edit = 'EDIT: a.js\n```\n<<<<<<< SEARCH\nlet a;\n=======\nlet b;\n>>>>>>> REPLACE\n```\n';
    const binary = new BlueprintError({ code: 'file-not-text', message: 'logo.png is binary' });
    const files = async (path: string): Promise<string | null> => {
      if (path === 'logo.png') throw binary;
      return path === 'a.js' ? 'let a;\r\nlet c;\r\n' : null;
    };
    const model = fakeModel({
      execute: [`RENAME: logo.png -> img/logo.png\nRENAME: gone.js -> b.js\n`],
      'execute:repair': [`RENAME: a.js -> src/a.js\n\n${edit}`],
    });
    const candidate = await generateBundle(model, request(), files, 'fenced');
    expect([...candidate.changes]).toEqual([
      ['src/a.js', 'let b;\r\nlet c;\r\n'],
      ['a.js', null],
    ]);
    const told = model.requests[1]?.parts.at(-1)?.text ?? '';
    expect(told).toContain('logo.png is no text: it can be deleted, but not renamed');
    expect(told).toContain('gone.js cannot be renamed: there is no such file');
  });

  it('keeps line ends and byte order mark of a renamed file that is given whole', async () => {
    const files = base({ 'a.txt': '\ufeffone\r\ntwo', 'there.txt': '' });
    const whole = 'FILE: b.txt\n```\none\nthree\n```\n';
    const model = fakeModel({
      execute: [`RENAME: a.txt -> there.txt\n`],
      'execute:repair': [`RENAME: a.txt -> b.txt\n\n${whole}`],
    });
    const { changes } = await generateBundle(model, request(), files, 'fenced');
    expect(Object.fromEntries(changes)).toEqual({ 'a.txt': null, 'b.txt': '\ufeffone\r\nthree' });
    expect(model.requests[1]?.parts.at(-1)?.text).toContain('there is a file of that name');
  });

  it('sends back what the encoding that a file declares cannot hold', async () => {
    const declared = '# coding: latin-1\nname = "Ren\u00e9"\n';
    const files = base({ 'a.py': declared });
    const edit = (text: string): string =>
      `EDIT: a.py\n\`\`\`\`\n<<<<<<< SEARCH\nname = "Ren\u00e9"\n=======\nname = "${text}"\n>>>>>>> REPLACE\n\`\`\`\`\n`;
    const model = fakeModel({
      execute: [edit('a \u2192 b')],
      'execute:repair': [edit('Zo\u00eb')],
    });
    const { changes } = await generateBundle(model, request(), files, 'fenced');
    expect(changes.get('a.py')).toBe('# coding: latin-1\nname = "Zo\u00eb"\n');
    expect(model.requests[1]?.parts.at(-1)?.text).toContain(
      'latin-1, which has no \u00ab\u2192\u00bb',
    );
  });

  describe('of what is no text', () => {
    const hash = 'a'.repeat(64);
    const files = async (path: string): Promise<string | null> => {
      const said = { code: 'file-not-text', message: `${path} is binary` };
      if (path === 'logo.png') throw new FileNotText(said, hash);
      return path === 'there.png' ? 'text\n' : null;
    };
    const pointer = movedFileText({ from: 'logo.png', sha256: hash });
    const edit = 'EDIT: logo.png\n```\n<<<<<<< SEARCH\nfrom\n=======\nto\n>>>>>>> REPLACE\n```\n';

    it('takes the bytes to another name', async () => {
      const model = fakeModel({ execute: ['RENAME: logo.png -> img/logo.png\n'] });
      const { changes, bundle } = await generateBundle(model, request(), files, 'fenced');
      const moved = new Map([
        ['img/logo.png', pointer],
        ['logo.png', null],
      ]);
      expect(changes).toEqual(moved);
      expect(bundle.deletions).toEqual(['logo.png']);

      // A correction of that work starts from it.
      const over = overlay(changes, files);
      const again = fakeModel({ execute: ['RENAME: img/logo.png -> sign.png\n'] });
      const candidate = await generateBundle(again, request(), over, 'fenced');
      expect(candidate.changes).toEqual(
        new Map([
          ['sign.png', pointer],
          ['img/logo.png', null],
        ]),
      );
    });

    it.each([
      ['onto another file', 'RENAME: logo.png -> there.png\n', 'there is a file of that name'],
      ['with an edit', `RENAME: logo.png -> a.png\n\n${edit}`, 'not edited or replaced'],
      [
        'with another content',
        'RENAME: logo.png -> a.png\n\nFILE: a.png\n```\nx\n```\n',
        'not edited or replaced',
      ],
      ['in the program’s own words', `FILE: a.png\n\`\`\`\n${pointer}\`\`\`\n`, 'write RENAME'],
      ['that is not there', 'RENAME: gone.png -> a.png\n', 'there is no such file'],
    ])('refuses it %s', async (_name, reply, fault) => {
      const model = fakeModel({
        execute: [reply],
        'execute:repair': ['RENAME: logo.png -> a.png\n'],
      });
      const { changes } = await generateBundle(model, request(), files, 'fenced');
      expect(changes.get('a.png')).toBe(pointer);
      expect(model.requests[1]?.parts.at(-1)?.text).toContain(fault);
    });
  });

  it('doubts once a file that says that the rest stays', async () => {
    const whole = (text: string): string => `FILE: a.js\n\`\`\`\`\n${text}\n\`\`\`\`\n`;
    const files = base({ 'a.js': 'let a;\nlet b;\n' });
    const model = fakeModel({
      execute: [whole('let c;\n// ... rest of the file unchanged')],
      'execute:repair': [whole('let c;\nlet b;')],
    });
    const candidate = await generateBundle(model, request(), files, 'fenced');
    expect([...candidate.changes]).toEqual([['a.js', 'let c;\nlet b;\n']]);
    expect(model.requests[1]?.parts.at(-1)?.text).toContain('give it with all of its lines');
  });

  it('ends as malformed after the second, with the raw reply, which stays stored', async () => {
    const model = fakeModel({ execute: ['I cannot.'], 'execute:repair': ['Still not.'] });
    await expect(generateBundle(model, request(), base(), 'fenced')).rejects.toMatchObject({
      kind: 'malformed',
      rawReply: 'Still not.',
    });
    expect(model.forgotten).toEqual([]);
  });

  it('takes work that changes nothing only where that is an answer', async () => {
    const same = base({ 'a.js': 'export const a = 1;\n' });
    const first = fakeModel({ execute: [one], 'execute:repair': [one] });
    await expect(generateBundle(first, request(), same, 'fenced')).rejects.toMatchObject({
      message: expect.stringContaining('changes no file'),
    });
    const second = fakeModel({ execute: [one] });
    const candidate = await generateBundle(second, request(), same, 'fenced', {
      mayChangeNothing: true,
    });
    expect(candidate.changes.size).toBe(0);
  });

  it.each(['../out.js', '/etc/passwd', 'a/../../b', '.git/config', 'C:/x'])(
    'shows %s its fault and never reads it',
    async (path) => {
      const read: string[] = [];
      const model = fakeModel({
        execute: [json([{ path, content: 'x' }])],
        'execute:repair': [json([{ path: 'ok.js', content: 'x' }])],
      });
      const spying = async (asked: string): Promise<null> => {
        read.push(asked);
        return null;
      };
      const candidate = await generateBundle(model, request(), spying, 'json');
      expect([...candidate.changes.keys()]).toEqual(['ok.js']);
      expect(read).toEqual(['ok.js']);
    },
  );

  it('shows a path that the base refuses, as a link out of the folder, as a fault', async () => {
    const refusing = async (path: string): Promise<string | null> => {
      if (!path.startsWith('link/')) return null;
      throw new BlueprintError({ code: 'path-unsafe', message: `Path ${path} leaves the folder` });
    };
    const model = fakeModel({
      execute: [json([{ path: 'link/a.js', content: 'x' }])],
      'execute:repair': [json([{ path: 'a.js', content: 'x' }])],
    });
    const candidate = await generateBundle(model, request(), refusing, 'json');
    expect([...candidate.changes.keys()]).toEqual(['a.js']);
    expect(model.requests[1]?.parts.at(-1)?.text).toContain('leaves the folder');
  });

  it('lets an interruption of the base pass', async () => {
    const model = fakeModel({ execute: [one] });
    const interrupted = async (): Promise<string | null> => {
      throw new InterruptedError();
    };
    await expect(generateBundle(model, request(), interrupted, 'fenced')).rejects.toBeInstanceOf(
      InterruptedError,
    );
  });

  it('refuses a name that file systems cannot hold, counted in bytes', async () => {
    const model = fakeModel({
      execute: [json([{ path: `src/${'字'.repeat(90)}.md`, content: 'x' }])],
      'execute:repair': [json([{ path: `src/${'字'.repeat(60)}.md`, content: 'x' }])],
    });
    const candidate = await generateBundle(model, request(), base(), 'json');
    expect([...candidate.changes.keys()]).toEqual([`src/${'字'.repeat(60)}.md`]);
    expect(model.requests[1]?.parts.at(-1)?.text).toContain('200 bytes');
  });
});
