import { expect, it } from 'vitest';
import type { ModelRequest } from '../../src/models/language-model.ts';
import { tournamentStrategy } from '../../src/strategies/tournament/definition.ts';
import type { TournamentSettings } from '../../src/domain/tournament-settings.ts';
import { fakeModel, type FakeReply } from '../helpers/fake-model.ts';
import { accepted, createProject, file, slug, task } from './project.ts';

const settings: TournamentSettings = {
  k: 2,
  loops: 1,
  critics: ['contracts', 'tests', 'security'].map((name) => ({
    name,
    charter: 'Look.',
    weight: 1,
    blocking: ['contract', 'security'],
  })),
  quorum: null,
  weights: { correctness: 0.5, consistency: 0.2, safety: 0.2, efficiency: 0.05, clarity: 0.05 },
  pessimistic: ['correctness', 'consistency', 'safety'],
  margin: 0.02,
  earlyStop: false,
  deadlineMs: 60_000,
  mustPass: [],
};

const strategy = tournamentStrategy({ settings, priceOf: () => null });

const score = (value: number): FakeReply => {
  const answer = (request: ModelRequest): object => {
    const text = request.parts.map((part) => part.text).join('\n');
    return {
      candidate: /Its label, to be given back as it is: (\S+)/.exec(text)?.[1] ?? '',
      verdict: 'accept',
      scores: {
        correctness: text.includes('export const two') ? value : 0.5,
        consistency: value,
        safety: value,
        efficiency: value,
        clarity: value,
      },
      failures: [],
      nextActions: [],
    };
  };
  return answer;
};
const candidates: FakeReply[] = [1, 2].map(
  () => (request: ModelRequest) =>
    file('src/t1.js', `export const ${request.purpose.candidate === 'C1' ? 'one' : 'two'} = 1;`),
);
const times = (count: number, reply: FakeReply): FakeReply[] =>
  Array.from({ length: count }, () => reply);

it('has its winner approved by the critics, and pays for no further review', async () => {
  const project = await createProject({
    tasks: [task('T1')],
    author: { execute: candidates },
    reviewer: { critique: times(6, score(0.9)) },
  });
  const lists = { critic: [project.reviewer] };
  const report = await project.run({ over: { strategy, lists } });
  const result = report.document.tasks[0]?.result;
  expect(report.document.tasks[0]?.status).toBe('done');
  expect(result?.reviewer).toBe('two/reviewer');
  expect(result?.review?.summary).toContain('Approved by 3 of 3 critics');
  expect(project.reviewer.unused()).toEqual([]);
  const steps = project.events.flatMap((event) =>
    event.type === 'step-finish' ? [`${event.step} ${event.name}: ${event.outcome}`] : [],
  );
  for (const step of [
    'candidate C1: passed',
    'critic C2/security: accept',
    'rank null: C2',
    'finish C2: approved',
  ])
    expect(steps).toContain(step);
  const table = await project.adapters.artefacts.read(slug, 'partial/T1/1/tournament/table.md');
  expect(table).toContain('# Tournament: C2 wins');
});

it('leaves work that too few critics could judge to a person, whatever one reviewer says', async () => {
  const noCritic = fakeModel(
    { critique: times(12, 'I cannot say.'), 'critique:repair': times(12, 'No.') },
    { ref: 'three/critic', family: 'three' },
  );
  const project = await createProject({
    tasks: [task('T1')],
    author: { execute: candidates },
    reviewer: { review: accepted(1) },
  });
  const report = await project.run({
    over: { strategy, extra: [noCritic], lists: { critic: [noCritic] } },
  });
  const [done] = report.document.tasks;
  expect(done?.status).toBe('needs_review');
  expect(done?.result?.reason).toContain('quorum_lost');
  expect(project.reviewer.unused()).toEqual([]);
});
