import { Chalk } from 'chalk';
import stripAnsi from 'strip-ansi';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../src/cli/views/cells.ts';
import {
  featureText,
  progressLine,
  taskTable,
  taskText,
} from '../../../src/cli/views/feature-view.ts';
import { documentOf } from './documents.ts';

const plain = new Chalk({ level: 0 });
const coloured = new Chalk({ level: 1 });
const widest = (text: string): number => Math.max(...text.split('\n').map(cellsOf));

const chain = documentOf([
  { id: 'T1', status: 'done' },
  { id: 'T2', dependsOn: ['T1'], status: 'needs_review' },
  { id: 'T3', dependsOn: ['T1'] },
  { id: 'T4', dependsOn: ['T2', 'T3'] },
]);

const many = documentOf(
  Array.from({ length: 200 }, (_, index) => ({
    id: `T${index + 1}`,
    title: `Task ${index + 1} ${'日本語のとても長いタイトル '.repeat(10)}`.trim(),
    status: index < 90 ? ('done' as const) : ('pending' as const),
    dependsOn: Array.from({ length: Math.min(index, 12) }, (_other, back) => `T${index - back}`),
  })),
);

describe('taskTable', () => {
  it('shows each task with the state that the graph gives it', () => {
    expect(taskTable(chain, plain, 80)).toBe(
      [
        '   task  state         type  title        after',
        '✔  T1    done          code  Title of T1',
        '?  T2    needs_review  code  Title of T2  T1',
        '○  T3    ready         code  Title of T3  T1',
        '·  T4    blocked       code  Title of T4  T2 T3',
      ].join('\n'),
    );
  });

  it('gives up columns, but neither task nor title, where the terminal is narrow', () => {
    const text = taskTable(chain, plain, 27);
    expect(text.split('\n')[0]).toBe('   task  title        after');
    expect(taskTable(chain, plain, 20).split('\n')[0]).toBe('   task  title');
  });

  it.each([20, 40, 60, 100, 200])('is never wider than %i cells', (width) => {
    expect(widest(taskTable(many, plain, width))).toBeLessThanOrEqual(width);
  });

  it('shows of a long list the part where the work is, and says how much is left out', () => {
    const lines = taskTable(many, plain, 100, { rows: 10 }).split('\n');
    expect(lines).toHaveLength(12);
    expect(lines[1]).toContain('T89 ');
    expect(lines[3]).toMatch(/^○ {2}T91 |^· {2}T91 /);
    expect(lines.at(-1)).toBe('… 88 before these, 102 after them');
  });

  it('shows the end of a long list that is finished', () => {
    const finished = documentOf(many.tasks.map((task) => ({ ...task, status: 'done' as const })));
    expect(taskTable(finished, plain, 100, { rows: 10 }).split('\n').at(-1)).toBe(
      '… 190 before these',
    );
  });

  it('shortens a long list of dependencies', () => {
    expect(taskTable(many, plain, 120).split('\n')[200]).toMatch(/T199 T198 \+10$/);
  });
});

describe('progressLine', () => {
  it('counts the states', () => {
    expect(progressLine(chain, plain)).toBe(
      '[#####---------------] 1/4 settled · 1 ready · 1 blocked · 1 needs review',
    );
  });

  it('is broken between its parts where the terminal is narrow', () => {
    expect(progressLine(chain, plain, 40)).toBe(
      ['[###-------] 1/4 settled · 1 ready', '1 blocked · 1 needs review'].join('\n'),
    );
  });

  it('stands on an empty list', () => {
    expect(progressLine(documentOf([]), plain)).toBe('[--------------------] 0/0 settled');
  });
});

describe('featureText', () => {
  it('shows what is doubtful about the plan', () => {
    const doubtful = documentOf([{ id: 'T1' }], {
      requirements: [{ id: 'R1', text: 'It works', acceptance: [] }],
    });
    expect(featureText('slug', doubtful, plain, 80)).toContain(
      'warning: Requirement R1 is covered by no task',
    );
  });

  it('says the same with colours as without', () => {
    const text = featureText('slug', chain, coloured, 80);
    expect(text).not.toBe(stripAnsi(text));
    expect(stripAnsi(text)).toBe(featureText('slug', chain, plain, 80));
  });
});

