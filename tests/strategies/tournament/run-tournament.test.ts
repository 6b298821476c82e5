import { describe, expect, it } from 'vitest';
import { BlueprintError, ExitCode } from '../../../src/domain/errors.ts';
import type { GateResult } from '../../../src/domain/gate-result.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { ModelRequest } from '../../../src/models/language-model.ts';
import { runTournament } from '../../../src/strategies/tournament/run-tournament.ts';
import {
  crash,
  createWorld,
  critique,
  file,
  quiet,
  result,
  textOf,
  workIn,
  type Answers,
} from './world.ts';

/** Which candidate asks: C1 … */
const idOf = ({ purpose }: ModelRequest): string => purpose.candidate ?? '';
const byId =
  (answers: Record<string, string>): Answers =>
  (request) =>
    answers[idOf(request)] ?? file(`export const ${idOf(request)} = 1;`);

/** Where a judge was shown the work of a candidate. */
const placeOf = (request: ModelRequest, id: string): 'A' | 'B' => {
  const shown = request.parts.at(-1)?.text ?? '';
  return shown.indexOf(`const ${id}`) < shown.indexOf('# Work B') ? 'A' : 'B';
};

/** Tests that pass for work that says `right`. */
const tests = (text: string): GateResult[] => [
  result('paths', 'passed'),
  result('tests', text.includes('right') ? 'passed' : 'failed', '1 of 3 tests failed'),
];

describe('candidates', () => {
  it('are asked for at the same time, each critic as soon as its candidate is there', async () => {
    const open = new Map<string, (answer: string) => void>();
    const world = createWorld({
      writers: 2,
      settings: { k: 2 },
      write: (request) => new Promise((resolve) => open.set(idOf(request), resolve)),
    });
    const run = runTournament(world.input());
    await quiet();
    expect([...open.keys()].sort()).toEqual(['C1', 'C2']);
    open.get('C2')?.(file('two'));
    await quiet();
    expect(world.asked('critique')).toHaveLength(3);
    expect(world.asked('critique').every((request) => idOf(request) === 'C2')).toBe(true);
    open.get('C1')?.(file('one'));
    await run;
    expect(world.asked('critique')).toHaveLength(6);
  });

  it('share all but the end of their prompts, and differ there', async () => {
    const world = createWorld({ write: byId({}), settings: { k: 4 } });
    await runTournament(world.input());
    const asked = world.asked('execute');
    expect(asked).toHaveLength(4);
    const heads = asked.map(({ parts }) => JSON.stringify(parts.slice(0, -1)));
    expect(new Set(heads).size).toBe(1);
    expect(new Set(asked.map(({ parts }) => parts.at(-1)?.text)).size).toBe(4);
  });

  it('that cannot be had are dropped while one lives', async () => {
    const world = createWorld({
      write: (request) =>
        idOf(request) === 'C2'
          ? file('fine')
          : new ModelError({ kind: 'refused', model: 'one/m', message: 'no' }),
    });
    const { winner, table } = await runTournament(world.input());
    expect(winner.id).toBe('C2');
    expect(table.approved).toBe(true);
    expect(table.candidates.map(({ state }) => state)).toEqual(['dropped', 'winner', 'dropped']);
  });

  it.each([
    ['prose', 'I would write a function.', 'malformed'],
    ['an empty bundle', 'FILE:', 'malformed'],
  ])('that are %s are asked for once more, then dropped', async (_, reply, kind) => {
    const world = createWorld({ write: byId({ C1: reply }), settings: { k: 2 } });
    const { winner, entries } = await runTournament(world.input());
    expect(winner.id).toBe('C2');
    expect(entries[0]).toMatchObject({ failure: { kind } });
    expect(world.asked('execute:repair')).toHaveLength(1);
  });

  it('end the tournament when there is none', async () => {
    const fault = new ModelError({ kind: 'truncated', model: 'one/m', message: 'cut' });
    const world = createWorld({ write: () => fault });
    await expect(runTournament(world.input())).rejects.toMatchObject({ kind: 'truncated' });
  });

  it('that hang are given up', async () => {
    const world = createWorld({
      write: (request) => (idOf(request) === 'C1' ? new Promise(() => undefined) : file('fine')),
      settings: { k: 2, deadlineMs: 100 },
    });
    const { entries, winner } = await runTournament(world.input());
    expect(winner.id).toBe('C2');
    expect(entries[0]).toMatchObject({ failure: { kind: 'timeout' } });
  });

  it('with another’s id are blocked, and one that names itself rightly is not', async () => {
    const world = createWorld({
      write: byId({
        C1: `CANDIDATE: C2\n${file('good')}`,
        C2: `CANDIDATE: C2\n\nMy notes.\n${file('also good')}`,
      }),
      judge: (request) => critique(request, workIn(request).includes('also') ? 0.6 : 1),
      settings: { k: 2, loops: 0 },
    });
    const { winner, table } = await runTournament(world.input());
    expect(winner.id).toBe('C2');
    expect(winner.candidate.bundle.notes).toBe('My notes.');
    expect(table.candidates[0]).toMatchObject({ state: 'runner-up', critics: [] });
    expect(table.candidates[0]?.blockers[0]).toMatchObject({ from: 'identity' });
  });

  it('that are duplicates share their critics, and no duplicate is runner-up', async () => {
    const world = createWorld({
      write: byId({ C1: file('same'), C2: file('same  \n'), C3: file('other') }),
      judge: (request) => critique(request, workIn(request).includes('same') ? 0.9 : 0.5),
    });
    const { winner, runnerUp, table } = await runTournament(world.input());
    expect([winner.id, runnerUp?.id]).toEqual(['C1', 'C3']);
    expect(world.asked('critique')).toHaveLength(6);
    expect(table.candidates[1]).toMatchObject({ state: 'duplicate', duplicateOf: 'C1' });
  });
});

