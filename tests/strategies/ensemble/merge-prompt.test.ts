import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/domain/candidate.ts';
import { mergePrompt } from '../../../src/strategies/ensemble/merge-prompt.ts';

const context = [{ role: 'user', name: 'task', text: '# The task\n\nAdd.', cache: true }] as const;
const author = { ref: { provider: 'p', model: 'm' }, family: 'f', rules: false };
const nothing = { files: [], edits: [], deletions: [], tests: [], commands: [] };
const inFiles: Candidate = {
  bundle: { ...nothing, tests: ['a.test.js'], commands: ['node --test'], notes: 'Short.' },
  changes: new Map<string, string | null>([
    ['a.js', 'x\n'],
    ['old.js', null],
  ]),
  author,
};
const inWords: Candidate = { bundle: { ...nothing, notes: 'Use A.' }, changes: new Map(), author };

describe('the prompt of a merge', () => {
  it.each([
    ['of files', { mayBeText: false, allPerspectives: false, codec: 'fenced' }],
    [
      'of words or files, on architecture',
      { mayBeText: true, allPerspectives: true, codec: 'json' },
    ],
  ] as const)('%s is this', (_what, words) => {
    const shown = mergePrompt(context, [inFiles, inWords], words)
      .map(
        ({ role, name, text, cache }) => `=== ${role} ${name}${cache ? ' (cache)' : ''}\n${text}`,
      )
      .join('\n\n');
    expect(shown).toMatchSnapshot();
  });
});
