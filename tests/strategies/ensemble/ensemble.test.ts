import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnsemblePlan, EnsembleResult } from '../../../src/domain/ensemble.ts';
import { BlueprintError, ExitCode, InterruptedError } from '../../../src/domain/errors.ts';
import type { RunEventBody } from '../../../src/domain/event.ts';
import type { GateResult, GateStatus } from '../../../src/domain/gate-result.ts';
import {
  ModelError,
  modelErrorKinds,
  type ModelErrorKind,
} from '../../../src/domain/model-error.ts';
import { formatModelRef } from '../../../src/domain/model-role.ts';
import type { Review } from '../../../src/domain/review.ts';
import type { ModelRequest } from '../../../src/models/language-model.ts';
import { runEnsemble, type EnsembleOptions } from '../../../src/strategies/ensemble/ensemble.ts';
import { ensembleStrategy } from '../../../src/strategies/ensemble/definition.ts';
import type { StrategyInput } from '../../../src/strategies/strategy.ts';
import { fakeModel, type FakeModel, type FakeReply } from '../../helpers/fake-model.ts';
import { recordEvents } from '../../helpers/record-events.ts';
import { filesIn, workOver } from '../../helpers/work.ts';
import { routerOver } from '../../models/fake-providers.ts';

const file = (content: string, path = 'a.js', notes = ''): string =>
  `${notes}\nFILE: ${path}\n\`\`\`\`\n${content}\n\`\`\`\`\n`;

const fault = (kind: ModelErrorKind): ModelError =>
  new ModelError({ kind, model: 'some/model', message: `${kind} it is` });
const noMoney = new BlueprintError({
  code: 'budget-reached',
  message: 'No money is left',
  exitCode: ExitCode.budget,
});

const gate = (status: GateStatus): GateResult => ({
  gate: 'syntax',
  status,
  summary: status,
  findings: [],
  durationMs: 1,
});

const accepts: Review = {
  verdict: 'accept',
  summary: 'Sound.',
  scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
  findings: [],
};
const refuses: Review = {
  ...accepts,
  verdict: 'revise',
  findings: [
    { category: 'correctness', severity: 'blocker', evidence: 'No.', location: null, fixHint: '' },
  ],
};

