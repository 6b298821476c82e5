import { describe, expect, it } from 'vitest';
import { BlueprintError } from '../../../src/domain/errors.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { Finding } from '../../../src/domain/review.ts';
import type { TryTests } from '../../../src/supervisor/counting/proving-tests.ts';
import { file, finding, gate, lastPart, review, setup, type Setup } from '../loop.ts';

const cited = (more: Partial<Finding> = {}): Finding => finding({ cites: 'R1.1', ...more });
const read = (...said: [id: string, verdict: string, reasons?: string][]) => ({
  findings: said.map(([id, verdict, reasons = '']) => ({ id, verdict, reasons })),
});
const refutes = (id: string) => read([id, 'refuted', 'a.js:1 does it.']);
const holds = (id: string) => read([id, 'holds', 'It is so.']);

/** The loop, with what became of the findings of each review. */
async function loop(given: Omit<Setup, 'findings'> & { readonly mode?: Setup['findings'] }) {
  const made = setup({ findings: given.mode ?? 'grounded', content: 'first\nsecond', ...given });
  const done = await made.run();
  const reviews = made.events.flatMap((event) =>
    event.type === 'review-finish' ? [event.review] : [],
  );
  const stood = reviews.map(({ findings }) =>
    findings.map(({ id, standing, reason }) => ({ id, standing, reason })),
  );
  const [author, reviewer, third] = [made.author, made.reviewer, made.third].map((model) =>
    model.requests.map(({ purpose: { stage, round } }) => `${stage} ${round}`),
  );
  return { ...made, done, reviews, stood, asked: { author, reviewer, third } };
}

