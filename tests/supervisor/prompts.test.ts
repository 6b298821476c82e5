import { describe, expect, it } from 'vitest';
import { judgedWork } from '../../src/supervisor/counting/judged-work.ts';
import { secondReadPrompt } from '../../src/supervisor/counting/second-read-prompt.ts';
import { judgePrompt } from '../../src/supervisor/judge-prompt.ts';
import { judgeCandidates } from '../../src/supervisor/judge.ts';
import { correctPrompt, reviewPrompt } from '../../src/supervisor/prompts.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { candidate, context, findings, gates, otherCandidate } from '../helpers/prompt-samples.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';
import { workOver } from '../helpers/work.ts';
import { routerOver } from '../models/fake-providers.ts';

const citable = [{ id: 'R1', text: 'It parses' }];
const counting = { context, findings: { mode: 'grounded', citable } } as const;
const counted = {
  category: 'correctness',
  severity: 'blocker',
  evidence: 'parse("1h") gives NaN.',
  location: 'src/parse.js:1',
  fixHint: 'Split the text at its units.',
  cites: 'R1',
} as const;
const any = { context, findings: { mode: 'any', citable: [] } } as const;

describe('the prompt of a review', () => {
  it('shows the work and what the tool found', () => {
    expect(shownPrompt(reviewPrompt(any, candidate, gates))).toMatchSnapshot();
  });

  it('asks for findings that count, and tells from the second round what became of earlier ones', () => {
    const history = {
      diff: 'diff --git a/src/parse.js b/src/parse.js\n',
      findings: [
        {
          id: 'F1',
          finding: { ...counted, standing: 'grounded', reason: 'it is there' },
          round: 1,
          place: { path: 'src/parse.js', line: 2 },
          isChanged: true,
          answer: 'F1 is mended.',
        },
        {
          id: 'F2',
          finding: { ...counted, standing: 'refuted', reason: 'src/parse.js:1 reads it.' },
          round: 1,
          place: null,
          isChanged: false,
          answer: null,
        },
      ],
    } as const;
    const parts = reviewPrompt(counting, candidate, gates, history);
    expect(shownPrompt(parts)).toMatchSnapshot();
    expect(shownPrompt(reviewPrompt(counting, candidate, gates).slice(0, -1))).toBe(
      shownPrompt(parts.filter(({ name }) => name !== 'history').slice(0, -1)),
    );
  });

  it('says that no checks were run', () => {
    expect(shownPrompt(reviewPrompt(any, candidate, []).slice(-1))).toMatchSnapshot();
  });
});

describe('the prompt of a second reader', () => {
  it('shows the work as the review had it, then the findings', () => {
    const one = { ...counted, id: 'F1' };
    const { shown } = judgedWork(candidate, gates);
    expect(shownPrompt(secondReadPrompt(counting, { shown }, [one]))).toMatchSnapshot();
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