interface Setup {
  /** By model: what it replies to the task. */
  readonly primaries: Record<string, FakeReply[]>;
  readonly validators?: Record<string, FakeReply[]>;
  readonly substitutes?: Record<string, FakeReply[]>;
  readonly merge?: FakeReply[];
  readonly wanted?: EnsemblePlan['wanted'];
  readonly mode?: EnsemblePlan['mode'];
  /** Of a candidate, by the content of its first file. */
  readonly gates?: (content: string | null) => GateStatus;
  readonly judge?: FakeReply[];
  readonly mayBeText?: boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function setup(given: Setup) {
  const made = new Map<string, FakeModel>();
  const modelsOf = (
    replies: Record<string, FakeReply[]> = {},
    stage: string,
  ): EnsemblePlan['primaries'] =>
    Object.entries(replies).map(([name, queue]) => {
      const script = { [stage]: queue, [`${stage}:repair`]: queue.slice(1) };
      const model = fakeModel(script, { ref: `${name}/m`, family: name });
      made.set(name, model);
      return { model: `${name}/m`, family: name, reason: 'test' };
    });
  const primaries = modelsOf(given.primaries, 'execute');
  const validators = modelsOf(given.validators, 'review');
  const substitutes = modelsOf(given.substitutes, 'execute');
  const synthesizer = fakeModel({ merge: given.merge ?? [] }, { ref: 'merger/m' });
  made.set('merger', synthesizer);
  const plan: EnsemblePlan = {
    category: { category: 'general', scores: [], reason: 'test' },
    mode: given.mode ?? 'medium',
    modeReason: 'test',
    wanted: given.wanted ?? { primaries: primaries.length, validators: validators.length },
    primaries,
    validators,
    substitutes: substitutes.map(({ model }) => model),
    passedOver: [],
  };
  const { events, emit } = recordEvents();
  const written = new Map<string, string>();
  const judge = fakeModel({ judge: given.judge ?? [] }, { ref: 'judge/m' });
  made.set('judge', judge);
  const router = routerOver([...made.values()], {
    coder: [...made.values()],
    synthesizer: [synthesizer],
    judge: [judge],
  });
  const work = workOver(router, {
    salt: 'attempt-2',
    emit,
    ...(given.signal !== undefined && { signal: given.signal }),
  });
  const input: StrategyInput = {
    work,
    role: 'coder',
    prompt: [
      { role: 'system', name: 'instructions', text: 'Do it.', cache: true },
      ...work.context,
    ],
    checks: {
      blocking: new Set(['syntax']),
      run: async ({ changes }) => [
        gate(given.gates?.([...changes.values()][0] ?? null) ?? 'passed'),
      ],
    },
    files: filesIn(written),
  };
  const options: EnsembleOptions = {
    timeoutMs: given.timeoutMs ?? null,
    mayBeText: given.mayBeText ?? false,
    clock: () => 0,
  };
  const model = (name: string): FakeModel => {
    const found = made.get(name);
    if (found === undefined) throw new Error(`No model ${name}`);
    return found;
  };
  return {
    run: () => runEnsemble(plan, input, options),
    plan,
    input,
    options,
    events,
    written,
    model,
  };
}

const steps = (events: readonly RunEventBody[]): string[] =>
  events.map((event) => (event.type === 'step-finish' ? event.step : event.type));

const contents = ({ consensus }: EnsembleResult): unknown => Object.fromEntries(consensus.changes);

describe('answers', () => {
  it('that agree need no merge, whatever makes no difference', async () => {
    const { run, model, events } = setup({
      primaries: { one: [file('x')], two: [file('x  ', 'a.js', 'Mine.')] },
      validators: { three: [accepts] },
    });
    const result = await run();
    expect(result).toMatchObject({
      how: 'agreed',
      explanation: 'one/m and two/m came to the same, so nothing had to be merged.',
      merge: null,
      needsReview: [],
      validation: [{ model: 'three/m', sameFamily: false, review: { verdict: 'accept' } }],
      gates: [{ status: 'passed' }],
    });
    expect(contents(result)).toEqual({ 'a.js': 'x\n' });
    expect(model('merger').requests).toEqual([]);
    expect(steps(events)).toEqual(['plan', 'answer', 'answer', 'gate-finish', 'finish']);
  });

  it('are asked for at once, in the same words', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const meet = async (): Promise<string> => {
      most = Math.max(most, ++open);
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 3) for (const go of waiting) go();
      });
      return file('x');
    };
    const { run, model } = setup({ primaries: { one: [meet], two: [meet], three: [meet] } });
    await run();
    expect(most).toBe(3);
    const [first] = model('one').requests;
    expect(model('two').requests[0]?.parts).toEqual(first?.parts);
    expect(first).toMatchObject({ role: 'coder', salt: 'attempt-2', maxOutputTokens: 1_000 });
  });

  it('that differ are merged, with the origin of each part and what was not taken', async () => {
    const { run, model } = setup({
      primaries: {
        one: [`${file('x')}${file('same', 'both.js')}`],
        two: [`${file('y')}${file('same', 'both.js')}${file('z', 'only.js')}`],
        three: [`${file('x')}${file('same', 'both.js')}`],
      },
      merge: [
        `${file('x')}${file('same', 'both.js')}${file('new', 'c.js')}
x is simpler.
FROM 1: the parser
**MINORITY 2:** would stream, as files may be large
MINORITY 9: nobody said this
`,
      ],
    });
    const result = await run();
    expect(result.how).toBe('merged');
    expect(result.explanation).toBe(
      'one/m, two/m and three/m gave 2 different answers; merger/m merged them.\nx is simpler.\nMINORITY 9: nobody said this',
    );
    expect(result.merge).toEqual({
      by: 'merger/m',
      origins: [
        { part: 'a.js', from: ['one/m', 'three/m'], by: 'same content' },
        { part: 'both.js', from: ['one/m', 'three/m', 'two/m'], by: 'same content' },
        { part: 'c.js', from: [], by: 'merged content' },
        { part: 'the parser', from: ['one/m', 'three/m'], by: 'synthesizer' },
      ],
      minority: [
        { point: 'would stream, as files may be large', from: ['two/m'], by: 'synthesizer' },
        {
          point: 'proposes a change of only.js, which the consensus does not hold',
          from: ['two/m'],
          by: 'content',
        },
      ],
    });
    const [asked] = model('merger').requests;
    expect(asked).toMatchObject({ role: 'synthesizer', purpose: { stage: 'merge' } });
    // Numbered, each answer once, and without the names of those who gave it.
    expect(asked?.parts.map(({ name }) => name)).toEqual([
      'instructions',
      'task',
      'answer-1',
      'answer-2',
      'merge',
    ]);
    expect(JSON.stringify(asked?.parts)).not.toMatch(/one\/m|two\/m/);
  });

  it('in words are merged as words, and agree as words', async () => {
    const same = setup({ primaries: { one: ['**Yes.**'], two: ['yes'] }, mayBeText: true });
    expect(await same.run()).toMatchObject({ how: 'agreed', gates: [], needsReview: [] });

    const { run } = setup({
      primaries: { one: ['Use A.\n\n\n\nIt is fast.'], two: ['Use B.'] },
      merge: ['Use A.\n\nMINORITY 2: B is simpler'],
      mayBeText: true,
    });
    const result = await run();
    expect(result.consensus.bundle.notes).toBe('Use A.');
    expect(result.consensus.changes.size).toBe(0);
    expect(result.outputs[0]?.candidate?.bundle.notes).toBe('Use A.\n\n\n\nIt is fast.');
    expect(result.merge?.minority).toEqual([
      { point: 'B is simpler', from: ['two/m'], by: 'synthesizer' },
    ]);
  });

  it('in words alone are none where files are wanted', async () => {
    const { run } = setup({ primaries: { one: ['Yes.', 'Yes!'], two: [file('x')] } });
    expect(await run()).toMatchObject({
      how: 'alone',
      outputs: [{ failure: { kind: 'malformed' } }, { failure: null }],
    });
  });

  it('on architecture are merged with every perspective kept', async () => {
    const { run, model } = setup({
      mode: 'architectural',
      primaries: { one: [file('x')], two: [file('y')] },
      merge: [file('x')],
    });
    await run();
    expect(model('merger').requests[0]?.parts[0]?.text).toContain('keep every perspective');
  });
});

