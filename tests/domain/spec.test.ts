import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isRequirementHeading,
  renderSpec,
  repeatedRequirements,
  requirementsOf,
  sectionsOf,
  titleOf,
  type SpecDocument,
} from '../../src/domain/spec.ts';

const spec: SpecDocument = {
  title: 'Durations',
  overview: 'Reads durations.',
  goals: ['Be exact'],
  nonGoals: [],
  requirements: [
    { id: 'R1', text: 'Parse 1h30m', acceptance: ['1h is 3600', 'empty is an error'] },
    { id: 'R2', text: 'Format seconds', acceptance: [] },
  ],
  interfaces: '`parse(text: string): number`',
  constraints: ['No dependencies'],
  openQuestions: [],
};

test('a rendered spec is read back', () => {
  const markdown = renderSpec(spec);
  expect(titleOf(markdown)).toBe('Durations');
  expect(requirementsOf(markdown)).toEqual(spec.requirements);
  expect(sectionsOf(markdown).map(({ heading, depth }) => `${depth} ${heading}`)).toEqual([
    '1 Durations',
    '2 Overview',
    '2 Goals',
    '2 Non-goals',
    '2 Requirements',
    '3 R1: Parse 1h30m',
    '3 R2: Format seconds',
    '2 Data and interfaces',
    '2 Constraints',
    '2 Open questions',
  ]);
  expect(markdown).toContain('## Non-goals\n\n- None.\n');
});

test('requirements stand below the part of the product that they are about', () => {
  const [first, second] = [
    { id: 'R1', text: 'Parse', acceptance: ['1h is 3600'] },
    { id: 'R2', text: 'Refuse', acceptance: [] },
  ];
  const third = { id: 'R3', text: 'Format', acceptance: [] };
  const inParts = [
    { ...first, area: 'Reading' },
    { ...second, area: 'Reading' },
    { ...third, area: null },
  ];
  const markdown = renderSpec({ ...spec, requirements: inParts });
  expect(requirementsOf(markdown)).toEqual([first, second, third]);
  const headings = sectionsOf(markdown).map(({ heading, depth }) => `${depth} ${heading}`);
  expect(headings.slice(5, 9)).toEqual([
    '3 Reading',
    '4 R1: Parse',
    '4 R2: Refuse',
    '3 R3: Format',
  ]);
});

test('requirements of plain words survive being rendered', () => {
  const words = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,4}$/);
  fc.assert(
    fc.property(
      fc.array(fc.record({ text: words, acceptance: fc.array(words, { maxLength: 3 }) }), {
        maxLength: 6,
      }),
      (entries) => {
        const requirements = entries.map((entry, index) => ({ id: `R${index + 1}`, ...entry }));
        expect(requirementsOf(renderSpec({ ...spec, requirements }))).toEqual(requirements);
      },
    ),
  );
});

describe('requirementsOf reads what people write', () => {
  test.each([
    [
      'a heading with a dash',
      '### R1 - Do it\n\n- a\n- b\n',
      [{ id: 'R1', text: 'Do it', acceptance: ['a', 'b'] }],
    ],
    [
      'a bold list item',
      '- **R1:** Do it\n  - a\n',
      [{ id: 'R1', text: 'Do it', acceptance: ['a'] }],
    ],
    [
      'text below the heading',
      '### R1\n\nDo it.\n\n* a\n',
      [{ id: 'R1', text: 'Do it.', acceptance: ['a'] }],
    ],
    [
      'the first of an id counts',
      '- R1: one\n- R1: two\n- R2: three\n',
      [
        { id: 'R1', text: 'one', acceptance: [] },
        { id: 'R2', text: 'three', acceptance: [] },
      ],
    ],
    [
      'the detailed statement counts, not a summary before it',
      '- R1: short\n\n## Requirements\n\n### R1: Long\n\n- a\n',
      [{ id: 'R1', text: 'Long', acceptance: ['a'] }],
    ],
    [
      'the detailed statement counts, not a list behind it',
      '### R1: Long\n\n- a\n\n## Trace\n\n- R1: T1, T2\n',
      [{ id: 'R1', text: 'Long', acceptance: ['a'] }],
    ],
    [
      'headings before a list of the details',
      '### R1: Short\n\n### R2: Other\n\n## Details\n\n- R1: Long\n  - a\n',
      [
        { id: 'R1', text: 'Long', acceptance: ['a'] },
        { id: 'R2', text: 'Other', acceptance: [] },
      ],
    ],
    [
      'ids of other forms',
      '### R-2: b\n\n### R01 – a\n\n### REQ-3: c\n\n### [R4] d\n\n### 1.5 R5: e\n',
      [
        { id: 'R2', text: 'b', acceptance: [], written: 'R-2' },
        { id: 'R1', text: 'a', acceptance: [], written: 'R01' },
        { id: 'R3', text: 'c', acceptance: [], written: 'REQ-3' },
        { id: 'R4', text: 'd', acceptance: [] },
        { id: 'R5', text: 'e', acceptance: [] },
      ],
    ],
    [
      'ids that no task can name',
      '### R1: a\n\n### R1a: b\n\n### R2: c\n\n### NFR-1: d\n',
      [
        { id: 'R1', text: 'a', acceptance: [] },
        { id: 'R3', text: 'b', acceptance: [], written: 'R1a' },
        { id: 'R2', text: 'c', acceptance: [] },
        { id: 'R4', text: 'd', acceptance: [], written: 'NFR-1' },
      ],
    ],
    [
      'criteria with ids',
      '### R1: a\n\n- R1.1: b\n- **R1.2** c\n',
      [{ id: 'R1', text: 'a', acceptance: ['R1.1: b', 'R1.2 c'] }],
    ],
    [
      'a table and code below the statement',
      '### R1: a\n\n| x | y |\n| - | - |\n| 1 | 2 |\n\n```\n$ run\n```\n\n<!-- no -->\n',
      [
        {
          id: 'R1',
          text: 'a\n| x | y |\n| - | - |\n| 1 | 2 |\n```\n$ run\n```',
          acceptance: [],
        },
      ],
    ],
    ['none', '# Title\n\nRead R1 of the other text.\n\n- R0: no\n- Rx: no\n', []],
    ['empty', '', []],
    ['in a code block', '```\n### R1: no\n```\n', []],
  ])('%s', (_name, markdown, expected) => {
    expect(requirementsOf(markdown)).toEqual(expected);
  });
});

