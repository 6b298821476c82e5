import { describe, expect, test } from 'vitest';
import type { ModelIdentity } from '../../../src/domain/model-role.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { RunProgram } from '../../../src/domain/program.ts';
import type { Worker } from '../../../src/domain/route.ts';
import type { ModelRouter } from '../../../src/models/language-model.ts';
import type { SignedReview } from '../../../src/supervisor/ask-review.ts';
import { reasoning } from '../../../src/workflows/reasoning.ts';
import { science } from '../../../src/workflows/science.ts';
import type { Workflow, WorkflowInput, WorkflowParts } from '../../../src/workflows/workflow.ts';
import { fakeModel, fakeRouter, type FakeModel, type FakeReply } from '../../helpers/fake-model.ts';
import { filesIn, workOver } from '../../helpers/work.ts';
import { documentOf } from '../../state/fixtures.ts';

interface Given {
  readonly workflow?: Workflow;
  /** Answers in the order of the solvers, round after round. */
  readonly answers: readonly (string | FakeReply)[];
  /** Where a first reply could not be used. */
  readonly again?: readonly string[];
  readonly verdicts?: readonly FakeReply[];
  /** What the verifier says where its first reply could not be used. */
  readonly repaired?: readonly FakeReply[];
  readonly maxRounds?: number;
  readonly debate?: SignedReview | null;
  readonly compute?: RunProgram;
  readonly workers?: readonly Worker[];
}

const verdict = (right: string, points: readonly object[] = []): object => ({
  points,
  reasons: `Says ${right}.`,
  right,
});

async function run({ workflow = reasoning, answers, verdicts = [], ...given }: Given) {
  const solve = answers.map((answer) =>
    typeof answer === 'string' ? { reasoning: 'So it is.', answer } : answer,
  );
  const again = given.again?.map((answer) => ({ reasoning: 'So it is.', answer })) ?? [];
  const solver = fakeModel({ solve, 'solve:repair': again }, { ref: 'one/solver', family: 'one' });
  const verifier = fakeModel(
    { verify: verdicts, 'verify:repair': given.repaired ?? [] },
    { ref: 'two/verifier', family: 'two' },
  );
  const judge = fakeModel(
    { judge: Array.from({ length: 30 }, () => ({ reasons: 'even', better: 'tie' })) },
    { ref: 'two/judge', family: 'two' },
  );
  const router: ModelRouter = fakeRouter({ solver, verifier, judge });
  const work = workOver(router);
  const written = new Map<string, string>();
  const { debate, compute } = given;
  // Nothing of these is asked for by an answer.
  const parts = {
    maxIterations: 3,
    ...(compute !== undefined && { compute }),
    ...(debate !== undefined && { debateRouted: async () => debate }),
  } as unknown as WorkflowParts;
  const input: WorkflowInput = {
    work,
    document: documentOf(1),
    view: {} as WorkflowInput['view'],
    files: filesIn(written),
    parts,
    route: {
      workers: given.workers ?? [],
      controls: { debate: debate !== undefined, maxRounds: given.maxRounds ?? 2 },
    },
    begin: async () => ({
      prompt: [{ role: 'user', name: 'task', text: 'Six sevens?' }],
      shown: [],
    }),
    keepRound: async () => undefined,
    rejected: async () => null,
    authorsOf: async () => [],
  };
  const end = await workflow.run(input);
  if ('moved' in end || end.deliverable.kind !== 'answer')
    throw new Error('An answer was asked for');
  const gates = (end.result.gates ?? []).map(({ gate, status }) => `${gate} ${status}`);
  return { ...end, answer: end.deliverable, gates, solver, verifier, judge, written };
}

const asked = ({ requests }: FakeModel): number => requests.length;

