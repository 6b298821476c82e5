import { describe, expect, it } from 'vitest';
import { knownCritics } from '../../../src/config/default-critics.ts';
import { critiquePrompt } from '../../../src/supervisor/critics/critique-prompt.ts';
import { candidate, context, otherCandidate } from '../../helpers/prompt-samples.ts';
import { shownPrompt } from '../../helpers/shown-prompt.ts';

const any = { context, findings: { mode: 'any', citable: [] } } as const;

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
    expect(shownPrompt(critiquePrompt(any, label, candidate, passed, first))).toMatchSnapshot();
    expect(
      shownPrompt(
        critiquePrompt({ ...any, context: [] }, label, otherCandidate, [], first).slice(1, 2),
      ),
    ).toMatchSnapshot();
  });

  it('lists what can be cited where failures have to', () => {
    if (first === undefined) throw new Error('There is a critic');
    const findings = { mode: 'grounded', citable: [{ id: 'R1', text: 'It parses' }] } as const;
    const parts = critiquePrompt({ context, findings }, 'candidate-1', candidate, [], first);
    const said = parts.filter(({ name }) => name === 'instructions' || name === 'citable');
    expect(shownPrompt(said)).toMatchSnapshot();
  });

  it.each(critics)('ends with its charter: $name', (critic) => {
    const parts = critiquePrompt(any, 'candidate-0123abcd', candidate, [], critic);
    expect(shownPrompt(parts.slice(-1))).toMatchSnapshot();
  });
});
