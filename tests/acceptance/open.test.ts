import { describe, expect, it } from 'vitest';
import { openAcceptance, type Acceptance } from '../../src/acceptance/open.ts';
import type { FileChanges } from '../../src/domain/bundle.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import type { ModelRole } from '../../src/domain/model-role.ts';
import type { GateResult } from '../../src/domain/gate-result.ts';
import { newTask, type Task } from '../../src/domain/task.ts';
import type { TriedFile } from '../../src/gates/gate.ts';
import type { Trial } from '../../src/supervisor/checks.ts';
import type { StepFiles } from '../../src/supervisor/steps.ts';
import { fakeModel, fakeRouter, type FakeReply } from '../helpers/fake-model.ts';
import { recordEvents } from '../helpers/record-events.ts';
import { filesIn, workOver } from '../helpers/work.ts';
import { documentOf } from '../state/fixtures.ts';

const requirements = [
  { id: 'R1', text: 'Doubles.', acceptance: ['double(2) is 4.', 'The words are friendly.'] },
];
const task = newTask({
  id: 'T1',
  title: 'Double',
  type: 'code',
  requirements: ['R1'],
  files: ['src/double.js'],
});

/** `double` is called with 2 on the work: what the fake runner makes of a test's text. */
const right = "test('R1.1 doubles', expect 4)";
const already = "test('R1.1 doubles', expect anything)";
const wrong = "test('R1.1 doubles', expect 5)";
/** Passes on any work. */
const loose = "test('R1.1 doubles', expect something)";
const good: FileChanges = new Map([['src/double.js', 'return n * 2;\n']]);

/** A runner that understands the tests above. */
async function tryTests({ tests, changes }: Pick<Trial, 'tests' | 'changes'>) {
  const source = changes.get('src/double.js') ?? '';
  const without = source === '' ? 'nothing' : 'another';
  const value = source.includes('n * 2') ? '4' : source.includes('n + 3') ? '5' : without;
  const files = [...tests].map(([path, content]): TriedFile => {
    const passes =
      content.includes('anything') ||
      (content.includes('something') && value !== 'nothing') ||
      content.includes(`expect ${value})`);
    const name = content.slice(6, content.lastIndexOf("'"));
    const text = passes ? '' : `it is ${value}`;
    const outcome = passes ? ('passed' as const) : ('failed' as const);
    return { path, problem: null, tests: [{ file: path, name, outcome, text, differs: false }] };
  });
  return { files };
}

function test(content: string, path = 'test/r1-1.test.js') {
  return { id: 'R1.1', held: 'test', why: 'calls it', path, content };
}
const wording = { id: 'R1.2', held: 'reader', why: 'wording', path: null, content: null };

function reply(...criteria: object[]): object {
  return { uses: ['src/double.js exports double(n)'], criteria };
}

interface Given {
  readonly verifier?: Record<string, readonly FakeReply[]>;
  readonly judge?: Record<string, readonly FakeReply[]>;
  readonly reviewer?: Record<string, readonly FakeReply[]>;
  readonly critic?: Record<string, readonly FakeReply[]>;
  readonly kept?: StepFiles;
  readonly tasks?: Task[];
  readonly unavailable?: { missing: string; fix: string };
  readonly attempt?: number;
  readonly sentBack?: FileChanges;
  readonly of?: Task;
  readonly missing?: ModelRole;
  readonly blocking?: readonly string[];
  readonly tests?: 'shown' | 'hidden';
  readonly mutants?: number;
}

async function open(given: Given) {
  const verifier = fakeModel(given.verifier ?? {}, { ref: 'two/verifier' });
  const judge = fakeModel(given.judge ?? {}, { ref: 'three/judge' });
  const reviewer = fakeModel(given.reviewer ?? {}, { ref: 'four/reviewer' });
  const critic = fakeModel(given.critic ?? {}, { ref: 'five/critic' });
  const rules = fakeModel({}, { ref: 'offline/planner', family: 'rules' });
  const router = fakeRouter({
    coder: fakeModel({}, { ref: 'one/author' }),
    verifier: given.missing === 'verifier' ? rules : verifier,
    judge,
    reviewer,
    critic: given.critic === undefined ? rules : critic,
  });
  const { events, emit } = recordEvents();
  const own = given.of ?? task;
  const work = workOver(router, { task: own, emit });
  const attempt = given.attempt ?? 1;
  const acceptance = await openAcceptance({
    work: { ...work, purpose: { ...work.purpose, attempt } },
    document: documentOf(0, { requirements, tasks: given.tasks ?? [own] }),
    view: {} as never,
    gates: {
      blockingGates: new Set(given.blocking ?? ['tests']),
      testLayout: async () => ({
        runners: ['node --test'],
        examples: [],
        unavailable: given.unavailable ?? null,
      }),
      tryTests: async (trial) => tryTests(trial),
    },
    settings: { tests: given.tests ?? 'hidden', mutants: given.mutants ?? 0 },
    files: filesIn(new Map()),
    kept: given.kept ?? filesIn(new Map()),
    sentBack: given.sentBack ?? null,
  });
  const steps = () =>
    events.flatMap((event) =>
      event.type === 'step-finish' ? [`${event.step} ${event.name ?? ''} ${event.outcome}`] : [],
    );
  return { acceptance, verifier, judge, reviewer, critic, steps };
}

