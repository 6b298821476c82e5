import { describe, expect, it } from 'vitest';
import { authorsOf } from '../../src/domain/candidate.ts';
import { InterruptedError } from '../../src/domain/errors.ts';
import type { GateResult } from '../../src/domain/gate-result.ts';
import { ModelError, type ModelErrorKind } from '../../src/domain/model-error.ts';
import { formatModelRef } from '../../src/domain/model-role.ts';
import { contents, file, finding, gate, lastPart, review, setup } from './loop.ts';

describe('approval', () => {
  it('comes at once where the gates pass and the review finds nothing', async () => {
    const { run, author, reviewer, events, kept } = setup({
      replies: { reviewer: { review: [review([])] } },
    });
    expect(await run()).toMatchObject({
      approved: true,
      stop: 'approved',
      rounds: 1,
      reviewer: { ref: { provider: 'two', model: 'reviewer' } },
      review: { verdict: 'accept' },
    });
    expect(author.requests).toEqual([]);
    expect(reviewer.requests).toHaveLength(1);
    expect(events.map(({ type }) => type)).toEqual([
      'gate-finish',
      'route-decide',
      'review-finish',
    ]);
    expect(events.at(-1)).toMatchObject({ reviewer: 'two/reviewer', sameFamily: false });
    expect(kept.map(({ round, made }) => [round, Object.keys(made)])).toEqual([
      [1, ['candidate', 'gates']],
      [1, ['review']],
    ]);
  });

  it('comes after a correction, which is itself checked and reviewed', async () => {
    const { run, reviewer, checked } = setup({
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([finding()]), review([])] },
      },
    });
    const result = await run();
    expect(result).toMatchObject({ approved: true, rounds: 2 });
    expect(contents(result)).toEqual({ 'a.js': 'second\n' });
    expect(checked.map(({ changes }) => changes.get('a.js'))).toEqual(['first\n', 'second\n']);
    expect(reviewer.requests[1]?.parts.find(({ name }) => name === 'work')?.text).toContain(
      'second',
    );
  });

  it('asks with the salt of the attempt, and the same words each time', async () => {
    const make = () => setup({ replies: { reviewer: { review: [review([])] } } });
    const [one, two] = [make(), make()];
    await one.run();
    await two.run();
    expect(one.reviewer.requests[0]?.salt).toBe('attempt-2');
    expect(one.reviewer.requests[0]?.parts).toEqual(two.reviewer.requests[0]?.parts);
  });

  it.each([
    ['accept with a blocker is none', 'accept', 'blocker', false],
    ['accept with a major finding is none', 'accept', 'major', false],
    ['revise with a minor finding is one', 'revise', 'minor', true],
    ['revise with a nit is one', 'revise', 'nit', true],
    ['accept with a nit is one', 'accept', 'nit', true],
  ] as const)('follows severity, not the verdict: %s', async (_, verdict, severity, approved) => {
    const { run } = setup({
      maxIterations: 1,
      replies: { reviewer: { review: [review([finding({ severity })], { verdict })] } },
    });
    expect(await run()).toMatchObject({ approved, stop: approved ? 'approved' : 'round_cap' });
  });

  it.each(['The edge case is missing.', ''])(
    'is not read out of a revision without findings (summary «%s»)',
    async (summary) => {
      const { run, author } = setup({
        replies: {
          author: { correct: [file('second')] },
          reviewer: { review: [review([], { verdict: 'revise', summary }), review([])] },
        },
      });
      expect(await run()).toMatchObject({ approved: true, rounds: 2 });
      expect(lastPart(author, 0)).toContain(
        summary === '' ? 'did not say why' : 'The edge case is missing.',
      );
    },
  );
});

