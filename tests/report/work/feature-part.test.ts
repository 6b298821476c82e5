import { describe, expect, test } from 'vitest';
import { createJournalFold } from '../../../src/report/work/journal.ts';
import { call, event, sampleReport } from '../sample-report.ts';

const { feature } = sampleReport();
if (feature === null) throw new Error('the sample is of a feature');

describe('requirements', () => {
  test('are judged by the tasks that serve them', () => {
    expect(
      feature.requirements.map(({ id, coverage, tasks, files }) => ({
        id,
        coverage,
        tasks,
        files,
      })),
    ).toEqual([
      { id: 'R1', coverage: 'open', tasks: ['T1', 'T3'], files: ['src/a.js'] },
      { id: 'R2', coverage: 'waits', tasks: ['T2'], files: ['src/b.js'] },
      { id: 'R3', coverage: 'uncovered', tasks: [], files: [] },
    ]);
  });
});

describe('an attempt', () => {
  const [task] = feature.tasks;
  const [attempt] = task?.attempts ?? [];

  test('has its rounds with what was found, and who corrected it', () => {
    expect(attempt?.rounds).toMatchObject([
      {
        round: 1,
        files: ['src/a.js'],
        gates: [{ gate: 'tests', status: 'failed' }],
        review: { reviewer: 'two/critic', said: { verdict: 'revise' } },
        correctedBy: 'one/author',
      },
    ]);
    expect(attempt?.context?.files?.[0]).toMatchObject({ path: 'src/near.js' });
    expect(attempt).toMatchObject({ status: 'done', reason: 'All is well.' });
  });

  test('has its time and its cost', () => {
    expect(task).toMatchObject({ workedMs: 10_000, isCritical: true });
    expect(task?.spend).toMatchObject({ calls: 1, usd: 0.5 });
  });
});

describe('the time', () => {
  test('is that of work; the critical path is the longest chain in it', () => {
    expect(feature.workedMs).toBe(22_000);
    expect(feature.criticalPath).toEqual({
      ms: 17_000,
      tasks: [
        { id: 'T1', ms: 10_000 },
        { id: 'T2', ms: 7_000 },
      ],
    });
  });

  test('of an attempt that was cut off ends with what was heard of it last', () => {
    const fold = createJournalFold();
    const start = (seconds: number, resumed: boolean) =>
      event(seconds, { type: 'task-start', task: 'T1', title: 'x', attempt: 1, resumed });
    for (const each of [start(0, false), call(4, 4, 'T1'), start(500, true), call(503, 3, 'T1')])
      fold.follow(each);
    const [attempt] = fold.reading().attempts.get('T1') ?? [];
    expect(attempt?.spans.map(({ from, to }) => to - from)).toEqual([4_000, 3_000]);
    expect(attempt?.status).toBeNull();
  });

  test('does not go back with a clock that is set, nor break at a stamp that is none', () => {
    const fold = createJournalFold();
    fold.follow(event(100, { type: 'stage-start', stage: 'spec' }));
    fold.follow({ ...call(50, 1, null), at: 'yesterday' });
    fold.follow(call(20, 5, null));
    fold.follow(event(101, { type: 'stage-finish', stage: 'spec', summary: '', resumed: false }));
    for (const { from, to } of fold.reading().bars) expect(to).toBeGreaterThanOrEqual(from);
    expect(fold.reading().first).toBe('2026-01-31T12:01:40.000Z');
  });

  test('of replies that were kept from before is none', () => {
    const fold = createJournalFold();
    fold.follow({ ...call(5, 5, null), stored: true } as ReturnType<typeof call>);
    expect(fold.reading().bars).toEqual([]);
  });
});
