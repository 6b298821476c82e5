import { describe, expect, it } from 'vitest';
import type { FindingsMode } from '../../../src/domain/review.ts';
import type { ModelRequest } from '../../../src/models/language-model.ts';
import { runTournament } from '../../../src/strategies/tournament/run-tournament.ts';
import { tournamentStrategy } from '../../../src/strategies/tournament/definition.ts';
import {
  crash,
  createWorld,
  critique,
  failure,
  file,
  result,
  workIn,
  type Answers,
} from './world.ts';

const cited = { ...failure('contract'), cites: 'R1' };
const refuting = { findings: [{ id: 'F1', verdict: 'refuted', reasons: 'src/a.js:1 does it' }] };

/**
 * Three candidates, of which C1 is best and C3 worst by their scores. One critic holds something against those
 * that are named, and what else it says of all.
 */
function world(given: {
  readonly against: readonly string[];
  readonly found?: object;
  readonly mode?: FindingsMode;
  readonly reader?: Answers;
  readonly loops?: number;
}) {
  const { against, found = cited, mode = 'grounded', reader = () => refuting } = given;
  const made = createWorld({
    findings: mode,
    reader,
    settings: { loops: given.loops ?? 0, margin: 0 },
    write: ({ purpose }) =>
      purpose.stage === 'synthesize' ? file('mended') : file(`by ${purpose.candidate}`),
    judge(request) {
      const name = nameIn(request);
      const value = { C1: 0.9, C2: 0.8, C3: 0.7 }[name] ?? 0.9;
      const isAgainst = against.includes(name) && request.purpose.critic === 'first';
      return critique(
        request,
        value,
        isAgainst ? { verdict: 'revise', failures: [found as never] } : {},
      );
    },
  });
  return { ...made, read: () => made.asked('second-read').map(nameIn) };
}

const nameIn = (request: ModelRequest): string => /by (C\d)/.exec(workIn(request))?.[1] ?? 'S';

describe('what critics hold against a candidate', () => {
  it('is read again of the one that would win without it, of no other', async () => {
    const { input, read } = world({ against: ['C1', 'C3'] });
    const { winner, doubts, table } = await runTournament(input());
    expect(winner.id).toBe('C1');
    expect(doubts).toEqual([]);
    expect(read()).toEqual(['C1']);
    expect(table.candidates[0]).toMatchObject({
      blockers: [],
      unproven: [{ standing: 'refuted', reason: 'src/a.js:1 does it' }],
    });
  });

  it('is read again of nobody where the best has nothing against it', async () => {
    const { input, read } = world({ against: ['C2', 'C3'] });
    expect((await runTournament(input())).winner.id).toBe('C1');
    expect(read()).toEqual([]);
  });

  it('lets the next win where it stands', async () => {
    const { input, read } = world({ against: ['C1'], reader: () => ({ findings: [] }) });
    const { winner, doubts } = await runTournament(input());
    expect([winner.id, doubts]).toEqual(['C2', []]);
    expect(read()).toEqual(['C1']);
  });

  it('stands where the second reader gives nothing to go by', async () => {
    const { input } = world({ against: ['C1', 'C2', 'C3'], reader: () => crash });
    const { winner, doubts } = await runTournament(input());
    expect(winner.id).toBe('C1');
    expect(doubts.map(({ reason }) => reason)).toEqual(['validators_disagree']);
  });

  it.each([
    ['cites nothing', { cites: null }],
    ['cites what is not asked', { cites: 'R9' }],
    ['names a line that is not there', { location: 'src/a.js:77' }],
  ])('is in doubt, and no veto, where it %s', async (_, more) => {
    const { input, read } = world({ against: ['C1'], found: { ...cited, ...more } });
    const { winner, doubts, table } = await runTournament(input());
    expect([winner.id, doubts, read()]).toEqual(['C1', [], []]);
    expect(table.candidates[0]).toMatchObject({ unproven: [{ standing: 'doubtful' }] });
  });

  it('is none where only proofs count, and what blocks as before where any does', async () => {
    const proved = world({ against: ['C1'], mode: 'proved' });
    expect((await runTournament(proved.input())).winner.id).toBe('C1');
    const any = world({ against: ['C1'], mode: 'any', found: failure('contract') });
    expect((await runTournament(any.input())).winner.id).toBe('C2');
    expect([...proved.read(), ...any.read()]).toEqual([]);
  });

  it('is read again of a revision too, before it takes the winner’s place', async () => {
    const { input, read } = world({
      against: ['C1', 'C2', 'C3', 'S'],
      loops: 1,
      reader: (request) => (nameIn(request) === 'S' ? refuting : { findings: [] }),
    });
    const { winner, doubts } = await runTournament(input());
    expect([winner.id, doubts]).toEqual(['S1', []]);
    expect(read()).toEqual(['C1', 'C2', 'C3', 'S']);
  });

  it('is not read again by a tournament that is resumed', async () => {
    const made = world({ against: ['C1'] });
    await runTournament(made.input());
    await runTournament(made.input());
    expect(made.read()).toEqual(['C1']);
  });

  it('leaves a veto of a check as it is', async () => {
    const made = createWorld({
      findings: 'grounded',
      write: ({ purpose }) => file(`by ${purpose.candidate}`),
      check: () => [result('tests', 'failed')],
      settings: { loops: 0 },
    });
    const { doubts } = await runTournament(made.input());
    expect(doubts.map(({ reason }) => reason)).toEqual(['tests_failed']);
    expect(made.asked('second-read')).toEqual([]);
  });

  it('sends a winner to a person about whose line two of them are in doubt', async () => {
    const made = createWorld({
      findings: 'grounded',
      write: ({ purpose }) => file(`by ${purpose.candidate}`),
      judge: (request) =>
        critique(request, 0.9, {
          verdict: 'revise',
          failures: request.purpose.critic === 'third' ? [] : [failure('contract')],
          ...(request.purpose.critic === 'third' && { verdict: 'accept' }),
        }),
      settings: { loops: 0 },
    });
    const { needsReview, approval } = await tournamentStrategy({
      settings: made.input().settings,
      priceOf: () => null,
    })(made.input());
    expect(needsReview).toEqual(['doubtful_findings']);
    expect(approval).toBeUndefined();
  });
});