describe('gates', () => {
  const broken = finding({ category: 'syntax', severity: 'blocker', evidence: 'Unexpected token' });

  it('outrank a reviewer who accepts', async () => {
    const { run } = setup({
      maxIterations: 1,
      gates: [[gate('failed', { findings: [broken] })]],
      replies: { reviewer: { review: [review([])] } },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'round_cap' });
  });

  it('keep work from approval even when they give no finding', async () => {
    const { run, author } = setup({
      gates: [[gate('failed', { summary: 'It does not parse.' })], [gate('passed')]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([]), review([])] },
      },
    });
    expect(await run()).toMatchObject({ approved: true, rounds: 2 });
    expect(lastPart(author, 0)).toContain('It does not parse.');
  });

  it('that broke are no approval, and no fault of the work', async () => {
    const { run, author } = setup({
      gates: [[gate('errored', { gate: 'paths' }), gate('passed')]],
      replies: { reviewer: { review: [review([])] } },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'gate_errored', rounds: 1 });
    expect(author.requests).toEqual([]);
  });

  it('that broke stay no approval after a correction', async () => {
    const { run } = setup({
      gates: [[gate('errored')]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([finding()]), review([])] },
      },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'gate_errored', rounds: 2 });
  });

  it('that do not block, or had nothing to judge, do not hold work back', async () => {
    const { run } = setup({
      gates: [[gate('failed', { gate: 'lint' }), gate('skipped')]],
      replies: { reviewer: { review: [review([])] } },
    });
    expect(await run()).toMatchObject({ approved: true });
  });

  it('pay no review of what they refuse, and all that failed is told to the corrector', async () => {
    const lint = finding({ category: 'lint', severity: 'minor', evidence: 'Unused x' });
    const { run, author, reviewer, events } = setup({
      gates: [
        [
          gate('failed', { gate: 'lint', findings: [lint] }),
          gate('failed', { findings: [broken] }),
        ],
        [gate('passed')],
      ],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([])] },
      },
    });
    expect(await run()).toMatchObject({ approved: true, rounds: 2 });
    expect(reviewer.requests.map(({ purpose }) => purpose.round)).toEqual([2]);
    expect(events.filter(({ type }) => type === 'review-finish')).toHaveLength(1);
    const told = lastPart(author, 0);
    const places = ['Unexpected token', 'Unused x'].map((text) => told.indexOf(text));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('that do not block are shown to the reviewer, and stand before its findings', async () => {
    const lint = finding({ category: 'lint', severity: 'minor', evidence: 'Unused x' });
    const { run, author, reviewer } = setup({
      gates: [[gate('failed', { gate: 'lint', findings: [lint] })], [gate('passed')]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: {
          review: [
            review([
              finding({ severity: 'nit', evidence: 'A nit' }),
              finding({ evidence: 'A major one' }),
              finding({ severity: 'minor', evidence: 'A minor one' }),
            ]),
            review([]),
          ],
        },
      },
    });
    await run();
    expect(lastPart(reviewer, 0)).toContain('lint: failed');
    const told = lastPart(author, 0);
    const order = ['Unused x', 'A major one', 'A nit', 'A minor one'];
    const places = order.map((text) => told.indexOf(text));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('that fail alike after the author’s correction are another model’s to mend, once', async () => {
    const fails = gate('failed', { findings: [broken] });
    const { run, author, reviewer } = setup({
      maxIterations: 5,
      gates: [[fails]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { correct: [file('third')] },
      },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'no_progress', rounds: 3 });
    expect([author, reviewer].map(({ requests }) => requests.length)).toEqual([1, 1]);
  });

  it('show the corrector the test that failed, and what the work was not to change', async () => {
    const changed = finding({ category: 'tampering', location: 'package.json' });
    const failed = finding({ category: 'tests', location: 'test/a.test.js:12' });
    const outside = finding({ category: 'tests', location: '../outside.js:1' });
    const { run, author } = setup({
      base: { 'test/a.test.js': 'assert(first);\n', 'a.js': 'before\n', 'package.json': '{}\n' },
      gates: [[gate('failed', { findings: [failed, changed, outside, broken] })], [gate('passed')]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([finding({ location: 'secret.env:1' })])] },
      },
      maxIterations: 2,
    });
    await run();
    const part = author.requests[0]?.parts.find(({ name }) => name === 'named-files')?.text ?? '';
    expect(part).toContain('assert(first);');
    expect(part).toContain('package.json as it is:');
    expect(part).not.toContain('before\n');
  });

  it('lead to the best revision where none is approved, not the last', async () => {
    const fails = (count: number): GateResult =>
      gate('failed', {
        findings: Array.from({ length: count }, (_, index) =>
          finding({ ...broken, evidence: `Test ${index} of ${count} fails` }),
        ),
      });
    const { run } = setup({
      maxIterations: 3,
      gates: [[gate('passed')], [fails(1)], [fails(2)]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([finding()])], correct: [file('third')] },
      },
    });
    const done = await run();
    expect(done).toMatchObject({ approved: false, stop: 'round_cap', rounds: 3 });
    expect(done.reason).toContain('Kept is the work of round 1, the best of 3.');
    expect(contents(done)).toEqual({ 'a.js': 'first\n' });
    expect(done.gates).toMatchObject([{ status: 'passed' }]);
    expect(done.review?.findings).toHaveLength(1);
  });
});

