import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import type { Task } from '../../src/domain/task.ts';
import { estimateTokens } from '../../src/domain/text.ts';
import {
  packContext as packWith,
  type ContextPack,
  type PromptSources,
} from '../../src/workflows/context-pack.ts';
import { producedFiles } from '../../src/workflows/produced-files.ts';
import { result } from '../executor/simulated.ts';
import { documentOf, task } from '../state/fixtures.ts';
import { spec } from '../executor/project.ts';

const files: Record<string, string> = {
  'own.js': 'let own;\n',
  'one.js': 'let one;\n',
  'two.js': 'let two;\n',
  'three.js': 'let three;\n',
  'own and one.js': '```\nfenced\n````\n',
};
const produced: Record<string, string[]> = {
  T1: ['three.js'],
  T2: ['two.js'],
  T3: ['one.js', 'own and one.js'],
};
const tasks = [
  task('T1'),
  task('T2', { dependsOn: ['T1'] }),
  task('T3', { dependsOn: ['T2'] }),
  task('T4', { dependsOn: ['T3', 'T1'], files: ['own.js', 'new.js', 'own and one.js'] }),
];
const subject = task('T4', tasks[3]);

interface Sources extends PromptSources {
  readonly filesOf: (id: string) => readonly string[];
}

/** The pack over tasks that have produced the files of `filesOf`. */
function packContext(
  subject: Task,
  { filesOf, ...given }: Sources,
  budget: number,
): Promise<ContextPack> {
  const document = {
    ...given.document,
    tasks: given.document.tasks.map((one) => {
      const files = filesOf(one.id).map((path) => ({ path, sha256: '0'.repeat(64) }));
      return { ...one, result: files.length === 0 ? null : result('done', { files }) };
    }),
  };
  const found = producedFiles(document);
  const produced = new Set(found.before(subject).flatMap(found.filesOf));
  return packWith(subject, { ...given, document }, produced, budget);
}

function sources(more: Partial<Sources> = {}): Sources {
  return {
    document: documentOf(0, {
      tasks,
      requirements: [
        { id: 'R1', text: 'It must work', acceptance: ['It is seen to work'] },
        { id: 'R2', text: 'Another thing', acceptance: [] },
      ],
    }),
    spec,
    base: async (path) => files[path] ?? null,
    filesOf: (id) => produced[id] ?? [],
    ...more,
  };
}

const text = (pack: Awaited<ReturnType<typeof packContext>>, name: string): string =>
  pack.parts.find((part) => part.name === name)?.text ?? '';

