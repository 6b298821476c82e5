import { describe, expect, test } from 'vitest';
import { collectIssues } from '../../src/debate/issues.ts';
import type { IssueReply } from '../../src/domain/debate.ts';

const proposal = `# Cache

The cache keeps **every page** for one hour.
It is "shared" by all servers — without a lock.
`;

const raised = (more: Partial<IssueReply> = {}): IssueReply => ({
  id: 'S1',
  severity: 'major',
  title: 'Stale pages are served',
  claim: 'c',
  evidence: ['keeps every page for one hour'],
  breaks: 'b',
  ...more,
});
const of = (critic: string, ...issues: IssueReply[]) => ({ critic, round: 0, issues });

describe('a quote stands in the proposal', () => {
  test.each([
    ['its words, without marks and in another layout', 'keeps  every\npage for one hour', true],
    ['other quotes and dashes', 'is “shared” by all servers - without', true],
    ['a gap that is marked', 'The cache keeps … by all servers', true],
    ['words in another order', 'one hour for every page', false],
    ['a gap whose second half comes before', 'by all servers … The cache keeps', false],
    ['a word that every text has', 'the', false],
    ['nothing', '', false],
    ['an ellipsis alone', '…', false],
  ])('%s', (_, quote, found) => {
    const [issue] = collectIssues(proposal, [of('A', raised({ evidence: [quote] }))]);
    expect(issue?.evidence).toEqual([{ quote, found }]);
    expect(issue?.severity).toBe(found ? 'major' : 'minor');
    expect(issue?.saidSeverity).toBe('major');
  });

  test('without any, an issue is minor at most, and a nit stays one', () => {
    const severities = (['blocker', 'major', 'minor', 'nit'] as const).map(
      (severity) =>
        collectIssues(proposal, [of('A', raised({ severity, evidence: [] }))])[0]?.severity,
    );
    expect(severities).toEqual(['minor', 'minor', 'minor', 'nit']);
  });
});

describe('one issue for one fault', () => {
  test('ids are the debate’s own: those of critics may collide', () => {
    const other = raised({ title: 'No lock', evidence: ['without a lock'] });
    const issues = collectIssues(proposal, [
      of('A', raised(), other),
      of('B', raised({ title: 'Memory grows', evidence: [] })),
    ]);
    expect(issues.map(({ id, origins }) => [id, origins])).toEqual([
      ['I1', [{ critic: 'A', id: 'S1' }]],
      ['I2', [{ critic: 'A', id: 'S1' }]],
      ['I3', [{ critic: 'B', id: 'S1' }]],
    ]);
  });

  test('two critics who found the same are joined, with both origins and the graver rating', () => {
    const same = raised({
      id: 'X9',
      severity: 'blocker',
      title: 'Pages that are served are stale',
      evidence: ['every page for one hour'],
    });
    const issues = collectIssues(proposal, [of('A', raised()), of('B', same)]);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({
      id: 'I1',
      severity: 'blocker',
      origins: [
        { critic: 'A', id: 'S1' },
        { critic: 'B', id: 'X9' },
      ],
    });
  });

  test('the same words without a shared quote are not the same fault', () => {
    const other = raised({ title: 'Stale locks are served', evidence: ['without a lock'] });
    expect(collectIssues(proposal, [of('A', raised()), of('B', other)])).toHaveLength(2);
  });

  test('what a critic says again is no new issue, and never changes an earlier id', () => {
    const first = collectIssues(proposal, [of('A', raised())]);
    const later = collectIssues(proposal, [
      of('A', raised()),
      { critic: 'A', round: 1, issues: [raised(), raised({ title: 'New', evidence: [] })] },
    ]);
    expect(later.map(({ id, round }) => [id, round])).toEqual([
      ['I1', 0],
      ['I2', 1],
    ]);
    expect(later[0]).toEqual(first[0]);
  });
});