describe('critics', () => {
  it('see the same words but for the charter, and not who wrote what', async () => {
    const world = createWorld({ write: byId({}), settings: { k: 2 } });
    await runTournament(world.input());
    const asked = world.asked('critique');
    const heads = (id: string): Set<string> =>
      new Set(
        asked
          .filter((request) => idOf(request) === id)
          .map(({ parts }) => JSON.stringify(parts.slice(0, -1))),
      );
    expect([heads('C1').size, heads('C2').size]).toEqual([1, 1]);
    expect(new Set(asked.map(({ parts }) => JSON.stringify(parts.slice(0, 2)))).size).toBe(1);
    for (const request of asked) {
      expect(textOf(request)).not.toMatch(/one\/m|three\/m|CANDIDATE|Your way to go at it/);
      expect(request.parts.at(-1)?.name).toBe('charter');
    }
  });

  it.each([
    ['scores 7 of 1', { scores: { correctness: 7 } as never }],
    ['judges an unknown candidate', { candidate: 'candidate-9' }],
    ['knows other categories', { failures: [{ category: 'mood' }] as never }],
  ])('one that %s is asked once more, and is then unknown', async (_, wrong) => {
    const world = createWorld({
      write: byId({}),
      judge: (request) => critique(request, 0.8, request.purpose.critic === 'second' ? wrong : {}),
      settings: { k: 1 },
    });
    const { table } = await runTournament(world.input());
    expect(world.asked('critique:repair')).toHaveLength(1);
    expect(table.candidates[0]?.critics.map(({ verdict }) => verdict)).toEqual([
      'accept',
      'unknown',
      'accept',
    ]);
    expect(table.candidates[0]?.score).toBeCloseTo(0.8);
    expect(table.approved).toBe(true);
  });

  it('one that mends its reply is heard', async () => {
    const world = createWorld({
      write: byId({}),
      judge: (request) =>
        critique(request, 0.8, request.purpose.stage === 'critique' ? { candidate: 'x' } : {}),
      settings: { k: 1 },
    });
    const { table } = await runTournament(world.input());
    expect(table.candidates[0]?.critics.every(({ verdict }) => verdict === 'accept')).toBe(true);
  });

  it('one that crashes or hangs is unknown, not against the candidate', async () => {
    const world = createWorld({
      write: byId({}),
      judge: (request) =>
        request.purpose.critic === 'first'
          ? new Promise(() => undefined)
          : request.purpose.critic === 'third'
            ? crash
            : critique(request, 0.7),
      settings: { k: 1, deadlineMs: 200, quorum: 1 },
    });
    const { table } = await runTournament(world.input());
    expect(table.candidates[0]?.critics.map(({ verdict }) => verdict)).toEqual([
      'unknown',
      'accept',
      'unknown',
    ]);
    expect(table.candidates[0]?.score).toBeCloseTo(0.7);
    expect(table.approved).toBe(true);
  });

  it('too few of them leave the winner to a person', async () => {
    const world = createWorld({
      write: byId({}),
      judge: (request) => (request.purpose.critic === 'first' ? critique(request, 1) : crash),
      settings: { k: 1 },
    });
    const { doubts } = await runTournament(world.input());
    expect(doubts.map(({ reason }) => reason)).toEqual(['quorum_lost']);
  });

  it('none that can be reached is a lost quorum', async () => {
    const world = createWorld({ write: byId({}), settings: { k: 2 }, lists: { critic: [] } });
    const { doubts, table } = await runTournament(world.input());
    expect(doubts.map(({ reason }) => reason)).toContain('quorum_lost');
    expect(table.approved).toBe(false);
  });

  it('of a candidate that can no longer win are ended early', async () => {
    const world = createWorld({
      write: byId({ C1: file('good'), C2: file('bad') }),
      judge: (request) => {
        if (workIn(request).includes('good')) return critique(request, 1);
        return request.purpose.critic === 'first'
          ? critique(request, 0.3)
          : new Promise(() => undefined);
      },
      settings: { k: 2, earlyStop: true },
    });
    const { winner, table } = await runTournament(world.input());
    expect(winner.id).toBe('C1');
    expect(table.approved).toBe(true);
    expect(table.candidates[1]?.critics.map(({ verdict }) => verdict)).toEqual([
      'accept',
      'unknown',
      'unknown',
    ]);
    expect(table.candidates[1]?.critics[1]?.reason).toContain('can no longer win');
  });
});