describe('a finding that would block', () => {
  it('does so where it cites a criterion and a line, and a third family does not refute it', async () => {
    const { done, stood, asked } = await loop({
      replies: {
        author: { correct: [file('better\nsecond')] },
        reviewer: { review: [review([cited()]), review([])] },
        third: { 'second-read': [holds('F1')] },
      },
    });
    expect(done).toMatchObject({ approved: true, rounds: 2 });
    expect(stood[0]).toMatchObject([{ id: 'F1', standing: 'grounded' }]);
    expect(asked).toEqual({
      author: ['correct 1'],
      reviewer: ['review 1', 'review 2'],
      third: ['second-read 1'],
    });
  });

  it.each<[string, Partial<Finding>, string]>([
    ['cites nothing', { cites: null }, 'it cites no requirement and no criterion'],
    ['cites blanks', { cites: ' ' }, 'it cites no requirement and no criterion'],
    ['cites R99', { cites: 'R99' }, 'it cites R99, which the work is not held to'],
    ['cites a criterion that is not there', { cites: 'R1.9' }, 'it cites R1.9'],
    ['cites another task', { cites: 'T2.1' }, 'it cites T2.1'],
    ['names no line', { location: 'a.js' }, 'it names no line'],
    ['names nothing', { location: null }, 'it names no line'],
    ['names line 0', { location: 'a.js:0' }, 'it names no line'],
    ['names line 9999', { location: 'a.js:9999' }, 'a.js has no line 9999'],
    ['names the line after the last', { location: 'a.js:3' }, 'a.js has no line 3'],
    ['names a file that is not there', { location: 'b.js:1' }, 'b.js is not there'],
    ['leads out of the project', { location: '../a.js:1' }, '../a.js is not there'],
  ])('is in doubt where it %s, and pays for nothing', async (_, more, reason) => {
    const { done, stood, asked } = await loop({
      replies: { reviewer: { review: [review([cited(more)])] } },
    });
    expect(done).toMatchObject({ approved: true, rounds: 1 });
    expect(stood[0]).toMatchObject([
      { id: 'F1', standing: 'doubtful', reason: expect.stringContaining(reason) },
    ]);
    expect(asked).toMatchObject({ author: [], third: [] });
  });

  it.each<[string, Partial<Finding>]>([
    ['a requirement', { cites: 'R1' }],
    ['an own criterion of the task', { cites: 'T1.1' }],
    ['an id in words', { cites: 'requirement r1.1, it is seen to work' }],
    ['an id in another form', { cites: 'REQ-1' }],
    ['a line in marks', { location: '`./a.js:2`' }],
    ['lines', { location: 'a.js:1-2' }],
    ['a line and a column', { location: 'a.js:2:4' }],
    ['a line of a file that the work leaves', { location: 'old.js:2' }],
  ])('counts with %s', async (_, more) => {
    const { done } = await loop({
      maxIterations: 1,
      base: { 'old.js': 'one\ntwo\n' },
      replies: {
        reviewer: { review: [review([cited(more)])] },
        third: { 'second-read': [holds('F1')] },
      },
    });
    expect(done).toMatchObject({ approved: false, stop: 'round_cap' });
  });

  it.each([
    ['by a place', 'a.js:2 is what it asks for', true],
    ['by a quote', 'It says «second» and `first second`.', true],
    ['by opinion', 'I see it otherwise.', false],
    ['by a place that is not there', 'See a.js:77.', false],
    ['by a short quote', 'It says `first`.', false],
  ])('is refuted %s: %s', async (_, reasons, isRefuted) => {
    const { done, stood } = await loop({
      maxIterations: 1,
      replies: {
        reviewer: { review: [review([cited()])] },
        third: { 'second-read': [read(['F1', 'refuted', reasons])] },
      },
    });
    expect(done.approved).toBe(isRefuted);
    expect(stood[0]?.[0]?.standing).toBe(isRefuted ? 'refuted' : 'grounded');
  });

  it.each([
    ['unsure', read(['F1', 'unsure', 'a.js:1'])],
    ['silent on it', read()],
    ['of two minds', read(['F1', 'refuted', 'a.js:1'], ['F1', 'holds'])],
    ['about another one', read(['F7', 'refuted', 'a.js:1'])],
  ])('stands where the second reader is %s', async (_, said) => {
    const { done } = await loop({
      maxIterations: 1,
      replies: {
        reviewer: { review: [review([cited()])] },
        third: { 'second-read': [said] },
      },
    });
    expect(done.approved).toBe(false);
  });

  it('is told to the second reader by its id and what it cites, never by whom', async () => {
    const { third } = await loop({
      maxIterations: 1,
      replies: {
        reviewer: {
          review: [review([cited(), cited({ severity: 'minor' }), cited({ location: 'a.js:2' })])],
        },
        third: { 'second-read': [read(['F1', 'holds'], ['F3', 'holds'])] },
      },
    });
    const told = lastPart(third, 0);
    expect(told).toContain('F1 [major, correctness] a.js:1, cites R1.1: It is wrong.');
    expect(told).toContain('F3 [');
    expect(told).not.toContain('F2 [');
    expect(JSON.stringify(third.requests[0]?.parts)).not.toMatch(/one\/author|two\/reviewer/);
  });

  it('is proved by a check that failed on its line, and nobody is asked', async () => {
    const failed = finding({ category: 'lint', severity: 'minor', location: 'a.js:2' });
    const { done, stood, asked } = await loop({
      maxIterations: 1,
      gates: [[gate('failed', { gate: 'lint', findings: [failed] })]],
      replies: { reviewer: { review: [review([cited({ cites: null, location: 'a.js:2' })])] } },
    });
    expect(done.approved).toBe(false);
    expect(stood[0]).toMatchObject([{ standing: 'proved' }]);
    expect(asked.third).toEqual([]);
  });

  it('of which nothing else can be said stays in doubt where only proofs count', async () => {
    const { done, stood, asked } = await loop({
      mode: 'proved',
      replies: { reviewer: { review: [review([cited()])] } },
    });
    expect(done.approved).toBe(true);
    expect(stood[0]).toMatchObject([{ standing: 'doubtful', reason: 'no run proves it' }]);
    expect(asked.third).toEqual([]);
  });

  it('counts by its severity alone where any counts, and nothing is said of it', async () => {
    const { done, reviews, reviewer } = await loop({
      mode: 'any',
      maxIterations: 1,
      replies: { reviewer: { review: [review([finding()])] } },
    });
    expect(done.approved).toBe(false);
    expect(reviews[0]?.findings).toEqual([finding()]);
    expect(JSON.stringify(reviewer.requests[0])).not.toContain('cite');
  });
});

