import { expect, test } from 'vitest';
import {
  answersPrompt,
  baselinePrompt,
  finalPrompt,
  judgeCriticsPrompt,
  peerReviewPrompt,
  repliesPrompt,
  roundPrompt,
  saidByCritic,
} from '../../src/debate/prompts.ts';
import { lensOf } from '../../src/debate/lenses.ts';
import type { DebateIssue } from '../../src/domain/debate.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';

const proposal = '# Cache\n\nIt keeps every page for one hour.\n';
const issue: DebateIssue = {
  id: 'I1',
  severity: 'major',
  saidSeverity: 'major',
  title: 'Stale pages',
  claim: 'They are an hour old.',
  evidence: [
    { quote: 'keeps every page', found: true },
    { quote: 'for ever', found: false },
  ],
  breaks: 'Readers, for an hour.',
  origins: [{ critic: 'A', id: 'S1' }],
  round: 0,
};
const answer = { issue: 'I1', stance: 'concede', reason: 'True.', change: 'A minute.' } as const;
const responses = [{ issue: 'I1', stance: 'agree', reason: 'True.' }] as const;

test.each([
  ['baseline', baselinePrompt(proposal, lensOf(0))],
  [
    'round',
    roundPrompt(proposal, [issue], { label: 'B', lens: lensOf(1), round: 2 }, [
      { label: 'A', said: { summary: 'Stale.', responses: [...responses] } },
    ]),
  ],
  [
    'judge',
    judgeCriticsPrompt(
      proposal,
      saidByCritic([issue], [{ summary: 's', responses: [...responses] }]),
      'x',
    ),
  ],
  ['peer review', peerReviewPrompt(proposal, [issue], 'A')],
  ['answers', answersPrompt(proposal, [issue], ['I1'], new Map([['I1', 'it insists']]), 2)],
  ['replies', repliesPrompt(proposal, [issue], 'A', [answer], 1)],
  [
    'final position',
    finalPrompt({
      proposal,
      issues: [issue],
      outcomes: [{ ...answer, insisted: true, reply: 'A second.' }],
      recommendedPath: 'Build it.',
    }),
  ],
])('%s', (_, parts) => {
  expect(shownPrompt(parts)).toMatchSnapshot();
});
