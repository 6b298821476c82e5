import { describe, expect, it } from 'vitest';
import { responseSchema } from '../../../src/models/generate-object.ts';
import { critiqueSchema } from '../../../src/supervisor/critics/critique.ts';
import { all, critic } from './arbitrary-opinions.ts';

describe('a critic’s reply', () => {
  const critics = [critic('a'), { ...critic('b'), blocking: ['licence'] }];
  const schema = critiqueSchema('candidate-1', critics, 'grounded');
  const reply = {
    candidate: 'candidate-1',
    verdict: 'accept',
    scores: all(0.5),
    failures: [{ category: 'licence', evidence: 'e', location: null, fixHint: 'f' }],
    nextActions: [],
  };

  it('is taken in its form', () => {
    expect(schema.safeParse(reply).success).toBe(true);
  });

  it.each([
    ['a score of 7 out of 1', { scores: { ...all(0.5), safety: 7 } }],
    ['a score below 0', { scores: { ...all(0.5), safety: -0.1 } }],
    ['a score that is missing', { scores: { correctness: 1 } }],
    ['another candidate', { candidate: 'candidate-2' }],
    ['an unknown category', { failures: [{ ...reply.failures[0], category: 'vibes' }] }],
    ['a revision without a reason', { verdict: 'revise', failures: [] }],
    ['an unknown field', { mood: 'good' }],
  ])('is a fault with %s', (_, wrong) => {
    expect(schema.safeParse({ ...reply, ...wrong }).success).toBe(false);
  });

  it('cites something where findings have to; a reply of before it was asked for cites nothing', () => {
    const [failure] = schema.parse(reply).failures;
    expect(failure?.cites).toBeNull();
    const cited = { ...reply, failures: [{ ...reply.failures[0], cites: 'R1' }] };
    expect(schema.parse(cited).failures[0]?.cites).toBe('R1');
    expect(critiqueSchema('candidate-1', critics, 'any').safeParse(cited).success).toBe(false);
  });

  it('is asked for in the portable style', () => {
    const { json } = responseSchema('critique', schema);
    const text = JSON.stringify(json);
    expect(text).not.toMatch(/minimum|maximum|pattern|minLength|\$ref/);
    expect(text).toContain('"additionalProperties":false');
    expect(text).toContain('licence');
  });
});