describe('a test that comes with a finding', () => {
  const test = { path: 'f.test.js', content: 'the test of F1' };
  const tried =
    (outcome: 'passed' | 'failed', text = ''): TryTests =>
    async (tests) => ({
      files: [...tests.keys()].map((path) => ({
        path,
        problem: null,
        tests: [{ file: path, name: 'it', outcome, text, differs: false }],
      })),
    });

  it.each(['grounded', 'proved'] as const)(
    'proves it where it fails, whatever it cites, and nobody is asked (%s)',
    async (mode) => {
      const { done, stood, asked, author } = await loop({
        mode,
        tryTests: tried('failed', 'AssertionError: 1 is not 2'),
        replies: {
          author: { correct: [file('better\nsecond')] },
          reviewer: {
            review: [review([cited({ cites: null, location: null, test })]), review([])],
          },
        },
      });
      expect(done.approved).toBe(true);
      expect(stood[0]).toMatchObject([
        { standing: 'proved', reason: expect.stringContaining('1 is not 2') },
      ]);
      expect(asked.third).toEqual([]);
      expect(lastPart(author, 0)).toContain('1 is not 2');
      expect(lastPart(author, 0)).toContain('the test of F1');
    },
  );

  it('refutes it where it passes', async () => {
    const { done, stood, asked } = await loop({
      tryTests: tried('passed'),
      replies: { reviewer: { review: [review([cited({ test })])] } },
    });
    expect(done.approved).toBe(true);
    expect(stood[0]).toMatchObject([{ standing: 'refuted' }]);
    expect(asked.third).toEqual([]);
  });

  it.each([
    ['cannot be run', async () => ({ unavailable: { missing: 'no sandbox', fix: '' } })],
    ['breaks', tried('failed', 'TypeError: x is not a function')],
  ] as [string, TryTests][])('leaves it to what it cites where it %s', async (_, tryTests) => {
    const { done, stood, asked } = await loop({
      tryTests,
      maxIterations: 1,
      replies: {
        reviewer: { review: [review([cited({ test }), cited({ cites: 'R9', test })])] },
        third: { 'second-read': [holds('F1')] },
      },
    });
    expect(done.approved).toBe(false);
    expect(stood[0]).toMatchObject([{ standing: 'grounded' }, { standing: 'doubtful' }]);
    expect(asked.third).toEqual(['second-read 1']);
  });

  it('makes what was refuted count again', async () => {
    const found = cited({ location: 'a.js:2' });
    const { done, stood } = await loop({
      maxIterations: 2,
      tryTests: tried('failed', 'AssertionError: no'),
      replies: {
        author: { correct: [file('better\nsecond')] },
        reviewer: { review: [review([cited(), found]), review([{ ...found, test }])] },
        third: { 'second-read': [read(['F1', 'holds'], ['F2', 'refuted', 'a.js:2'])] },
      },
    });
    expect(stood[1]).toMatchObject([{ id: 'F2', standing: 'proved' }]);
    expect(done).toMatchObject({ stop: 'round_cap', rounds: 2 });
  });

  it('is run once, also where the attempt is resumed', async () => {
    let runs = 0;
    const files = new Map<string, string>();
    const tryTests: TryTests = (...asked) => {
      runs += 1;
      return tried('passed')(...asked);
    };
    const again = () =>
      loop({ files, tryTests, replies: { reviewer: { review: [review([cited({ test })])] } } });
    expect((await again()).done.approved).toBe(true);
    expect((await again()).done.approved).toBe(true);
    expect(runs).toBe(1);
  });
});

describe('the second reader', () => {
  const blocked = review([cited()]);

  it.each([
    ['talks', ['Well…', 'Still…']],
    ['refutes without a reason', [read(['F1', 'refuted', ' ']), read(['F1', 'refuted', ' '])]],
  ])('who %s twice refutes nothing, and the review says so', async (_, [first, second]) => {
    const { done, reviews, kept } = await loop({
      maxIterations: 1,
      replies: {
        reviewer: { review: [blocked] },
        third: { 'second-read': [first ?? ''], 'second-read:repair': [second ?? ''] },
      },
    });
    expect(done.approved).toBe(false);
    expect(reviews[0]?.note).toContain('three/third gave nothing to go by');
    expect(kept.at(-1)?.made.review?.note).toBe(reviews[0]?.note);
  });

  it.each(['network', 'auth', 'refused', 'timeout'] as const)(
    'who cannot answer (%s) refutes nothing',
    async (kind) => {
      const fault = new ModelError({ kind, model: 'three/third', message: 'It is gone' });
      const { done, reviews } = await loop({
        maxIterations: 1,
        replies: { reviewer: { review: [blocked] }, third: { 'second-read': [fault] } },
      });
      expect(done).toMatchObject({ approved: false, stop: 'round_cap' });
      expect(reviews[0]?.note).toContain('It is gone');
    },
  );

  it('is nobody where nobody else is reachable, and the review says so', async () => {
    const { done, reviews, stood } = await loop({
      only: 'two',
      maxIterations: 1,
      replies: { reviewer: { review: [blocked] } },
    });
    expect(done.approved).toBe(false);
    expect(stood[0]).toMatchObject([{ standing: 'grounded' }]);
    expect(reviews[0]?.note).toContain('No second reader was reachable');
  });

  it('that the budget does not allow stops the work, to be gone on with', async () => {
    const fault = new BlueprintError({
      code: 'budget-reached',
      message: 'No more money',
      target: 'budget',
      fix: 'Raise it.',
      exitCode: 4,
    });
    const { run } = setup({
      findings: 'grounded',
      replies: { reviewer: { review: [blocked] }, third: { 'second-read': [fault] } },
    });
    await expect(run()).rejects.toBe(fault);
  });

  it('is not asked again by an attempt that is resumed', async () => {
    const files = new Map<string, string>();
    const fault = new ModelError({ kind: 'network', model: 'three/third', message: 'gone' });
    const once = (replies: Setup['replies']) => loop({ files, maxIterations: 1, replies });
    const first = await once({
      reviewer: { review: [blocked] },
      third: { 'second-read': [fault] },
    });
    const again = await once({ reviewer: { review: [blocked] } });
    expect(again.stood).toEqual(first.stood);
    expect(again.reviews[0]?.note).toBe(first.reviews[0]?.note);
  });
});

