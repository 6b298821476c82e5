import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  renderSpec,
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
    ['none', '# Title\n\nRead R1 of the other text.\n\n- R0: no\n- Rx: no\n', []],
    ['empty', '', []],
    ['in a code block', '```\n### R1: no\n```\n', []],
  ])('%s', (_name, markdown, expected) => {
    expect(requirementsOf(markdown)).toEqual(expected);
  });
});

test('a text without headings has no title and no sections', () => {
  expect(titleOf('just text')).toBeNull();
  expect(sectionsOf('just text')).toEqual([]);
});
