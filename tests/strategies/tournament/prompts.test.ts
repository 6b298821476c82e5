import { describe, expect, it } from 'vitest';
import { knownCritics } from '../../../src/config/default-critics.ts';
import { approaches, leversOf } from '../../../src/strategies/tournament/levers.ts';
import {
  candidatePrompt,
  critiquePrompt,
  synthesisPrompt,
} from '../../../src/strategies/tournament/prompts.ts';
import { candidate, context, otherCandidate } from '../../helpers/prompt-samples.ts';
import { shownPrompt } from '../../helpers/shown-prompt.ts';

const blocker = {
  from: 'contracts',
  category: 'contract',
  evidence: 'parse("1h") gives NaN.',
  location: 'src/parse.js:1',
  fixHint: 'Split the text at its units.',
} as const;
const bare = { ...blocker, from: 'tests', category: 'test', location: null } as const;

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

describe('the prompt of a critic', () => {
  const critics = Object.entries(knownCritics).map(([name, charter]) => ({
    name,
    charter,
    weight: 1,
    blocking: ['contract'],
  }));
  const [first] = critics;

  it('shows the work, without notes and commands', () => {
    if (first === undefined) throw new Error('There is a critic');
    const label = 'candidate-0123abcd';
    const passed = ['paths', 'syntax'];
    expect(shownPrompt(critiquePrompt(context, label, candidate, passed, first))).toMatchSnapshot();
    expect(
      shownPrompt(critiquePrompt([], label, otherCandidate, [], first).slice(1, 2)),
    ).toMatchSnapshot();
  });

  it.each(critics)('ends with its charter: $name', (critic) => {
    const parts = critiquePrompt(context, 'candidate-0123abcd', candidate, [], critic);
    expect(shownPrompt(parts.slice(-1))).toMatchSnapshot();
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