describe('checks', () => {
  it('decide: no critic is asked about work that fails one, and none approves it', async () => {
    const world = createWorld({
      write: byId({ C1: file('wrong'), C2: file('right'), C3: file('wrong too') }),
      judge: (request) => critique(request, 0.2),
      check: tests,
      settings: { mustPass: ['tests'] },
    });
    const { winner, table } = await runTournament(world.input());
    expect(winner.id).toBe('C2');
    expect(table.approved).toBe(true);
    expect(world.asked('critique')).toHaveLength(3);
  });

  it('that all fail leave the best to a person', async () => {
    const world = createWorld({
      write: (request) =>
        request.purpose.stage === 'synthesize' ? file('still bad') : byId({})(request),
      judge: (request) => critique(request, 1),
      check: tests,
    });
    const { doubts, table } = await runTournament(world.input());
    expect(doubts.map(({ reason }) => reason)).toEqual(['tests_failed']);
    expect(table.approved).toBe(false);
    expect(world.asked('critique')).toEqual([]);
  });

  it.each(['errored', 'skipped'] as const)('that are %s prove nothing', async (status) => {
    const world = createWorld({
      write: byId({}),
      check: () => [result('tests', status)],
      settings: { mustPass: ['tests'], k: 1 },
    });
    const { doubts } = await runTournament(world.input());
    expect(doubts).toMatchObject([{ reason: 'tests_failed' }]);
  });

  it('that were asked for and not made are no approval', async () => {
    const world = createWorld({ write: byId({}), settings: { mustPass: ['tests'], k: 1 } });
    const { doubts } = await runTournament(world.input());
    expect(doubts).toMatchObject([{ reason: 'tests_failed', detail: 'tests has not been run' }]);
  });
});

describe('synthesis', () => {
  it('gets what the tests said, round after round, until they pass', async () => {
    const world = createWorld({
      write: (request) => {
        if (request.purpose.stage !== 'synthesize') return byId({})(request);
        return request.purpose.round === 1 ? file('nearly') : file('right');
      },
      check: tests,
      settings: { mustPass: ['tests'] },
    });
    const { winner, rounds, table } = await runTournament(world.input());
    expect(winner.id).toBe('S2');
    expect(table.approved).toBe(true);
    expect(rounds.map(({ accepted }) => accepted)).toEqual([false, true]);
    const [first, second] = world.asked('synthesize').map(textOf);
    expect(first).toContain('1 of 3 tests failed');
    expect(first).not.toContain('Why your last revision was not taken');
    expect(second).toContain('Why your last revision was not taken');
  });

  it('is not made when nothing blocks', async () => {
    const world = createWorld({ write: byId({}) });
    await runTournament(world.input());
    expect(world.asked('synthesize')).toEqual([]);
  });

  it('mends what critics found, with the runner-up in view', async () => {
    const world = createWorld({
      write: (request) =>
        request.purpose.stage === 'synthesize' ? file('mended') : byId({})(request),
      judge: (request) => {
        const work = workIn(request);
        if (work.includes('mended')) return critique(request, 0.9);
        return critique(request, work.includes('C1') ? 0.8 : 0.4, { blocks: 'contract' });
      },
    });
    const { winner, table } = await runTournament(world.input());
    expect(winner.id).toBe('S1');
    expect(table.approved).toBe(true);
    const prompt = textOf(world.asked('synthesize')[0] as ModelRequest);
    expect(prompt).toContain('what is wrong in contract');
    expect(prompt).toContain('export const C2');
  });

  it('is not taken when the score falls', async () => {
    const world = createWorld({
      write: (request) =>
        request.purpose.stage === 'synthesize' ? file('worse') : byId({})(request),
      judge: (request) =>
        workIn(request).includes('worse')
          ? critique(request, 0.3)
          : critique(request, 0.8, { blocks: 'contract' }),
    });
    const { winner, rounds, doubts } = await runTournament(world.input());
    expect(winner.id).toBe('C1');
    expect(rounds).toHaveLength(1);
    expect(rounds[0]?.reason).toContain('score falls');
    expect(doubts.map(({ reason }) => reason)).toEqual(['validators_disagree']);
  });

  it('that gives what was judged before ends it', async () => {
    const world = createWorld({
      write: (request) =>
        request.purpose.stage === 'synthesize' ? file('export const C1 = 1;') : byId({})(request),
      judge: (request) => critique(request, 0.8, { blocks: 'contract' }),
    });
    const { rounds } = await runTournament(world.input());
    expect(rounds).toHaveLength(1);
    expect(rounds[0]?.accepted).toBe(false);
  });
});

