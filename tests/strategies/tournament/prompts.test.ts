import { describe, expect, it } from 'vitest';
import { approaches, leversOf } from '../../../src/strategies/tournament/levers.ts';
import { candidatePrompt, synthesisPrompt } from '../../../src/strategies/tournament/prompts.ts';
import { candidate, context, otherCandidate } from '../../helpers/prompt-samples.ts';
import { shownPrompt } from '../../helpers/shown-prompt.ts';

const blocker = {
  from: 'contracts',
  category: 'contract',
  evidence: 'parse("1h") gives NaN.',
  location: 'src/parse.js:1',
  fixHint: 'Split the text at its units.',
  by: 'critic',
} as const;
const bare = { ...blocker, from: 'tests', by: 'gate', category: 'test', location: null } as const;

describe('the prompt of a candidate', () => {
  it('comes after the task’s own', () => {
    const [lever] = leversOf(1, 1);
    if (lever === undefined) throw new Error('There is a first lever');
    expect(shownPrompt(candidatePrompt(context, lever))).toMatchSnapshot();
  });

  it.each(leversOf(approaches.length, 2))('differs by its approach: $id', (lever) => {
    expect(shownPrompt(candidatePrompt(context, lever).slice(-1))).toMatchSnapshot();
  });
});

describe('the prompt of a synthesis', () => {
  it.each(['fenced', 'json'] as const)('asks for files sent %s', (codec) => {
    const asked = {
      winner: candidate,
      runnerUp: otherCandidate,
      blockers: [blocker, bare],
      actions: ['Name the units once.', 'Split the text at its units.'],
      refused: [],
    };
    expect(shownPrompt(synthesisPrompt(context, asked, codec))).toMatchSnapshot();
  });

  it('has no runner-up, and says why the last revision was not taken', () => {
    const asked = {
      winner: candidate,
      runnerUp: null,
      blockers: [blocker],
      actions: ['Split the text at its units.'],
      refused: [bare],
    };
    expect(shownPrompt(synthesisPrompt(context, asked, 'fenced').slice(-3))).toMatchSnapshot();
  });
});