describe('stops', () => {
  it('when the correction is the same work', async () => {
    const { run, author } = setup({
      replies: {
        author: { correct: [file('first')] },
        reviewer: { review: [review([finding()])] },
      },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'no_progress', rounds: 1 });
    expect(author.requests).toHaveLength(1);
  });

  it('when a correction goes back to earlier work', async () => {
    const { run } = setup({
      maxIterations: 5,
      replies: {
        author: { correct: [file('second')] },
        reviewer: {
          review: [review([finding()]), review([finding({ evidence: 'Other.' })])],
          correct: [file('first')],
        },
      },
    });
    const result = await run();
    expect(result).toMatchObject({ stop: 'no_progress', rounds: 2 });
    expect(contents(result)).toEqual({ 'a.js': 'second\n' });
  });

  it('when the same findings come twice, whatever their order and lines', async () => {
    const [a, b] = [finding({ evidence: 'A' }), finding({ evidence: 'B', location: 'a.js:7' })];
    const { run } = setup({
      maxIterations: 9,
      replies: {
        author: { correct: [file('second')] },
        reviewer: {
          review: [
            review([a, b]),
            review([
              { ...b, evidence: ' b ', location: 'a.js:9' },
              { ...a, location: 'a.js:3-4' },
            ]),
          ],
        },
      },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'no_progress', rounds: 2 });
  });

  it('at the round cap, with the last revision reviewed', async () => {
    const { run, author, reviewer, third, checked } = setup({
      maxIterations: 3,
      replies: {
        author: {
          correct: [file('second')],
        },
        // The second correction is the reviewer's, so somebody who wrote nothing of it reviews it.
        third: { review: [review([finding({ evidence: '3' })])] },
        reviewer: {
          review: [review([finding({ evidence: '1' })]), review([finding({ evidence: '2' })])],
          correct: [file('third')],
        },
      },
    });
    const result = await run();
    expect(result).toMatchObject({ approved: false, stop: 'round_cap', rounds: 3 });
    expect(contents(result)).toEqual({ 'a.js': 'third\n' });
    expect(result.review?.findings[0]?.evidence).toBe('3');
    expect(checked).toHaveLength(3);
    expect([...author.unused(), ...reviewer.unused(), ...third.unused()]).toEqual([]);
  });

  it.each<[string, ModelErrorKind]>([
    ['refused', 'refused'],
    ['cut short', 'truncated'],
    ['too long to ask for', 'context_too_long'],
    ['not accepted by the provider', 'bad_request'],
  ])('for a person when the review is %s', async (_, kind) => {
    const fault = new ModelError({
      kind,
      model: 'two/reviewer',
      message: `It was ${kind}`,
      rawReply: 'raw words',
    });
    const { run, kept } = setup({
      // Where another model may take a longer text, all are asked.
      replies: {
        reviewer: { review: [fault] },
        third: { review: [fault] },
        author: { review: [fault] },
      },
    });
    expect(await run()).toMatchObject({
      approved: false,
      stop: 'review_unusable',
      reason: expect.stringContaining(`It was ${kind}`),
      rounds: 1,
    });
    expect(kept.at(-1)).toEqual({
      round: 1,
      made: { unusable: { of: 'review', rawReply: 'raw words' } },
    });
  });

  it('for a person when the reviewer talks instead of judging, twice', async () => {
    const { run, reviewer, kept } = setup({
      replies: { reviewer: { review: ['Looks good to me!'], 'review:repair': ['Approved.'] } },
    });
    expect(await run()).toMatchObject({ approved: false, stop: 'review_unusable' });
    expect(reviewer.forgotten).toEqual(['review', 'review:repair']);
    expect(kept.at(-1)?.made).toEqual({ unusable: { of: 'review', rawReply: 'Approved.' } });
  });

  it('for a person when the correction cannot be applied, twice', async () => {
    const { run, kept } = setup({
      replies: {
        author: { correct: ['I disagree.'], 'correct:repair': ['I still do.'] },
        reviewer: { review: [review([finding()])] },
      },
    });
    const result = await run();
    expect(result).toMatchObject({ approved: false, stop: 'correction_unusable', rounds: 1 });
    expect(result.review?.findings).toHaveLength(1);
    expect(contents(result)).toEqual({ 'a.js': 'first\n' });
    expect(kept.at(-1)?.made).toEqual({ unusable: { of: 'correction', rawReply: 'I still do.' } });
  });

  it('for a person when the correction takes back all of the work', async () => {
    const { run } = setup({
      base: { 'a.js': 'before\n' },
      replies: {
        author: { correct: [file('before')] },
        reviewer: { review: [review([finding()])] },
      },
    });
    expect(await run()).toMatchObject({ stop: 'correction_unusable' });
  });

  it('for a person when only rules could review', async () => {
    const { run, reviewer } = setup({ reviewers: 'rules', replies: {} });
    expect(await run()).toMatchObject({ approved: false, stop: 'no_reviewer', review: null });
    expect(reviewer.requests).toEqual([]);
  });

  it('for a person when rules wrote the work, without asking for a review', async () => {
    const { run, reviewer, checked } = setup({ rules: true, replies: {} });
    expect(await run()).toMatchObject({ approved: false, stop: 'rules_only', rounds: 1 });
    expect(checked).toHaveLength(1);
    expect(reviewer.requests).toEqual([]);
  });
});