describe('a near tie', () => {
  const near = (pair: Parameters<typeof createWorld>[0]['pair'], more = {}) =>
    createWorld({
      write: byId({}),
      judge: (request) => critique(request, workIn(request).includes('C2') ? 0.9 : 0.89),
      settings: { k: 2, ...more },
      ...(pair !== undefined && { pair }),
    });

  it('is settled by the judge', async () => {
    const world = near((request) => ({ reasons: 'shorter', better: placeOf(request, 'C1') }));
    const { winner, runnerUp, doubts, table } = await runTournament(world.input());
    expect([winner.id, runnerUp?.id, doubts]).toEqual(['C1', 'C2', []]);
    expect(table.nearTie).toMatchObject({ between: ['C2', 'C1'], reasons: 'shorter' });
  });

  it.each([
    [true, 'judge_order_flip'],
    [false, 'low_margin'],
  ])('that is a tie (flipped: %s) goes to a person as %s', async (flipped, reason) => {
    const world = near(() => ({ reasons: 'even', better: flipped ? 'A' : 'tie' }));
    const { winner, doubts } = await runTournament(world.input());
    expect(winner.id).toBe('C2');
    expect(doubts.map((doubt) => doubt.reason)).toEqual([reason]);
  });

  it('is none further apart, and the judge is then not asked', async () => {
    const world = near(
      () => {
        throw new Error('The judge is not to be asked');
      },
      { margin: 0.005 },
    );
    expect((await runTournament(world.input())).winner.id).toBe('C2');
  });
});

describe('money', () => {
  const reached = new BlueprintError({
    code: 'budget-reached',
    message: 'The budget is reached',
    exitCode: ExitCode.budget,
  });

  it('that is spent leaves the best to a person, and the rest to the same command', async () => {
    let spent = true;
    const world = createWorld({
      write: byId({}),
      judge: (request) =>
        spent && idOf(request) !== 'C1' ? reached : critique(request, 0.9, { blocks: 'contract' }),
    });
    const first = await runTournament(world.input());
    expect(first.stop).toBe(reached);
    expect(first.doubts.map(({ reason }) => reason)).toContain('budget_hit');
    const before = world.requests.length;
    spent = false;
    await runTournament(world.input());
    const again = world.requests.slice(before);
    expect(again.filter(({ purpose }) => purpose.stage === 'execute')).toEqual([]);
    expect(
      again.filter((each) => idOf(each) === 'C1' && each.purpose.stage === 'critique'),
    ).toEqual([]);
  });

  it('that is spent before any candidate ends it', async () => {
    const world = createWorld({ write: () => reached });
    await expect(runTournament(world.input())).rejects.toBe(reached);
  });
});

it('goes on from what was paid for: the same again makes no call and finds the same', async () => {
  const world = createWorld({
    write: (request) => {
      if (request.purpose.stage === 'synthesize') return file('right');
      return idOf(request) === 'C3'
        ? new ModelError({ kind: 'truncated', model: 'one/m', message: 'cut' })
        : byId({})(request);
    },
    judge: (request) => (request.purpose.critic === 'second' ? crash : critique(request, 0.9)),
    check: tests,
  });
  const first = await runTournament(world.input());
  const count = world.requests.length;
  const second = await runTournament(world.input());
  expect(world.requests).toHaveLength(count);
  expect(second.table).toEqual(first.table);
  expect(JSON.parse(world.files.get('table.json') ?? '')).toEqual(first.table);
  expect(first.table.cost).toMatchObject({ calls: 5, tokensIn: 5_000, usd: 0.01 });
});

it('approves nothing by checks of an earlier process', async () => {
  let passes = true;
  const world = createWorld({
    write: byId({}),
    check: () => [result('tests', passes ? 'passed' : 'failed')],
    settings: { mustPass: ['tests'], k: 1 },
  });
  expect((await runTournament(world.input())).doubts).toEqual([]);
  passes = false;
  expect((await runTournament(world.input())).doubts).toMatchObject([{ reason: 'tests_failed' }]);
});
