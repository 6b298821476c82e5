import { describe, expect, it } from 'vitest';
import { askPrompt } from '../../../src/strategies/ensemble/ask-prompt.ts';
import { mergePrompt } from '../../../src/strategies/ensemble/merge-prompt.ts';
import { candidate, context, otherCandidate } from '../../helpers/prompt-samples.ts';
import { shownPrompt } from '../../helpers/shown-prompt.ts';

const codecs = ['fenced', 'json'] as const;

describe('the prompt of a question', () => {
  it.each(codecs)('allows files sent %s', (codec) => {
    const files = context.slice(0, 1);
    expect(shownPrompt(askPrompt('Which units are there?', files, codec))).toMatchSnapshot();
  });
});

describe('the prompt of a merge', () => {
  const words = { ...candidate, changes: new Map(), bundle: { ...candidate.bundle, tests: [] } };
  const cases = codecs.flatMap((codec) =>
    [false, true].flatMap((mayBeText) =>
      [false, true].map((allPerspectives) => ({ codec, mayBeText, allPerspectives })),
    ),
  );

  it.each(cases)('is this: $codec, words $mayBeText, perspectives $allPerspectives', (merge) => {
    const answers = merge.mayBeText ? [words, otherCandidate] : [candidate, otherCandidate];
    expect(shownPrompt(mergePrompt(context, answers, merge.codec, merge))).toMatchSnapshot();
  });
});