describe('reasoning', () => {
  test('three that agree are enough', async () => {
    const { status, verifier, result, solver } = await run({ answers: ['42', '42.0', '42'] });
    expect(status).toBe('done');
    expect(asked(verifier)).toBe(0);
    expect(result).toMatchObject({ rounds: 1, author: 'one/solver', reviewer: null });
    // The same model goes at it in different ways.
    const ways = solver.requests.map(({ parts }) => parts.at(-1)?.text);
    expect(new Set(ways).size).toBe(3);
  });

  test('answers that say nothing do not agree', async () => {
    const answers = ['', ' ', 'The answer is:'];
    const silent = run({ answers, again: ['', '**', '.'] });
    await expect(silent).rejects.toMatchObject({ kind: 'malformed' });
    const { status, result } = await run({ answers, again: ['', '42', '42'] });
    expect(status).toBe('done');
    expect(result).toMatchObject({ rounds: 1 });
  });

  test('a majority needs its verifier, who sees answers without names and numbers', async () => {
    const given = { answers: ['43', '42', '42'], verdicts: [verdict('A1')] };
    const { status, verifier, result, gates } = await run(given);
    expect(status).toBe('done');
    expect(gates).toEqual(['agreement passed', 'verification passed']);
    expect(result.reviewer).toBe('two/verifier');
    const shown = verifier.requests[0]?.parts.at(-1)?.text ?? '';
    expect(shown).not.toMatch(/solver|S1|S2|\b2 of 3\b/);
    expect(shown.match(/# A\d/g)).toEqual(['# A1', '# A2']);
  });

  test('a verdict against the majority is none: all are asked again, with what was found', async () => {
    const given = {
      answers: ['42', '42', '43', '43', '43', '43'],
      verdicts: [verdict('A2', [{ of: 'A1', point: 'the sum', holds: false, why: 'off by one' }])],
    };
    const { status, solver, result } = await run(given);
    expect(status).toBe('done');
    expect(result.rounds).toBe(2);
    const again = solver.requests[3]?.parts.find(({ name }) => name === 'earlier')?.text;
    expect(again).toContain('the sum: off by one');
  });

  test('a verdict that its own points contradict is none', async () => {
    const points = [{ of: 'A1', point: 'all of it', holds: false, why: 'wrong' }];
    const { status } = await run({
      answers: ['42', '42', '43'],
      verdicts: [verdict('A1', points)],
      maxRounds: 1,
    });
    expect(status).toBe('needs_review');
  });

  const busy = new ModelError({ kind: 'overloaded', model: 'two/verifier', message: 'busy' });
  test.each([
    ['is no JSON twice', ['A1 is right.'], ['I said so.']],
    ['cannot be had', [busy], []],
  ])(
    'where the verifier’s reply %s nothing is approved, nor asked again',
    async (_what, verdicts, repaired) => {
      const given = { answers: ['42', '42', '43'], verdicts, repaired };
      const { status, result, solver } = await run(given);
      expect(status).toBe('needs_review');
      expect(result.reason).toContain('nobody could verify');
      expect(asked(solver)).toBe(3);
    },
  );

  test('one solver that fails does not end the others; one answer alone needs a verifier', async () => {
    const gone = new ModelError({ kind: 'network', model: 'one/solver', message: 'gone' });
    const two = await run({ answers: [gone, '42', '42'] });
    expect(two.status).toBe('done');
    const one = await run({ answers: [gone, gone, '42'], verdicts: [verdict('A1')] });
    expect(one).toMatchObject({
      status: 'done',
      gates: ['agreement passed', 'verification passed'],
    });
    const doubted = await run({
      answers: [gone, gone, '42'],
      verdicts: [verdict('none')],
      maxRounds: 1,
    });
    expect(doubted.status).toBe('needs_review');
    await expect(run({ answers: [gone, gone, gone] })).rejects.toBe(gone);
  });

  test('what never agrees is ranked by a judge, pair by pair in both orders', async () => {
    const given = { answers: ['1', '2', '3'], verdicts: [verdict('none')], maxRounds: 1 };
    const { status, answer, judge } = await run(given);
    expect(status).toBe('needs_review');
    expect(answer.alternatives).toHaveLength(2);
    expect(asked(judge)).toBe(6);
  });

  test('a debate that leaves a serious issue open sends an answer to a person', async () => {
    const reviewer: ModelIdentity = { ref: { provider: 'two', model: 'critic' }, family: 'two' };
    const finding = {
      category: 'debate',
      severity: 'major',
      evidence: 'It forgets zero.',
      location: null,
      fixHint: '',
    } as const;
    const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
    const review = { verdict: 'revise', summary: '', scores, findings: [finding] } as const;
    const answers = ['42', '42', '42'];
    const open = await run({
      answers,
      debate: { reviewer, review: { ...review, findings: [finding] } },
    });
    expect(open).toMatchObject({
      status: 'needs_review',
      gates: ['agreement passed', 'debate failed'],
    });
    expect(open.result.reason).toContain('It forgets zero.');
    expect((await run({ answers, debate: null })).gates).toContain('debate passed');
  });
});

describe('science', () => {
  const program = { language: 'python', code: 'print(42)' };
  const solution = (answer: string, more: object = {}): object => ({
    reasoning: 'By the law.',
    claims: [],
    assumptions: [],
    units: [],
    program,
    answer,
    ...more,
  });
  const prints =
    (stdout: string, succeeded = true): RunProgram =>
    async () => ({
      stdout,
      stderr: succeeded ? '' : 'Traceback',
      end: succeeded ? 'exit code 0' : 'exit code 1',
      succeeded,
      isolated: true,
    });
  const all = (answer: string) => [solution(answer), solution(answer), solution(answer)];
  const about = { workflow: science, verdicts: [verdict('A1')], maxRounds: 1 };

  test('agreement is verified always, and the computation kept', async () => {
    const given = { ...about, answers: all('42 J'), compute: prints('Result:\n42 J\n') };
    const { status, gates, answer } = await run(given);
    expect(status).toBe('done');
    expect(gates).toEqual(['agreement passed', 'computation passed', 'verification passed']);
    expect(answer.computation).toEqual({
      language: 'python',
      code: 'print(42)',
      output: 'Result:\n42 J',
      end: 'exit code 0',
    });
  });

  test.each([
    ['prints another number', prints('43 J\n')],
    ['prints another unit', prints('42 kJ\n')],
    ['prints nothing', prints('')],
    ['fails', prints('42 J\n', false)],
  ])('an answer whose program %s is not approved', async (_what, compute) => {
    const { status, gates } = await run({ ...about, answers: all('42 J'), compute });
    expect(status).toBe('needs_review');
    expect(gates).toContain('computation failed');
  });

  test('without a sandbox it is said that nothing was computed', async () => {
    const compute: RunProgram = async () => ({ missing: 'no bubblewrap', fix: 'Install it.' });
    const { status, result, answer } = await run({ ...about, answers: all('42 J'), compute });
    expect(status).toBe('done');
    expect(result.reason).toContain('not computed: no bubblewrap');
    expect(answer.computation).toBeNull();
  });

  test('a claim that does not hold keeps it from approval', async () => {
    const points = [{ of: 'a1', point: 'the law', holds: false, why: 'it is another' }];
    const given = { ...about, answers: all('42 J'), verdicts: [verdict('A1', points)] };
    const { status } = await run({ ...given, compute: prints('42 J') });
    expect(status).toBe('needs_review');
  });
});
