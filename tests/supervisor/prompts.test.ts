import { describe, expect, it } from 'vitest';
import { judgePrompt } from '../../src/supervisor/judge-prompt.ts';
import { judgeCandidates } from '../../src/supervisor/judge.ts';
import { correctPrompt, reviewPrompt } from '../../src/supervisor/prompts.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { candidate, context, findings, gates, otherCandidate } from '../helpers/prompt-samples.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';
import { workOver } from '../helpers/work.ts';
import { routerOver } from '../models/fake-providers.ts';

describe('the prompt of a review', () => {
  it('shows the work and what the tool found', () => {
    expect(shownPrompt(reviewPrompt(context, candidate, gates))).toMatchSnapshot();
  });

  it('says that no checks were run', () => {
    expect(shownPrompt(reviewPrompt(context, candidate, []).slice(-1))).toMatchSnapshot();
  });
});

const named = [
  { path: 'test/a.test.js', text: 'assert(a());\n', isChanged: false },
  { path: 'package.json', text: '{}\n', isChanged: true },
];

describe('the prompt of a correction', () => {
  it.each(['fenced', 'json'] as const)('asks for files sent %s', (codec) => {
    expect(shownPrompt(correctPrompt(context, candidate, findings, [], codec))).toMatchSnapshot();
  });

  it('shows files that its findings name before them', () => {
    const parts = correctPrompt(context, candidate, findings, named, 'fenced');
    expect(shownPrompt(parts.slice(-2))).toMatchSnapshot();
  });
});

describe('the prompt of a judge', () => {
  it('shows two texts', () => {
    expect(
      shownPrompt(judgePrompt(context, 'Use `a`.', 'Use:\n````\nb\n````\n')),
    ).toMatchSnapshot();
  });

  it('shows two candidates without their notes', async () => {
    const replies = [
      { reasons: 'B is right.', better: 'B' },
      { reasons: 'A is right.', better: 'A' },
    ];
    const judge = fakeModel({ judge: replies }, { ref: 'three/judge', family: 'three' });
    const work = workOver(routerOver([judge], { judge: [judge] }), { context });
    await judgeCandidates(work, candidate, otherCandidate);
    expect(judge.requests.map(({ parts }) => shownPrompt(parts.slice(-1)))).toMatchSnapshot();
  });
});
