import { describe, expect, it } from 'vitest';
import { authorPart } from '../../src/acceptance/author-part.ts';
import type { Contract } from '../../src/acceptance/contract.ts';
import {
  disputePrompt,
  judgePrompt,
  mendPrompt,
  writePrompt,
} from '../../src/acceptance/prompts.ts';
import { context } from '../helpers/prompt-samples.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';

const criteria = [
  { id: 'R1.1', text: '«1h 30m» gives 5400', requirement: 'R1' },
  { id: 'T3.1', text: 'The words are friendly', requirement: null },
];
const layout = {
  runners: ['node --test, by script "test" of package.json'],
  examples: ['test/format.test.js'],
  unavailable: null,
};
const test = {
  criterion: 'R1.1',
  path: 'test/r1-1.test.js',
  content: "test('R1.1 reads 1h 30m', () => {});\n",
  failed: 'Cannot find module src/parse.js',
};
const contract: Contract = {
  version: 1,
  verifier: 'two/verifier',
  sameFamily: false,
  uses: ['src/parse.js exports parse(text)'],
  criteria: [
    { id: 'R1.1', text: '«1h 30m» gives 5400', by: 'test', why: 'reads it' },
    { id: 'T3.1', text: 'The words are friendly', by: 'reader', why: 'wording' },
  ],
  tests: [test],
};

describe('the prompts of acceptance', () => {
  it('ask for tests', () => {
    expect(shownPrompt(writePrompt(context, criteria, layout))).toMatchSnapshot();
  });

  it('know a project without any test', () => {
    const bare = { runners: [], examples: [], unavailable: null };
    expect(shownPrompt(writePrompt(context, criteria, bare).slice(-1))).toMatchSnapshot();
  });

  it('ask again, below what was asked first', () => {
    const first = writePrompt(context, criteria, layout);
    const problems = [
      { criterion: 'R1.1', problem: 'it passes already' },
      { criterion: 'T3.1', problem: 'nothing was said of it' },
    ];
    const again = mendPrompt(first, [test], problems);
    expect(again.slice(0, first.length)).toEqual(first);
    expect(shownPrompt(again.slice(first.length))).toMatchSnapshot();
  });

  it('have a dispute decided', () => {
    const [criterion = { id: '', text: '' }] = criteria;
    const failed = { ...criterion, test, output: 'failed: 90' };
    const disputes = [
      { ...failed, reason: 'It is 90.' },
      { ...failed, id: 'R1.2', reason: null },
    ];
    const shown = disputePrompt(context, { work: 'FILE: a.js', disputes });
    expect(shownPrompt(shown)).toMatchSnapshot();
  });

  it('have criteria judged', () => {
    const doubted = { why: 'its test was disputed, and stayed' };
    const asked = contract.criteria.map((one) =>
      one.by === 'test' ? { ...one, ...doubted } : one,
    );
    const shown = judgePrompt(context, 'FILE: a.js', asked);
    expect(shownPrompt(shown)).toMatchSnapshot();
  });

  it.each(['hidden', 'shown'] as const)('tell the author, tests %s', (shown) => {
    const part = authorPart(contract, shown);
    expect(part === null ? '' : shownPrompt([part])).toMatchSnapshot();
  });

  it('tell the author nothing where there is no test', () => {
    expect(authorPart({ ...contract, tests: [] }, 'shown')).toBeNull();
  });
});