describe('taskText', () => {
  const result = {
    outcome: 'not_approved' as const,
    by: 'supervisor' as const,
    at: '2026-01-01T00:00:00.000Z',
    reason: 'No progress.',
    run: null,
    attempt: 2,
    rounds: 1,
    author: 'vendor/author',
    reviewer: 'vendor/reviewer',
    files: [
      { path: 'src/a.ts', sha256: 'a' },
      { path: 'src/b.ts', sha256: null },
    ],
    gates: [{ gate: 'paths', status: 'passed', summary: '2 paths' }],
    review: { verdict: 'revise' as const, summary: 'Too short.' },
    feedback: null,
  };

  it('shows plan and evidence', () => {
    const document = documentOf(
      [
        {
          id: 'T1',
          status: 'needs_review',
          description: 'First.\nSecond.',
          requirements: ['R1'],
          acceptance: ['It runs.'],
          files: ['src/a.ts'],
          result,
        },
      ],
      { requirements: [{ id: 'R1', text: 'It works', acceptance: [] }] },
    );
    const [task] = document.tasks;
    if (task === undefined) throw new Error('the document has a task');
    expect(taskText(document, task, plain)).toBe(
      [
        'T1 Title of T1  needs review',
        'code · general · complexity 3 · workflow open',
        '',
        'First.',
        'Second.',
        '',
        'requirements:',
        '  - R1 It works',
        'acceptance:',
        '  - It runs.',
        'files:',
        '  - src/a.ts',
        '',
        'not approved by supervisor at 2026-01-01T00:00:00.000Z: No progress.',
        'attempt 2, 1 review round, author vendor/author, reviewer vendor/reviewer',
        'gates:',
        '  - paths passed: 2 paths',
        'review: revise: Too short.',
        'result files:',
        '  - src/a.ts',
        '  - src/b.ts (deleted)',
      ].join('\n'),
    );
  });

  it('shows what each review found', () => {
    const document = documentOf([{ id: 'T1', status: 'needs_review', result }]);
    const [task] = document.tasks;
    if (task === undefined) throw new Error('the document has a task');
    const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
    const finding = {
      category: 'test',
      severity: 'major' as const,
      evidence: 'add(1, 1) gives 3',
      location: 'src/a.ts:2',
      fixHint: 'drop the + 1',
    };
    const review = { verdict: 'revise' as const, summary: 'Wrong.', scores, findings: [finding] };
    const rounds = [
      { round: 1, review },
      { round: 2, review: { ...review, verdict: 'accept' as const, findings: [] } },
    ];
    expect(taskText(document, task, plain, { rounds }).split('\n').slice(-4)).toEqual([
      'review 1: revise, 1 finding:',
      '  - major, test at src/a.ts:2: add(1, 1) gives 3',
      '    fix: drop the + 1',
      'review 2: accept, 0 findings',
    ]);
    const settled = {
      ...finding,
      id: 'F1',
      cites: 'R1',
      standing: 'refuted' as const,
      reason: 'a.ts:2 adds',
    };
    const said = { ...review, findings: [settled], note: 'Nobody else was asked.' };
    const shown = taskText(document, task, plain, { rounds: [{ round: 1, review: said }] });
    expect(shown.split('\n').slice(-5)).toEqual([
      'review 1: revise, 1 finding:',
      '  - F1 major, test at src/a.ts:2, cites R1: add(1, 1) gives 3',
      '    refuted: a.ts:2 adds',
      '    fix: drop the + 1',
      'Nobody else was asked.',
    ]);
  });

  it('says what a blocked task waits for', () => {
    const [, , , last] = chain.tasks;
    if (last === undefined) throw new Error('the document has four tasks');
    expect(taskText(chain, last, plain)).toContain('waits for T2, T3');
  });

  it('lets no field drive the terminal, those included that a file may hold as they are', () => {
    const document = documentOf([
      {
        id: 'T1',
        status: 'needs_review',
        description: 'shown\rhidden',
        result: {
          ...result,
          author: 'a\u001B[2J',
          gates: [{ gate: 'g\u001B[2J', status: 's\u001B]0;x\u0007', summary: 'fine' }],
        },
      },
    ]);
    const [task] = document.tasks;
    if (task === undefined) throw new Error('the document has a task');
    expect(taskText(document, task, plain)).not.toMatch(/[\u001B\u0007\r]/);
  });
});