function candidate(changes: FileChanges, notes = '') {
  const author = { ref: { provider: 'one', model: 'author' }, family: 'one' };
  const bundle = { files: [], edits: [], deletions: [], tests: [], commands: [], notes };
  return { changes, bundle, author };
}

/** What the judge says of the test of R1.1. */
const decision = (right: 'test' | 'work', reasons: string) => ({
  dispute: [{ tests: [{ id: 'R1.1', reasons, right }] }],
});

const failedGate = {
  gate: 'tests',
  status: 'failed',
  summary: '',
  durationMs: 1,
  findings: [
    {
      category: 'test',
      severity: 'blocker',
      location: 'test/r1-1.test.js:1',
      evidence: 'it is 4',
      fixHint: '',
    },
  ],
} as const;

function testsOf(acceptance: Acceptance | null): [string, string][] {
  return [...(acceptance?.tests() ?? [])];
}

describe('openAcceptance', () => {
  it('fixes tests that fail on the project as it is, and tells the author their names alone', async () => {
    const { acceptance, verifier, steps } = await open({
      verifier: { acceptance: [reply(test(right), wording)] },
    });
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', right]]);
    expect(acceptance?.part?.text).toContain('src/double.js exports double(n)');
    expect(acceptance?.part?.text).toContain('R1.1: double(2) is 4.');
    expect(acceptance?.part?.text).not.toContain('expect 4');
    expect(steps()).toEqual(['criterion R1.1 test', 'criterion R1.2 reader']);
    expect(verifier.requests[0]?.role).toBe('verifier');
  });

  it('shows the tests from the beginning where that is asked for', async () => {
    const verifier = { acceptance: [reply(test(right), wording)] };
    const { acceptance } = await open({ verifier, tests: 'shown' });
    expect(acceptance?.part?.text).toContain('expect 4');
  });

  it('sends back once what shows nothing, with the reason, and takes what is mended', async () => {
    const { acceptance, verifier } = await open({
      verifier: { acceptance: [reply(test(already), wording), reply(test(right))] },
    });
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', right]]);
    const said = verifier.requests[1]?.parts.at(-1)?.text;
    expect(said).toContain('R1.1: it passes already on the project as it is');
    expect(said).toContain(already);
    expect(verifier.requests[1]?.parts[0]).toEqual(verifier.requests[0]?.parts[0]);
  });

  it('leaves to a reader what shows nothing twice', async () => {
    const { acceptance } = await open({
      verifier: { acceptance: [reply(test(already), wording), reply(test(already))] },
    });
    expect(testsOf(acceptance)).toEqual([]);
    expect(acceptance?.part).toBeNull();
    const found = await acceptance?.prove(candidate(good), false);
    expect(found?.criteria[0]).toMatchObject({ id: 'R1.1', by: 'open' });
    expect(found?.criteria[0]?.note).toContain('left out: it passes already');
  });

  it('sends back a criterion that nothing was said of, and one that no later task can bring', async () => {
    const elsewhere = { ...wording, held: 'elsewhere', why: 'T2 brings it' };
    const { verifier, acceptance } = await open({
      verifier: { acceptance: [reply(elsewhere), reply(test(right), wording)] },
    });
    const said = verifier.requests[1]?.parts.at(-1)?.text;
    expect(said).toContain('R1.1: nothing was said of it');
    expect(said).toContain('R1.2: no open task that comes later serves its requirement');
    expect(testsOf(acceptance)).toHaveLength(1);
  });

  it('lets a later task of the requirement bring a criterion', async () => {
    const later = newTask({ id: 'T2', title: 'x', type: 'code', requirements: ['R1'] });
    const elsewhere = { ...wording, held: 'elsewhere', why: 'T2 brings it' };
    const { acceptance } = await open({
      verifier: { acceptance: [reply(test(right), elsewhere)] },
      tasks: [task, later],
    });
    const found = await acceptance?.prove(candidate(good), false);
    expect(found?.criteria[1]).toMatchObject({ id: 'R1.2', by: 'elsewhere', note: 'T2 brings it' });
  });

  it.each([
    [{ unavailable: { missing: 'there is no sandbox', fix: '' } }, 'there is no sandbox'],
    [{ blocking: [] }, 'the config has no tests run'],
    [{ missing: 'verifier' as const }, 'no model that could write tests can be reached'],
    [
      {
        verifier: {
          acceptance: [
            new ModelError({ kind: 'refused', model: 'two/verifier', message: 'I may not.' }),
          ],
        },
      },
      'the verifier gave no tests: I may not.',
    ],
  ])('leaves all to a reader where %j', async (given, why) => {
    const { acceptance } = await open(given);
    const found = await acceptance?.prove(candidate(good), false);
    expect(found?.criteria.map(({ by, note }) => [by, note])).toEqual([
      ['open', why],
      ['open', why],
    ]);
  });

  it('is null for a task without criteria', async () => {
    const bare = newTask({ id: 'T1', title: 'x', type: 'code' });
    expect((await open({ of: bare })).acceptance).toBeNull();
  });

  it('asks nothing again in another attempt, until the words of the task change', async () => {
    const kept = filesIn(new Map());
    await open({ kept, verifier: { acceptance: [reply(test(right), wording)] } });
    const again = await open({ kept, attempt: 2 });
    expect(testsOf(again.acceptance)).toHaveLength(1);
    const verifier = { acceptance: [reply(test(right), wording)] };
    const changed = await open({ kept, of: { ...task, description: 'Otherwise.' }, verifier });
    expect(changed.verifier.requests).toHaveLength(1);
  });

  it('holds to a person’s own wording of a test, and does without one that they took out', async () => {
    const kept = filesIn(new Map());
    await open({ kept, verifier: { acceptance: [reply(test(right), wording)] } });
    const files = [{ path: 'test/r1-1.test.js', sha256: 'x' }];
    const of = { ...task, result: { files } as never };
    const theirs = await open({ kept, of, sentBack: new Map([['test/r1-1.test.js', wrong]]) });
    expect(testsOf(theirs.acceptance)).toEqual([['test/r1-1.test.js', wrong]]);
    const out = await open({ kept, of, sentBack: good });
    expect(testsOf(out.acceptance)).toEqual([]);
    expect((await out.acceptance?.prove(candidate(good), false))?.criteria[0]?.note).toContain(
      'took its',
    );
  });
});

