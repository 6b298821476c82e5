import { expect, it } from 'vitest';
import { checkedBundle } from '../../src/text/bundle/parsed.ts';
import { disputeLines } from '../../src/text/dispute-lines.ts';

it.each([
  ['Dispute R2.1: it says 4.', [{ criterion: 'R2.1', reason: 'it says 4.' }]],
  ['- **Dispute T3.1**: no', [{ criterion: 'T3.1', reason: 'no' }]],
  ['> dispute R1 – why', [{ criterion: 'R1', reason: 'why' }]],
  [
    'Done.\nDispute R1.1: a\nDispute R1.2: b',
    [
      { criterion: 'R1.1', reason: 'a' },
      { criterion: 'R1.2', reason: 'b' },
    ],
  ],
  ['I dispute nothing: all is well.', []],
  ['The dispute R1.1: a', []],
  ['Dispute R1.1', []],
])('reads the disputes of %j', (notes, found) => {
  expect(disputeLines(notes)).toEqual(found);
});

it('a reply that only disputes is a bundle; other words without files are none', () => {
  const bundle = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };
  expect(checkedBundle({ ...bundle, notes: 'Dispute R1.1: it says 4.' })).toHaveProperty('bundle');
  expect(checkedBundle({ ...bundle, notes: 'It is right as it is.' })).toHaveProperty('faults');
});