describe('two findings in doubt on the same line', () => {
  const doubt = (more: Partial<Finding> = {}): Finding => finding({ location: 'a.js:2', ...more });

  it('send the work to a person', async () => {
    const { done } = await loop({
      replies: {
        reviewer: {
          review: [review([doubt(), doubt({ category: 'security', evidence: 'Leaks.' })])],
        },
      },
    });
    expect(done).toMatchObject({
      approved: false,
      stop: 'doubtful_findings',
      reason: expect.stringContaining('a.js:2'),
    });
  });

  it.each<[string, Finding[]]>([
    ['one of them minor', [doubt(), doubt({ severity: 'minor' })]],
    ['on two lines', [doubt(), doubt({ location: 'a.js:1' })]],
    ['on no line', [doubt({ location: 'a.js' }), doubt({ location: 'a.js' })]],
    ['where one is refuted', [doubt(), doubt({ cites: 'R1' })]],
  ])('are not two %s', async (_, findings) => {
    const { done } = await loop({
      replies: {
        reviewer: { review: [review(findings)] },
        third: { 'second-read': [refutes('F2')] },
      },
    });
    expect(done).toMatchObject({ approved: true });
  });

  it('do so also when two reviewers found one each, lines having moved between', async () => {
    const { done } = await loop({
      replies: {
        author: { correct: [file('better\nnew\nsecond')] },
        reviewer: {
          review: [
            review([cited(), doubt()]),
            review([doubt({ location: 'a.js:3', category: 'security', evidence: 'Leaks keys.' })]),
          ],
        },
        third: { 'second-read': [holds('F1')] },
      },
    });
    expect(done).toMatchObject({ stop: 'doubtful_findings', rounds: 2 });
  });

  it('do not when the line was changed between, or one was said twice', async () => {
    const replies = (correction: string, place: string): Setup['replies'] => ({
      author: { correct: [file(correction)] },
      reviewer: {
        review: [review([cited(), doubt()]), review([doubt({ location: place, evidence: 'So.' })])],
      },
      third: { 'second-read': [holds('F1')] },
    });
    for (const [correction, place] of [
      ['better\nother', 'a.js:2'],
      ['better\nnew\nsecond', 'a.js:3'],
    ] as const)
      expect((await loop({ replies: replies(correction, place) })).done.approved).toBe(true);
  });
});