describe('a dispute', () => {
  const verifying = { acceptance: [reply(test(wrong), wording), reply(test(right))] };
  const disputing = candidate(good, 'Done.\n- **Dispute R1.1**: 2 doubled is 4, not 5.');

  it('is progress once, and leaves the test where a third model finds for it', async () => {
    const { acceptance, judge, steps } = await open({
      verifier: { acceptance: [reply(test(wrong), wording)] },
      judge: decision('test', 'The criterion says so.'),
    });
    const before = acceptance?.brings(candidate(good));
    expect(acceptance?.brings(disputing)).not.toBe(before);
    await acceptance?.settle(disputing);
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', wrong]]);
    expect(steps()).toContain('dispute R1.1 test_stays');
    const asked = judge.requests[0]?.parts.at(-1)?.text;
    expect(asked).toContain('2 doubled is 4, not 5.');
    expect(asked).toContain('it is 4');
    const [decided] = acceptance?.decided([failedGate as GateResult]) ?? [];
    expect(decided?.findings[0]?.evidence).toContain('it stays: The criterion says so.');
    // The same words again are none.
    expect(acceptance?.brings(disputing)).toBe(acceptance?.brings(candidate(good)));
  });

  it('has the verifier make a test anew that a third model finds wrong, for later attempts too', async () => {
    const kept = filesIn(new Map());
    const { acceptance, steps } = await open({
      kept,
      verifier: verifying,
      judge: decision('work', 'It says 4.'),
    });
    await acceptance?.settle(disputing);
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', right]]);
    expect(steps()).toContain('dispute R1.1 test_changed');
    expect(testsOf((await open({ kept })).acceptance)).toEqual([['test/r1-1.test.js', wrong]]);
    const next = await open({ kept, attempt: 2 });
    expect(testsOf(next.acceptance)).toEqual([['test/r1-1.test.js', right]]);
  });

  it('gives the criterion to a reader where the new test shows nothing either', async () => {
    const { acceptance } = await open({
      verifier: { acceptance: [reply(test(wrong), wording), reply(test(already))] },
      judge: decision('work', 'It says 4.'),
    });
    await acceptance?.settle(disputing);
    expect(testsOf(acceptance)).toEqual([]);
  });

  it('leaves the test where the third model gives nothing that can be used', async () => {
    const { acceptance } = await open({
      verifier: { acceptance: [reply(test(wrong), wording)] },
      judge: { dispute: ['no JSON'], 'dispute:repair': ['no JSON'] },
    });
    await acceptance?.settle(disputing);
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', wrong]]);
  });

  it('is none about a criterion that has no test', async () => {
    const { acceptance } = await open({
      verifier: { acceptance: [reply(test(right), wording)] },
    });
    await acceptance?.settle(candidate(good, 'Dispute R1.2: it is ugly\nDispute R9.9: x'));
    expect(testsOf(acceptance)).toHaveLength(1);
  });
});