describe('the best answer stands', () => {
  /** A judge that takes the work with that text, wherever it stands. */
  const prefers = (text: string): FakeReply[] => {
    const judge = ({ parts }: ModelRequest): object => {
      const shown = parts.at(-1)?.text ?? '';
      const better = shown.indexOf(text) < shown.indexOf('# Work B') ? 'A' : 'B';
      return { reasons: `It has ${text}.`, better };
    };
    return [judge, judge];
  };
  const tie = { reasons: 'Even.', better: 'tie' };

  it('where nobody can merge', async () => {
    const { run } = setup({
      primaries: { one: [file('x')], two: [file('y')] },
      merge: [fault('refused')],
      judge: prefers('y'),
    });
    const result = await run();
    expect(result).toMatchObject({ how: 'chosen', needsReview: ['refusal'] });
    expect(result.explanation).toMatch(
      /could not be merged \(refused it is\).*two\/m stands.*It has y\./,
    );
    expect(contents(result)).toEqual({ 'a.js': 'y\n' });
  });

  it('where the merge fails a check', async () => {
    const { run, model } = setup({
      primaries: { one: [file('x')], two: [file('y')] },
      merge: [file('broken')],
      gates: (content) => (content === 'broken\n' ? 'failed' : 'passed'),
      judge: prefers('y'),
    });
    const result = await run();
    expect(result).toMatchObject({ how: 'chosen', needsReview: [] });
    expect(model('judge').requests.map(({ parts }) => parts.at(-1)?.text)).toEqual([
      expect.not.stringContaining('broken'),
      expect.not.stringContaining('broken'),
    ]);
    expect(contents(result)).toEqual({ 'a.js': 'y\n' });
  });

  it('and what the checks found in each of them is told', async () => {
    const { run, events } = setup({
      primaries: { one: [file('x')], two: [file('y')] },
      merge: [file('broken')],
      gates: (content) => (content === 'broken\n' ? 'failed' : 'passed'),
      judge: prefers('y'),
    });
    await run();
    const told = events.flatMap((event) =>
      event.type === 'gate-finish'
        ? [[event.candidate, event.result.gate, event.result.status]]
        : [],
    );
    expect(told).toEqual([
      ['merge', 'syntax', 'failed'],
      ['one/m', 'syntax', 'passed'],
      ['two/m', 'syntax', 'passed'],
    ]);
  });

  it('which may be the merge itself, and then says that checks fail', async () => {
    const { run } = setup({
      primaries: { one: [file('x')], two: [file('y')] },
      merge: [file('z')],
      gates: () => 'failed',
      judge: Array.from({ length: 6 }, () => tie),
    });
    expect(await run()).toMatchObject({
      how: 'merged',
      needsReview: ['tests_failed', 'low_margin'],
    });
  });

  it('by its checks alone where the budget leaves nobody to judge', async () => {
    const { run } = setup({
      primaries: { one: [file('x')], two: [file('y')], three: [file('z')] },
      merge: [noMoney],
      gates: (content) => (content === 'x\n' ? 'failed' : 'passed'),
      judge: [noMoney, noMoney],
    });
    const result = await run();
    expect(result).toMatchObject({ how: 'chosen', needsReview: ['low_margin', 'budget_hit'] });
    expect(contents(result)).toEqual({ 'a.js': 'y\n' });
  });
});