describe('a loop', () => {
  it('ends where a reviewer finds the same for ever, in other words each time', async () => {
    const { done, stood } = await loop({
      maxIterations: 9,
      content: 'first\nsecond\nthird',
      replies: {
        author: { correct: [file('new\nfirst\nsecond\nthird')] },
        reviewer: {
          review: [
            review([cited({ location: 'a.js:2', evidence: 'It forgets the end.' })]),
            review([cited({ location: 'a.js:3', evidence: 'Another way to say so.' })]),
          ],
        },
        third: { 'second-read': [holds('F1'), holds('F1')] },
      },
    });
    expect(done).toMatchObject({ stop: 'no_progress', rounds: 2 });
    expect(stood.map((round) => round.map(({ id }) => id))).toEqual([['F1'], ['F1']]);
  });

  it('is not ended by a new finding that names a new place', async () => {
    const { done, stood } = await loop({
      maxIterations: 2,
      replies: {
        author: { correct: [file('better\nsecond')] },
        reviewer: {
          review: [review([cited()]), review([cited({ location: 'a.js:2', evidence: 'Slow.' })])],
        },
        third: { 'second-read': [holds('F1'), holds('F2')] },
      },
    });
    expect(done).toMatchObject({ stop: 'round_cap', rounds: 2 });
    expect(stood[1]?.[0]?.id).toBe('F2');
  });

  it('ends where each round brings new findings in doubt', async () => {
    const { done } = await loop({
      maxIterations: 9,
      replies: {
        author: { correct: [file('better\nsecond')] },
        reviewer: {
          review: [review([cited()]), review([finding({ location: 'a.js:2', evidence: 'New.' })])],
        },
        third: { 'second-read': [holds('F1')] },
      },
    });
    expect(done).toMatchObject({ approved: true, rounds: 2 });
  });

  it('does not ask again about what was refuted and comes back, by id or in other words', async () => {
    const { done, stood, asked } = await loop({
      maxIterations: 9,
      replies: {
        author: { correct: [file('better\nsecond\n')] },
        reviewer: {
          review: [
            review([
              cited({ category: 'security' }),
              cited({ location: 'a.js:2', evidence: 'Wrong sum.' }),
              cited({ location: 'a.js:1', evidence: 'Bad name.' }),
            ]),
            review([
              cited({ location: 'a.js:2', evidence: 'Adds up to nothing.' }),
              cited({ location: null, earlier: 'f3', evidence: 'Still that.' }),
            ]),
          ],
        },
        third: {
          'second-read': [
            read(['F1', 'holds'], ['F2', 'refuted', 'a.js:2'], ['F3', 'refuted', 'a.js:1']),
          ],
        },
      },
    });
    expect(done).toMatchObject({ approved: true, rounds: 2 });
    expect(stood[1]).toMatchObject([
      { id: 'F2', standing: 'refuted', reason: 'a.js:2' },
      { id: 'F3', standing: 'refuted' },
    ]);
    expect(asked.third).toEqual(['second-read 1']);
  });

  it('shows from round 2 what changed, what was found and what became of it', async () => {
    const { reviewer, author } = await loop({
      replies: {
        author: { correct: [`F2 stands on purpose.\n\n${file('better\nsecond')}`] },
        reviewer: {
          review: [
            review([cited(), cited({ location: 'a.js:2' }), finding({ evidence: 'Vague.' })]),
            review([]),
          ],
        },
        third: { 'second-read': [read(['F1', 'holds'], ['F2', 'unsure'])] },
      },
    });
    expect(lastPart(author, 0)).toContain('F3. [major, correctness, in doubt]');
    const parts = reviewer.requests.map((request) => request.parts.map(({ name }) => name));
    expect(parts).toEqual([
      ['instructions', 'task', 'citable', 'work', 'checks'],
      ['instructions', 'task', 'citable', 'work', 'history', 'checks'],
    ]);
    const same = ['instructions', 'task', 'citable'];
    for (const name of same) {
      const [first, second] = reviewer.requests.map((request) =>
        request.parts.find((part) => part.name === name),
      );
      expect(second).toEqual(first);
    }
    const told = reviewer.requests[1]?.parts.find(({ name }) => name === 'history')?.text ?? '';
    expect(told).toContain('-first\n+better\n second');
    expect(told).toMatch(/F1 \[.*\n.*It was to be mended\. Its lines were changed since\./);
    expect(told).toMatch(/F2 \[.*\n.*Its lines are as they were\.\n.*F2 stands on purpose\./);
    expect(told).toMatch(/F3 \[.*\n.*In doubt, and does not count: it cites no requirement/);
  });

  it('that finds nothing approves, and asks nobody else', async () => {
    const { done, asked } = await loop({ replies: { reviewer: { review: [review([])] } } });
    expect(done.approved).toBe(true);
    expect(asked).toEqual({ author: [], reviewer: ['review 1'], third: [] });
  });

  it('takes a revision that gives no reason for none', async () => {
    const { done, reviews } = await loop({
      replies: { reviewer: { review: [review([], { verdict: 'revise' })] } },
    });
    expect(done.approved).toBe(true);
    expect(reviews[0]?.findings).toMatchObject([{ standing: 'doubtful' }]);
  });
});