describe('who does what', () => {
  it('the author corrects first, then the model that reviewed, and the next review is another’s', async () => {
    const { run, author, third, events } = setup({
      replies: {
        author: { correct: [file('second')] },
        reviewer: {
          review: [review([finding({ evidence: '1' })]), review([finding({ evidence: '2' })])],
          correct: [file('third')],
        },
        third: { review: [review([])] },
      },
    });
    const result = await run();
    expect(result).toMatchObject({
      approved: true,
      rounds: 3,
      candidate: {
        author: { ref: { model: 'reviewer' } },
        earlier: [{ ref: { model: 'author' } }],
      },
      reviewer: { ref: { model: 'third' } },
    });
    expect(contents(result)).toEqual({ 'a.js': 'third\n' });
    expect(
      events.flatMap((event) =>
        event.type === 'correction-start' ? [[event.round, event.by]] : [],
      ),
    ).toEqual([
      [1, 'one/author'],
      [2, 'two/reviewer'],
    ]);
    const asked = [author, third].map(({ requests }) =>
      requests.map(({ purpose }) => [purpose.stage, purpose.round]),
    );
    expect(asked).toEqual([[['correct', 1]], [['review', 3]]]);
  });

  it('of two models that both wrote, the one that did not write last reviews', async () => {
    const { run } = setup({
      only: 'two',
      replies: {
        author: { correct: [file('second')], review: [review([])] },
        reviewer: {
          review: [review([finding({ evidence: '1' })]), review([finding({ evidence: '2' })])],
          correct: [file('third')],
        },
      },
    });
    expect(await run()).toMatchObject({
      approved: true,
      candidate: { author: { ref: { model: 'reviewer' } } },
      reviewer: { ref: { model: 'author' } },
    });
  });

  it('says so when the reviewer is of the author’s family', async () => {
    const { run, events } = setup({
      reviewers: 'same family',
      replies: { reviewer: { review: [review([])] } },
    });
    expect(await run()).toMatchObject({ approved: true });
    expect(events.at(-1)).toMatchObject({ type: 'review-finish', sameFamily: true });
  });

  it('falls back when the author’s model cannot answer for its correction', async () => {
    const gone = new ModelError({ kind: 'auth', model: 'one/author', message: 'no key' });
    const { run } = setup({
      replies: {
        author: { correct: [gone] },
        third: { correct: [file('second')] },
        reviewer: { review: [review([finding()]), review([])] },
      },
    });
    const result = await run();
    expect(result.approved).toBe(true);
    expect(authorsOf(result.candidate).map(({ ref }) => formatModelRef(ref))).toEqual([
      'three/third',
      'one/author',
    ]);
  });

  it('never names the author to the reviewer', async () => {
    const { run, reviewer } = setup({ replies: { reviewer: { review: [review([])] } } });
    await run();
    const words = JSON.stringify(reviewer.requests[0]?.parts);
    expect(words).not.toContain('one/author');
  });

  it('speaks to correctors in the form that is read', async () => {
    const bundle = {
      files: [{ path: 'a.js', content: 'second\n' }],
      edits: [],
      deletions: [],
      tests: [],
      commands: [],
      notes: '',
    };
    const { run, author } = setup({
      codec: 'json',
      replies: {
        author: { correct: [bundle] },
        reviewer: { review: [review([finding()]), review([])] },
      },
    });
    expect(await run()).toMatchObject({ approved: true });
    const [system] = author.requests[0]?.parts ?? [];
    expect(system?.text).toContain('Reply with one JSON object');
    expect(system?.text).not.toContain('FILE:');
  });
});