describe('a hidden test that work fails first', () => {
  const verifying = { acceptance: [reply(test(wrong), wording), reply(test(right))] };

  it('is made anew, before anybody corrects, where a third model finds it wrong', async () => {
    const { acceptance, judge, steps } = await open({
      verifier: verifying,
      judge: decision('work', 'It says 4.'),
    });
    expect(await acceptance?.examine(candidate(good), [failedGate])).toBe(true);
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', right]]);
    expect(steps()).toContain('dispute R1.1 test_changed');
    expect(judge.requests[0]?.parts.at(-1)?.text).not.toContain('What the author says');
  });

  it('stays where the third model finds the work wrong, is looked at once, and may be disputed', async () => {
    const { acceptance, judge } = await open({
      verifier: verifying,
      judge: {
        dispute: [
          ...decision('test', 'The work adds.').dispute,
          ...decision('work', 'It says 4.').dispute,
        ],
      },
    });
    for (let tries = 0; tries < 2; tries++)
      expect(await acceptance?.examine(candidate(good), [failedGate])).toBe(false);
    expect(judge.requests).toHaveLength(1);
    expect(acceptance?.decided([failedGate])[0]?.findings[0]?.evidence).toContain(
      'looked at, and a third model decided that it stays: The work adds.',
    );
    await acceptance?.settle(candidate(good, 'Dispute R1.1: 2 doubled is 4, not 5.'));
    expect(testsOf(acceptance)).toEqual([['test/r1-1.test.js', right]]);
  });

  it.each([
    ['the tests passed', { work: good, gates: [{ ...failedGate, status: 'passed' as const }] }],
    ['another test failed', { work: new Map([['src/double.js', 'n + 3']]), gates: [failedGate] }],
    ['its author saw it', { work: good, gates: [failedGate], tests: 'shown' as const }],
  ])('is looked at by nobody where %s', async (_, { work, gates, ...shown }) => {
    const { acceptance, judge } = await open({ verifier: verifying, ...shown });
    expect(await acceptance?.examine(candidate(work), gates)).toBe(false);
    expect(judge.requests).toHaveLength(0);
  });
});