describe('packContext', () => {
  it('puts what all tasks share first, what is the task’s own last, and marks where caches end', async () => {
    const pack = await packContext(subject, sources(), 20_000);
    expect(pack.parts.map(({ name, role, cache }) => [name, role, cache ?? false])).toEqual([
      ['spec', 'user', true],
      ['files', 'user', true],
      ['requirements', 'user', false],
      ['task', 'user', false],
    ]);
    const other = await packContext(task('T1'), sources(), 20_000);
    expect(text(other, 'spec')).toBe(text(pack, 'spec'));
    expect(pack.leftOut).toEqual([]);
  });

  it('shows shared sections with all below them, and of requirements only those it serves', async () => {
    const pack = await packContext(subject, sources(), 20_000);
    expect(text(pack, 'spec')).toBe(
      [
        '# The feature: A feature',
        '```\n## Overview\n\nAll of it.',
        '## Data and interfaces\n\nShapes.',
        '### Names\n\nNames of things.\n```',
      ].join('\n\n'),
    );
    expect(text(pack, 'requirements')).toContain('It must work');
    expect(text(pack, 'requirements')).toContain('It is seen to work');
    const all = JSON.stringify(pack.parts);
    expect(all).not.toContain('Another thing');
    expect(all).not.toContain('The API shall answer');
  });

  it('shows sections of any heading, or names them as left out', async () => {
    const own = ['Non-goals', 'Error messages', 'Sicherheit', 'Glossary', 'UI', 'Assumptions'];
    const added = own.map((heading) => `## ${heading}\n\nAbout ${heading}.`).join('\n\n');
    const all = await packContext(subject, sources({ spec: `${spec}\n\n${added}\n` }), 20_000);
    for (const heading of own) expect(text(all, 'spec')).toContain(`About ${heading}.`);
    expect(all.leftOut).toEqual([]);
    const long = `## Glossary\n\n${'word '.repeat(2_000)}\n\n## Design\n\nOf it.\n`;
    const some = await packContext(subject, sources({ spec: `${spec}\n\n${long}` }), 2_000);
    expect(text(some, 'spec')).toContain('Of it.');
    expect(some.leftOut).toContain('spec section «Glossary»: over the budget');
  });

  it('shows the task’s own files, then its dependencies’, the nearest first, each once', async () => {
    const pack = await packContext(subject, sources(), 20_000);
    const shown = [...text(pack, 'files').matchAll(/^FILE: (.*)$/gm)].map(([, path]) => path);
    expect(shown).toEqual(['own.js', 'own and one.js', 'one.js', 'three.js', 'two.js']);
  });

  it('fences a file so that its content cannot close it', async () => {
    const pack = await packContext(subject, sources(), 20_000);
    expect(text(pack, 'files')).toContain('FILE: own and one.js\n`````\n```\nfenced\n````\n`````');
  });

  it('leaves out what is over the budget, records it, and still takes what fits after it', async () => {
    const long = 'long '.repeat(4000);
    const pack = await packContext(
      subject,
      sources({
        base: async (path) => (path === 'own and one.js' ? long : (files[path] ?? null)),
        spec: `${spec}\n\n## Design\n\n${long}\n`,
      }),
      2_000,
    );
    expect(pack.leftOut).toEqual([
      'spec section «Design»: over the budget',
      expect.stringMatching(/^own and one\.js: over the budget \(about \d+ tokens\)$/),
    ]);
    expect(pack.hiddenFiles).toEqual(['own and one.js']);
    expect(text(pack, 'files')).toContain('two.js');
    expect(pack.tokens).toBeLessThanOrEqual(2_000);
  });

  it('records a produced file that is not there, and not one that is yet to be made', async () => {
    const pack = await packContext(
      subject,
      sources({ filesOf: (id) => (id === 'T3' ? ['gone.js'] : []) }),
      20_000,
    );
    expect(pack.leftOut).toEqual(['gone.js: not there as approved text']);
  });

  it('leaves out a file that may not be read', async () => {
    const pack = await packContext(
      subject,
      sources({
        base: async (path) => {
          if (path !== 'own.js') return files[path] ?? null;
          throw new BlueprintError({ code: 'path-unsafe', message: 'own.js leaves the folder' });
        },
      }),
      20_000,
    );
    expect(pack.leftOut).toEqual(['own.js: own.js leaves the folder']);
  });

  it('is always the same', async () => {
    const packs = await Promise.all([1, 2, 3].map(() => packContext(subject, sources(), 900)));
    expect(packs[1]).toEqual(packs[0]);
    expect(packs[2]).toEqual(packs[0]);
  });

  it('always shows the task and its requirements, and but for them keeps to the budget', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3_000 }),
        fc.array(fc.string({ maxLength: 3_000 }), { maxLength: 6 }),
        fc.array(fc.lorem({ maxCount: 300 }), { maxLength: 4 }),
        async (budget, contents, sections) => {
          const paths = contents.map((_, index) => `f${index}`);
          const pack = await packContext(
            subject,
            sources({
              spec: sections.map((body) => `## Design\n\n${body}`).join('\n\n'),
              base: async (path) => contents[paths.indexOf(path)] ?? null,
              filesOf: (id) => (id === 'T1' ? paths : []),
            }),
            budget,
          );
          const fixed = [...text(pack, 'task'), ...text(pack, 'requirements')].join('');
          expect(fixed).toContain('T4');
          const least = estimateTokens(`${fixed}# The feature: A feature# Existing files`) + 4;
          expect(pack.tokens).toBeLessThanOrEqual(Math.max(budget, least));
          const shown = [...text(pack, 'files').matchAll(/^FILE: (f\d)$/gm)].length;
          expect(shown + pack.hiddenFiles.length).toBe(contents.length);
        },
      ),
      { numRuns: 100 },
    );
  });
});