describe('corrections', () => {
  it('stand on the work so far, as edits or new files', async () => {
    const edit = `EDIT: a.js\n\`\`\`\`\n<<<<<<< SEARCH\nfirst\n=======\nsecond\n>>>>>>> REPLACE\n\`\`\`\`\n${file('new', 'b.js')}TEST: b.js\n`;
    const { run } = setup({
      replies: {
        author: { correct: [edit] },
        reviewer: { review: [review([finding()]), review([])] },
      },
    });
    const result = await run();
    expect(contents(result)).toEqual({ 'a.js': 'second\n', 'b.js': 'new\n' });
    expect(result.candidate.bundle.files).toHaveLength(2);
    expect(result.candidate.bundle.tests).toEqual(['a.js', 'b.js']);
  });

  it('that delete a file of the work leave nothing of it behind', async () => {
    const { run } = setup({
      replies: {
        author: { correct: [`${file('new', 'b.js')}DELETE: a.js\n`] },
        reviewer: { review: [review([finding()]), review([])] },
      },
    });
    const result = await run();
    expect(contents(result)).toEqual({ 'b.js': 'new\n' });
    expect(result.candidate.bundle.deletions).toEqual([]);
  });
});

describe('gates of an earlier process', () => {
  it('are what the reviewer is told; they are run again before anything is approved', async () => {
    const { run, reviewer, kept, checked } = setup({
      recorded: true,
      gates: [[gate('passed', { summary: 'then' })], [gate('passed', { summary: 'now' })]],
      replies: { reviewer: { review: [review([])] } },
    });
    expect(await run()).toMatchObject({ approved: true, gates: [{ summary: 'now' }] });
    expect(lastPart(reviewer, 0)).toContain('then');
    expect(checked).toHaveLength(2);
    expect(kept.at(-1)?.made.gates).toMatchObject([{ summary: 'now' }]);
  });

  it('approve nothing that does not pass today: it is corrected, and no review is paid again', async () => {
    const { run, author, reviewer } = setup({
      recorded: true,
      gates: [[gate('passed')], [gate('failed', { summary: 'broken by now' })], [gate('passed')]],
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([]), review([])] },
      },
    });
    expect(await run()).toMatchObject({ approved: true, rounds: 2 });
    expect(lastPart(author, 0)).toContain('broken by now');
    expect(reviewer.requests).toHaveLength(2);
  });

  it('are not run again where the review blocks anyway', async () => {
    const { run, checked } = setup({
      recorded: true,
      maxIterations: 1,
      replies: { reviewer: { review: [review([finding()])] } },
    });
    expect(await run()).toMatchObject({ stop: 'round_cap' });
    expect(checked).toHaveLength(1);
  });
});

describe('a person’s feedback', () => {
  it('is corrected by before anything else, then all goes its way', async () => {
    const { run, author, checked, events } = setup({
      feedback: 'Call it second.',
      replies: {
        author: { correct: [file('second')] },
        reviewer: { review: [review([])] },
      },
    });
    const result = await run();
    expect(result).toMatchObject({ approved: true, rounds: 1 });
    expect(lastPart(author, 0)).toContain('Call it second.');
    expect(checked.map(({ changes }) => changes.get('a.js'))).toEqual(['second\n']);
    expect(events[0]).toMatchObject({ type: 'correction-start', round: 0, by: 'one/author' });
  });

  it('leaves the work for a person when the correction is unusable', async () => {
    const { run, reviewer } = setup({
      feedback: 'Call it second.',
      replies: { author: { correct: ['No.'], 'correct:repair': ['No!'] } },
    });
    expect(await run()).toMatchObject({ stop: 'correction_unusable', rounds: 0 });
    expect(reviewer.requests).toEqual([]);
  });
});

describe('ends by', () => {
  it('an interruption, wherever it comes', async () => {
    const stop = new AbortController();
    const { run } = setup({
      signal: stop.signal,
      onCheck: () => stop.abort(),
      replies: { reviewer: { review: [review([])] } },
    });
    await expect(run()).rejects.toBeInstanceOf(InterruptedError);
  });

  it.each<ModelErrorKind>(['auth', 'network', 'overloaded', 'timeout', 'unavailable'])(
    'models that cannot be reached: %s',
    async (kind) => {
      const fault = new ModelError({ kind, model: 'x/y', message: kind });
      const { run } = setup({
        replies: {
          author: { review: [fault] },
          reviewer: { review: [fault] },
          third: { review: [fault] },
        },
      });
      await expect(run()).rejects.toMatchObject({ kind });
    },
  );

  it('no reviewer that could be reached, naming the variable', async () => {
    const { run } = setup({ reviewers: 'none', replies: {} });
    await expect(run()).rejects.toMatchObject({
      code: 'no-model',
      fix: expect.stringContaining('TWO_KEY'),
    });
  });
});