describe('the proof', () => {
  const verifier = { acceptance: [reply(test(right), wording)] };
  const met = { criteria: [{ id: 'R1.2', seen: 'src/double.js:1 says please', met: 'yes' }] };

  it('is a test that passes on the work by name, and a reader’s judgement with its place', async () => {
    const { acceptance } = await open({ verifier, reviewer: { criteria: [met] } });
    expect((await acceptance?.prove(candidate(good), true))?.criteria).toMatchObject([
      { id: 'R1.1', by: 'test', test: 'test/r1-1.test.js', names: ['R1.1 doubles'] },
      { id: 'R1.2', by: 'reviewer', note: 'wording; four/reviewer: src/double.js:1 says please' },
    ]);
  });

  it.each([
    ['no', { criteria: [{ id: 'R1.2', seen: 'it is rude', met: 'no' }] }],
    ['unsure', { criteria: [{ id: 'R1.2', seen: '', met: 'unsure' }] }],
    ['yes without a place', { criteria: [{ id: 'R1.2', seen: '', met: 'yes' }] }],
    ['nothing', { criteria: [] }],
    ['of another criterion', { criteria: [{ id: 'R1.1', seen: 'x', met: 'yes' }] }],
  ])('leaves open what a reader says %s of', async (_, judged) => {
    const { acceptance } = await open({ verifier, reviewer: { criteria: [judged] } });
    expect((await acceptance?.prove(candidate(good), true))?.criteria[1]).toMatchObject({
      by: 'open',
    });
  });

  it('does not hold where the test fails on the work by itself', async () => {
    const { acceptance } = await open({ verifier, reviewer: { criteria: [met] } });
    const bad = candidate(new Map([['src/double.js', 'return n;\n']]));
    expect((await acceptance?.prove(bad, true))?.criteria[0]).toMatchObject({
      by: 'open',
      names: [],
    });
  });

  it('costs nothing where the work is not approved', async () => {
    const { acceptance, reviewer } = await open({ verifier });
    expect((await acceptance?.prove(candidate(good), false))?.criteria).toMatchObject([
      { by: 'open', test: 'test/r1-1.test.js' },
      { by: 'open', test: null },
    ]);
    expect(reviewer.requests).toEqual([]);
  });

  it.each([
    ['no', 'open'],
    ['yes', 'test'],
    ['unsure', 'test'],
  ])('asks a reader about a test that was disputed and stayed: %s', async (said, by) => {
    const judged = { id: 'R1.1', seen: 'src/double.js:1', met: said };
    const { acceptance } = await open({
      verifier: { acceptance: [reply(test(wrong), wording)] },
      judge: decision('test', 'The criterion says so.'),
      reviewer: { criteria: [{ criteria: [judged] }] },
    });
    await acceptance?.settle(candidate(good, 'Dispute R1.1: 2 doubled is 4, not 5.'));
    const bent = candidate(new Map([['src/double.js', 'return n + 3;\n']]));
    const [first] = (await acceptance?.prove(bent, true))?.criteria ?? [];
    expect(first).toMatchObject({ by, weak: false });
    expect(first?.note).toContain('its test was disputed, and stayed; four/reviewer');
  });

  describe('of a weak test', () => {
    const work = candidate(
      new Map([['src/double.js', 'export const double = (n) => (n > 3 ? n * 2 : n * 2 + 0);\n']]),
    );
    const weak = { acceptance: [reply(test(loose), wording)] };
    const seen = { id: 'R1.1', seen: 'src/double.js:1' };
    const style = { id: 'R1.2', seen: 'src/double.js:1', met: 'yes' };
    const proven = async (of: Pick<Given, 'verifier'>, ...criteria: object[]) => {
      const opened = await open({ ...of, mutants: 6, reviewer: { criteria: [{ criteria }] } });
      const proof = await opened.acceptance?.prove(work, true);
      return { first: proof?.criteria[0], asked: opened.reviewer.requests[0]?.parts.at(-1)?.text };
    };

    it('is left to a person where a reader sees that the criterion is not met', async () => {
      const { first, asked } = await proven({ verifier: weak }, { ...seen, met: 'no' }, style);
      expect(first).toMatchObject({ by: 'open', weak: true, names: ['R1.1 doubles'] });
      expect(first?.note).toContain(
        'its test passes on faulty copies too; four/reviewer: src/double.js:1',
      );
      expect(asked).toContain('its test passes on faulty copies too');
    });

    it.each([
      ['yes', [{ ...seen, met: 'yes' }]],
      ['unsure', [{ ...seen, met: 'unsure' }]],
      ['nothing', []],
    ])('stands where a reader says %s of it', async (_, said) => {
      const { first } = await proven({ verifier: weak }, ...said, style);
      expect(first).toMatchObject({ by: 'test', weak: true });
    });

    it.each([
      ['yes', 'test'],
      ['no', 'open'],
    ])('is read by a second model where the first sees that it is met: %s', async (met, by) => {
      const critic = { criteria: [{ criteria: [{ ...seen, met }] }] };
      const judged = { criteria: [{ criteria: [{ ...seen, met: 'yes' }, style] }] };
      const opened = await open({ verifier: weak, mutants: 6, reviewer: judged, critic });
      const first = (await opened.acceptance?.prove(work, true))?.criteria[0];
      expect(first?.by).toBe(by);
      expect(first?.note).toContain('four/reviewer: src/double.js:1; five/critic: src/double.js:1');
      // What is not in doubt takes one reader.
      expect(opened.critic.requests[0]?.parts.at(-1)?.text).not.toContain('R1.2');
    });

    it('is asked of nobody where the test notices a fault', async () => {
      const { first, asked } = await proven({ verifier }, { ...seen, met: 'no' }, style);
      expect(first).toMatchObject({ by: 'test', weak: false });
      expect(asked).not.toContain('R1.1');
    });
  });
});
