import { describe, expect, it } from 'vitest';
import type { EnsembleMember } from '../../src/domain/ensemble.ts';
import type { RunEventBody } from '../../src/domain/event.ts';
import type { Finding, FindingsMode } from '../../src/domain/review.ts';
import { askReviewers } from '../../src/supervisor/ask-reviewers.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { candidate } from '../helpers/prompt-samples.ts';
import { filesIn, workOver } from '../helpers/work.ts';
import { routerOver } from '../models/fake-providers.ts';
import { finding, review } from './loop.ts';

const cited = (more: Partial<Finding> = {}): Finding =>
  finding({ cites: 'R1', location: 'src/parse.js:1', ...more });

/** Two validators, of families of their own, on work of a third. */
async function validate(given: {
  readonly found: readonly [Finding[], Finding[]];
  readonly reads?: Partial<Record<'two' | 'three' | 'four', object[]>>;
  readonly mode?: FindingsMode;
  readonly models?: readonly ('two' | 'three' | 'four')[];
}) {
  const { found, reads = {}, mode = 'grounded', models = ['two', 'three', 'four'] } = given;
  const names = ['two', 'three'] as const;
  const scripts = new Map(
    names.map((name, at) => [name, { review: [review(found[at] ?? [])] }] as const),
  );
  const made = models.map((name) =>
    fakeModel(
      { ...scripts.get(name as 'two'), 'second-read': reads[name] ?? [] },
      { ref: `${name}/m`, family: name },
    ),
  );
  const events: RunEventBody[] = [];
  const work = workOver(routerOver(made, { coder: made, critic: made }), {
    findings: { mode, citable: [{ id: 'R1', text: 'It parses' }] },
    emit: (event) => events.push(event),
  });
  const members = names.map((name): EnsembleMember => {
    return { model: `${name}/m`, family: name, reason: 'test' };
  });
  const said = await askReviewers(
    work,
    members,
    { candidate, gates: [] },
    {
      families: [candidate.author.family],
      wanted: 2,
      deadline: { ms: null, fix: '' },
      files: filesIn(new Map()),
    },
  );
  const asked = made.flatMap(({ identity, requests }) =>
    requests.flatMap(({ purpose }) => (purpose.stage === 'second-read' ? [identity.family] : [])),
  );
  const stood = said.validation.map(({ review: own }) =>
    own?.findings.map(({ id, standing }) => `${id} ${standing}`),
  );
  return { ...said, asked, stood };
}

const says = (...verdicts: string[]) => ({
  findings: verdicts.map((verdict, at) => ({
    id: `F${at + 1}`,
    verdict,
    reasons: 'src/parse.js:1 does it.',
  })),
});

describe('what validators find', () => {
  it('is read again all at once, by a model that found nothing itself', async () => {
    const { needsReview, asked, stood } = await validate({
      found: [[cited(), cited({ category: 'test' })], []],
      reads: { three: [says('refuted', 'refuted')] },
    });
    expect(needsReview).toEqual([]);
    expect(asked).toEqual(['three']);
    expect(stood).toEqual([['F1 refuted', 'F2 refuted'], []]);
  });

  it('of several is read by another one, once, and blocks where it stands', async () => {
    const { needsReview, asked, stood } = await validate({
      found: [[cited()], [cited({ category: 'test' })]],
      reads: { four: [says('refuted', 'holds')] },
    });
    expect(needsReview).toEqual(['validators_disagree']);
    expect(asked).toEqual(['four']);
    expect(stood).toEqual([['F1 refuted'], ['F2 grounded']]);
  });

  it('blocks by what it cites alone where nobody else is there, and says so', async () => {
    const { needsReview, validation } = await validate({
      found: [[cited()], [cited()]],
      models: ['two', 'three'],
    });
    expect(needsReview).toEqual(['validators_disagree']);
    expect(validation[0]?.review?.note).toContain('No second reader was reachable');
  });

  it('without grounds blocks nothing; about one line it needs a person', async () => {
    const vague = finding({ location: 'src/parse.js:1' });
    expect((await validate({ found: [[vague], []] })).needsReview).toEqual([]);
    const both = await validate({ found: [[vague], [{ ...vague, category: 'test' }]] });
    expect(both.needsReview).toEqual(['doubtful_findings']);
    expect(both.asked).toEqual([]);
  });

  it('blocks by its severity where any counts', async () => {
    const { needsReview, asked, validation } = await validate({
      mode: 'any',
      found: [[finding()], []],
    });
    expect(needsReview).toEqual(['validators_disagree']);
    expect(asked).toEqual([]);
    expect(validation[0]?.review?.findings).toEqual([finding()]);
  });
});
