import { describe, expect, it } from 'vitest';
import type { Evidence, EvidenceKind, Skipped } from '../../../src/report/preferences/evidence.ts';
import { pairsAmong, type JudgedWork } from '../../../src/report/preferences/pairs.ts';
import type { SeenJudgement } from '../../../src/report/preferences/seen-work.ts';
import { at } from './events.ts';

const say = (kind: EvidenceKind, second = 1): Evidence => ({ kind, at: at(second), by: null });

const work = (content: string, said: Partial<JudgedWork> = {}): JudgedWork => ({
  content,
  good: [],
  bad: [],
  gates: { verdict: 'neither', at: '' },
  ranks: [],
  ...said,
});
const passed = { gates: { verdict: 'passed', at: at(2) } } as const;
const gone = { gates: { verdict: 'failed', at: at(3) } } as const;
const approved = { good: [say('supervisor', 5)] };
const refused = { bad: [say('review', 4)] };
const rank = (score: number | null, blockers = 0): Partial<JudgedWork> => ({
  ranks: [{ among: '1', score, blockers, at: at(6) }],
});
const judge = (outcome: SeenJudgement['outcome'], first = 'a', second = 'b'): SeenJudgement => ({
  first,
  second,
  outcome,
  evidence: { kind: 'judge', at: at(7), by: 'three/judge' },
});

/** Pairs as `chosen>rejected kinds`, and what was skipped. */
function found(works: readonly JudgedWork[], judgements: readonly SeenJudgement[] = []) {
  const skipped: Skipped = {};
  const pairs = pairsAmong(works, judgements, skipped).map(
    ({ chosen, rejected, evidence }) =>
      `${chosen.content}>${rejected.content} ${evidence.map(({ kind }) => kind).join(' ')}`,
  );
  return { pairs, skipped };
}

describe('a pair is made by', () => {
  it.each<[string, JudgedWork, JudgedWork, SeenJudgement[], string]>([
    [
      'an approval over a refusal',
      work('a', refused),
      work('b', approved),
      [],
      'b>a review supervisor',
    ],
    [
      'an approval over failed gates',
      work('a', gone),
      work('b', approved),
      [],
      'b>a gates supervisor',
    ],
    ['gates', work('a', passed), work('b', gone), [], 'a>b gates'],
    [
      'gates against refused work',
      work('a', passed),
      work('b', { ...gone, ...refused }),
      [],
      'a>b gates',
    ],
    ['ranks', work('a', rank(0.7)), work('b', rank(0.85)), [], 'b>a rank'],
    [
      'a rank over what critics found wanting',
      work('a', rank(0.9)),
      work('b', rank(0.5, 2)),
      [],
      'a>b rank',
    ],
    ['a judge', work('a'), work('b'), [judge('second')], 'b>a judge'],
    [
      'a judge, shown the other way round',
      work('a'),
      work('b'),
      [judge('first', 'b', 'a')],
      'b>a judge',
    ],
    [
      'all of these',
      work('a', { ...passed, ...approved, ...rank(0.9) }),
      work('b', { ...gone, ...refused, ...rank(0.1) }),
      [judge('first')],
      'a>b gates review supervisor rank judge',
    ],
  ])('%s', (_, one, other, judgements, pair) => {
    expect(found([one, other], judgements)).toEqual({ pairs: [pair], skipped: {} });
    // The order in which they come says nothing.
    expect(found([other, one], judgements)).toEqual({ pairs: [pair], skipped: {} });
  });
});

describe('no pair is made of', () => {
  it.each<[string, JudgedWork, JudgedWork, SeenJudgement[], keyof Skipped]>([
    ['two of which nothing is said', work('a'), work('b'), [], 'no-verdict'],
    ['two that passed', work('a', passed), work('b', passed), [], 'no-verdict'],
    ['two that were refused', work('a', refused), work('b', refused), [], 'no-verdict'],
    ['two that were approved', work('a', approved), work('b', approved), [], 'no-verdict'],
    ['a tie', work('a'), work('b'), [judge('tie')], 'tie'],
    ['a tie, whatever gates say', work('a', passed), work('b', gone), [judge('tie')], 'tie'],
    ['a flip', work('a'), work('b'), [judge('flip')], 'order-flip'],
    [
      'a flip beside a verdict',
      work('a'),
      work('b'),
      [judge('first'), judge('flip')],
      'order-flip',
    ],
    ['close scores', work('a', rank(0.9)), work('b', rank(0.85)), [], 'low-margin'],
    ['no scores', work('a', rank(null)), work('b', rank(0.85)), [], 'no-verdict'],
    [
      'scores of different tournaments',
      work('a', { ranks: [{ among: '1', score: 0.9, blockers: 0, at: '' }] }),
      work('b', { ranks: [{ among: '2', score: 0.1, blockers: 0, at: '' }] }),
      [],
      'no-verdict',
    ],
    [
      'a higher score with what blocks',
      work('a', rank(0.9, 1)),
      work('b', rank(0.5)),
      [],
      'no-verdict',
    ],
    [
      'judges that differ',
      work('a'),
      work('b'),
      [judge('first'), judge('second')],
      'conflicting-evidence',
    ],
    [
      'a judge against gates',
      work('a', passed),
      work('b', gone),
      [judge('second')],
      'conflicting-evidence',
    ],
    [
      'a judge against an approval',
      work('a', approved),
      work('b'),
      [judge('second')],
      'conflicting-evidence',
    ],
    [
      'work that was approved and refused',
      work('a', { ...approved, ...refused }),
      work('b', gone),
      [],
      'conflicting-evidence',
    ],
    [
      'work that was approved over its gates',
      work('a', { ...approved, ...gone }),
      work('b', refused),
      [],
      'conflicting-evidence',
    ],
    [
      'better work that was refused',
      work('a', { ...passed, ...refused }),
      work('b', gone),
      [],
      'conflicting-evidence',
    ],
    [
      'work whose gates turn',
      work('a', { ...approved, gates: { verdict: 'unsteady', at: '' } }),
      work('b', refused),
      [],
      'conflicting-evidence',
    ],
    [
      'a judge’s choice that failed',
      work('a', gone),
      work('b'),
      [judge('first')],
      'conflicting-evidence',
    ],
  ])('%s', (_, one, other, judgements, reason) => {
    expect(found([one, other], judgements)).toEqual({ pairs: [], skipped: { [reason]: 1 } });
    expect(found([other, one], judgements)).toEqual({ pairs: [], skipped: { [reason]: 1 } });
  });
});

it('each two of several are looked at', () => {
  const works = [work('a', passed), work('b', gone), work('c', { ...passed, ...approved })];
  expect(found(works)).toEqual({
    pairs: ['a>b gates', 'c>b gates supervisor'],
    skipped: { 'no-verdict': 1 },
  });
  expect(found([work('a')])).toEqual({ pairs: [], skipped: {} });
  expect(found([])).toEqual({ pairs: [], skipped: {} });
});

it('evidence is given in the order of its time, each giver’s last word', () => {
  const one = work('a', { good: [say('supervisor', 9), say('supervisor', 2)] });
  const [pair] = pairsAmong([one, work('b', refused)], [], {});
  expect(pair?.evidence).toEqual([say('review', 4), say('supervisor', 9)]);
});