describe('validators', () => {
  it.each([
    ['one refuses', { two: [refuses] }, ['validators_disagree']],
    ['they disagree', { two: [accepts], three: [refuses] }, ['validators_disagree']],
    ['one of one fails', { two: [fault('network')] }, ['quorum_lost']],
    ['one of two fails', { two: [accepts], three: [fault('timeout')] }, ['quorum_lost']],
    ['one of three fails', { two: [accepts], three: [fault('timeout')], four: [accepts] }, []],
    ['one refuses to judge', { two: [fault('refused')] }, ['quorum_lost', 'refusal']],
    ['all accept', { two: [accepts], three: [accepts] }, []],
  ] as [string, Record<string, FakeReply[]>, string[]][])(
    '%s',
    async (_case, validators, reasons) => {
      const { run } = setup({ primaries: { one: [file('x')] }, validators });
      expect((await run()).needsReview).toEqual(reasons);
    },
  );

  it('that cannot be had are no quorum', async () => {
    const { run } = setup({
      primaries: { one: [file('x')] },
      wanted: { primaries: 1, validators: 1 },
    });
    expect((await run()).needsReview).toEqual(['quorum_lost']);
  });

  it('of the family of one that answers are said to be', async () => {
    const { run, plan } = setup({
      primaries: { one: [file('x')] },
      validators: { two: [accepts] },
    });
    (plan.validators as EnsemblePlan['validators'][number][])[0] = {
      model: 'two/m',
      family: 'one',
      reason: 'test',
    };
    expect((await run()).validation).toMatchObject([{ sameFamily: true }]);
  });
});

describe('models that fail', () => {
  const kinds = fc.constantFrom<ModelErrorKind | null>(null, ...modelErrorKinds);

  it('are recorded and touch no other, at every number from none to all', async () => {
    const cases = fc.record({
      outcomes: fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 2 })), {
        minLength: 1,
        maxLength: 6,
      }),
      judges: fc.array(kinds, { maxLength: 3 }),
      mergeFails: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ outcomes, judges, mergeFails }) => {
        const reply = (kind: ModelErrorKind | null, content: string): FakeReply[] =>
          kind === null ? [file(content)] : [fault(kind)];
        const { run, model } = setup({
          primaries: Object.fromEntries(
            outcomes.map(([kind, content], index) => [`p${index}`, reply(kind, `v${content}`)]),
          ),
          validators: Object.fromEntries(
            judges.map((kind, index) => [`v${index}`, kind === null ? [accepts] : [fault(kind)]]),
          ),
          merge: mergeFails ? [fault('network')] : [file('merged')],
          judge: Array.from({ length: 6 }, () => ({ reasons: 'Even.', better: 'tie' })),
        });
        const answered = outcomes.filter(([kind]) => kind === null);
        if (answered.length === 0) {
          await expect(run()).rejects.toBeInstanceOf(ModelError);
          return;
        }
        const result = await run();
        expect(result.outputs.map(({ failure }) => failure?.kind ?? null)).toEqual(
          outcomes.map(([kind]) => kind),
        );
        expect(result.validation.map(({ failure }) => failure?.kind ?? null)).toEqual(judges);
        const different = new Set(answered.map(([, content]) => content)).size;
        expect(model('merger').requests).toHaveLength(different > 1 ? 1 : 0);
        expect(result.how).toBe(
          different > 1
            ? mergeFails
              ? 'chosen'
              : 'merged'
            : answered.length > 1
              ? 'agreed'
              : 'alone',
        );
        const reasons = new Set(result.needsReview);
        expect(reasons.has('single_model')).toBe(answered.length === 1 && outcomes.length > 1);
        const judged = judges.filter((kind) => kind === null).length;
        expect(reasons.has('quorum_lost')).toBe(judges.length > 0 && judged * 2 <= judges.length);
        const all = [...outcomes.map(([kind]) => kind), ...judges];
        expect(reasons.has('refusal')).toBe(all.includes('refused'));
        expect(reasons.has('truncated')).toBe(all.includes('truncated'));
      }),
      { numRuns: 150 },
    );
  });

  it('all of them: others are asked in turn until one answers', async () => {
    const { run, model } = setup({
      primaries: { one: [fault('network')], two: [fault('auth')] },
      substitutes: { three: [fault('overloaded')], four: [file('x')], five: [] },
    });
    const result = await run();
    expect(result).toMatchObject({ how: 'alone', needsReview: ['single_model'] });
    expect(result.outputs.map(({ model: name }) => name)).toEqual([
      'one/m',
      'two/m',
      'three/m',
      'four/m',
    ]);
    expect(model('five').requests).toEqual([]);
  });

  it('all of them, one in passing: the error is one that another time may mend', async () => {
    const { run } = setup({ primaries: { one: [fault('refused')], two: [fault('overloaded')] } });
    await expect(run()).rejects.toMatchObject({ kind: 'overloaded' });
  });

  it('by the budget: what there is stands, and nobody else is asked', async () => {
    const { run } = setup({ primaries: { one: [noMoney], two: [file('x')] } });
    expect((await run()).needsReview).toEqual(['budget_hit', 'single_model']);
    const none = setup({ primaries: { one: [noMoney] }, substitutes: { two: [] } });
    await expect(none.run()).rejects.toBe(noMoney);
    expect(none.model('two').requests).toEqual([]);
  });

  it('by an interruption: it is thrown, and nobody is left running', async () => {
    const stop = new AbortController();
    let running = 0;
    const hangs = ({ signal }: ModelRequest): Promise<object> =>
      new Promise((_resolve, reject) => {
        running++;
        signal.addEventListener('abort', () => {
          running--;
          reject(new InterruptedError());
        });
        if (running === 2) stop.abort();
      });
    const { run } = setup({ primaries: { one: [hangs], two: [hangs] }, signal: stop.signal });
    await expect(run()).rejects.toBeInstanceOf(InterruptedError);
    expect(running).toBe(0);
  });

  it('by their own deadline, while others go on', async () => {
    const hangs = ({ signal }: ModelRequest): Promise<object> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new InterruptedError()));
      });
    const { run } = setup({ primaries: { one: [hangs], two: [file('x')] }, timeoutMs: 20 });
    expect(await run()).toMatchObject({
      how: 'alone',
      outputs: [{ failure: { kind: 'timeout' } }, { failure: null }],
      needsReview: ['single_model'],
    });
  });

  it('by a fault of the program, which is hidden nowhere', async () => {
    const { run } = setup({ primaries: { one: [new TypeError('a bug')], two: [file('x')] } });
    await expect(run()).rejects.toBeInstanceOf(TypeError);
  });
});