test.each([
  ['An `__init__.py` with `__version__`', 'An __init__.py with __version__'],
  ['An __init__.py with __version__ and __all__', 'An __init__.py with __version__ and __all__'],
  ['`src/**/*.ts` and `**/test/**`', 'src/**/*.ts and **/test/**'],
  ['src/**/*.ts and **/test/** and a/**', 'src/**/*.ts and **/test/** and a/**'],
  ['`2 ** 3` and 2 ** 3 and a**b**c', '2 ** 3 and 2 ** 3 and a**b**c'],
  ['`__` and `**` and `f(**kwargs)`', '__ and ** and f(**kwargs)'],
  ['f(**a) and g(**b), *args', 'f(**a) and g(**b), *args'],
  ['It **must** be **very fast**.', 'It must be very fast.'],
  ['__All of it__ is *read*', 'All of it is *read*'],
  ['`| a | b |`, <b>bold</b>, a&amp;b', '| a | b |, <b>bold</b>, a&amp;b'],
  ['\\*stars\\* and C:\\dir and \\d+\\.', '*stars* and C:\\dir and \\d+\\.'],
  ['``a ` b`` [a](b) <https://c.d>', 'a ` b [a](b) <https://c.d>'],
])('%s keeps its signs', (written, kept) => {
  const [stated] = requirementsOf(`### R1: ${written}\n\n- ${written}\n`);
  expect(stated).toEqual({ id: 'R1', text: kept, acceptance: [kept] });
  expect(requirementsOf(`- R1: ${written}\n  - ${written}\n`)).toEqual([stated]);
});

test('a text without headings has no title and no sections', () => {
  expect(titleOf('just text')).toBeNull();
  expect(sectionsOf('just text')).toEqual([]);
});

describe('a hostile spec', () => {
  const count = 20_000;
  const many = Array.from({ length: count }, (_, at) => `### R${at + 1}: It ${at}\n\n- It does.\n`);

  test('of very many requirements is read whole, and those that are stated twice are named', () => {
    const spec = `${many.join('\n')}\n### R7: It again\n\n- It does.\n`;
    expect(requirementsOf(spec)).toHaveLength(count);
    expect(requirementsOf(spec)[6]).toEqual({ id: 'R7', text: 'It 6', acceptance: ['It does.'] });
    expect(repeatedRequirements(spec)).toEqual(['R7']);
  });

  test('of very many criteria by their numbers is read whole', () => {
    const criteria = Array.from(
      { length: count },
      (_, at) => `- R${at % 2 === 0 ? 1 : 2}.${at % 9999}: so`,
    );
    const spec = `# A\n\n- R1: one\n- R2: two\n${criteria.join('\n')}\n`;
    const [one, two] = requirementsOf(spec);
    expect([one?.acceptance.length, two?.acceptance.length]).toEqual([count / 2, count / 2]);
  });

  test.each([
    ['marks that never end', `${'**a'.repeat(100_000)}\n`],
    ['marks of two kinds', `${'~a~~'.repeat(100_000)}\n`],
    ['quotations in each other', `${'>'.repeat(100_000)}\n`],
    ['list items in each other', `${'- '.repeat(50_000)}\n`],
    ['brackets', `${'[a]('.repeat(100_000)}\n`],
  ])('of %s is read as it is written', (_name, text) => {
    const spec = `# Title ${text}\n### R1: It works\n\n${text}\n### R2: It ${text}`;
    expect(requirementsOf(spec).map(({ id }) => id)).toEqual(['R1', 'R2']);
    expect(titleOf(spec)).toContain('Title');
    expect(isRequirementHeading(`R1: ${text}`)).toBe(true);
  });

  test('what a caller does to a result leaves the next one alone', () => {
    const spec = '### R1: One\n\n- It does.\n';
    requirementsOf(spec)[0]?.acceptance.push('more');
    expect(requirementsOf(spec)[0]?.acceptance).toEqual(['It does.']);
  });
});
