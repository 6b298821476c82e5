import { describe, expect, it } from 'vitest';
import {
  isBlocking,
  reviewReplySchema,
  reviewSchema,
  type Finding,
} from '../../src/domain/review.ts';

const finding: Finding = {
  category: 'test',
  severity: 'major',
  evidence: 'e',
  location: 'a.js:1',
  fixHint: 'f',
};
const review = (one: object) => ({
  verdict: 'revise',
  summary: 's',
  scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
  findings: [one],
});

describe('a review', () => {
  it('of before findings had to show anything is read as it is', () => {
    expect(reviewSchema.parse(review(finding))).toEqual(review(finding));
  });

  it('that a model sends may lack what it cites, and says nothing of how its findings stand', () => {
    const asked = reviewReplySchema('grounded');
    const more = { cites: null, earlier: null, test: null };
    expect(asked.parse(review(finding))).toEqual(review({ ...finding, ...more }));
    expect(reviewSchema.parse(asked.parse(review(finding)))).toBeTruthy();
    for (const own of [{ standing: 'proved' }, { id: 'F1' }, { reason: 'r' }])
      expect(asked.safeParse(review({ ...finding, ...own })).success).toBe(false);
  });

  it('is asked for without them where all findings count', () => {
    const asked = reviewReplySchema('any');
    expect(asked.parse(review(finding))).toEqual(review(finding));
    const more = { cites: 'R1', earlier: null, test: null };
    expect(asked.parse(review({ ...finding, ...more }))).toEqual(review(finding));
    expect(asked.safeParse(review({ ...finding, mood: 'good' })).success).toBe(false);
    for (const odd of [null, 'x', { findings: null }, { findings: [null] }])
      expect(asked.safeParse(odd).success).toBe(false);
  });
});

describe('a finding', () => {
  it.each([
    [{}, true],
    [{ standing: 'proved' }, true],
    [{ standing: 'grounded' }, true],
    [{ standing: 'doubtful' }, false],
    [{ standing: 'refuted' }, false],
    [{ severity: 'minor' }, false],
    [{ severity: 'minor', standing: 'proved' }, false],
  ] as [Partial<Finding>, boolean][])('with %j blocks: %s', (more, blocks) => {
    expect(isBlocking({ ...finding, ...more })).toBe(blocks);
  });
});