describe('as a strategy', () => {
  const strategy = ({ plan, options }: ReturnType<typeof setup>) =>
    ensembleStrategy(() => plan, options);

  it('the consensus wins, and what all validators found is its first review', async () => {
    const made = setup({
      primaries: { one: [file('x')], two: [file('y')], three: [fault('refused')] },
      merge: [file('z')],
      validators: { four: [accepts], five: [refuses] },
    });
    const chosen = await strategy(made)(made.input);
    expect(Object.fromEntries(chosen.winner.changes)).toEqual({ 'a.js': 'z\n' });
    expect(formatModelRef(chosen.winner.author.ref)).toBe('merger/m');
    expect(chosen.needsReview).toEqual([]);
    expect(chosen.approval).toMatchObject({
      reviewer: { family: 'four' },
      review: { verdict: 'revise', summary: 'Sound. Sound.', findings: refuses.findings },
    });
    expect([...made.written.keys()]).toEqual([
      expect.stringMatching(/^ensemble\/gates\/[0-9a-f]{16}\.json$/),
      'ensemble/answer-1.md',
      'ensemble/answer-2.md',
      'ensemble/result.json',
    ]);
    expect(made.written.get('ensemble/answer-2.md')).toContain('y\n');
    expect(JSON.parse(made.written.get('ensemble/result.json') ?? '')).toMatchObject({
      how: 'merged',
      needsReview: ['validators_disagree', 'refusal'],
      answers: [{ model: 'one/m' }, { model: 'two/m' }, { failure: { kind: 'refused' } }],
    });
  });

  it('a person must look where too few judged, and nothing stands in for a review', async () => {
    const made = setup({
      primaries: { one: [file('x')] },
      validators: { two: [accepts], three: [fault('network')] },
    });
    const chosen = await strategy(made)(made.input);
    expect(chosen.needsReview).toEqual(['quorum_lost']);
    expect(chosen.approval).toBeUndefined();
  });

  it('without validators the supervisor reviews', async () => {
    const made = setup({ primaries: { one: [file('x')] } });
    expect(await strategy(made)(made.input)).not.toHaveProperty('approval');
  });
});
