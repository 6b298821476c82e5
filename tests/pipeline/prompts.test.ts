import { describe, expect, it } from 'vitest';
import type { MessagePart } from '../../src/models/language-model.ts';
import { clarifyPrompt } from '../../src/pipeline/clarify-prompt.ts';
import { planFaults, planPrompt } from '../../src/pipeline/plan-tasks-prompt.ts';
import { correctionParts } from '../../src/pipeline/prompt-parts.ts';
import { refinePrompt } from '../../src/pipeline/refine-tasks-prompt.ts';
import { noRequirements, specPrompt } from '../../src/pipeline/write-spec-prompt.ts';
import { requirementsOf } from '../../src/domain/spec.ts';
import { taskTypes } from '../../src/domain/task.ts';
import { normaliseTasks } from '../../src/pipeline/normalise-plan.ts';
import { brief, plannedTask, spec } from './planning.ts';

const context = [
  { path: 'AGENTS.md', text: 'Use tabs.' },
  { path: 'docs/a.md', text: 'See:\n\n````md\nx\n````\n' },
];
const answers = [
  { question: 'Which words?', answer: 'Nouns', assumed: false },
  { question: 'Which files?', answer: 'Any', assumed: true },
];
const { tasks } = normaliseTasks([plannedTask('T1')], { resolve: (id) => id });

/** As a person would read it. */
const shown = (parts: readonly MessagePart[]): string =>
  parts
    .map(({ role, name, text, cache }) => `=== ${role} ${name}${cache ? ' (cache)' : ''}\n${text}`)
    .join('\n\n');
const names = (parts: readonly MessagePart[]): string[] => parts.map(({ name }) => name);

describe('prompts', () => {
  it('clarify', () => {
    expect(shown(clarifyPrompt({ brief, context }))).toMatchSnapshot();
  });

  it('spec', () => {
    expect(shown(specPrompt({ brief, context, answers }))).toMatchSnapshot();
    expect(noRequirements).toMatchSnapshot();
  });

  it('plan', () => {
    expect(shown(planPrompt({ spec, context }))).toMatchSnapshot();
    expect(planFaults(['One', 'Two\nlines'])).toMatchSnapshot();
  });

  it('refine', () => {
    const requirements = requirementsOf(spec);
    const findings = ['Requirement R9 is covered by no task'];
    expect(shown(refinePrompt({ spec, context, requirements, tasks, findings }))).toMatchSnapshot();
  });

  it('leave out what is empty, stable parts first', () => {
    expect(names(clarifyPrompt({ brief, context: [] }))).toEqual(['instructions', 'brief']);
    expect(names(specPrompt({ brief, context: [], answers: [] }))).toEqual([
      'instructions',
      'brief',
    ]);
    expect(names(planPrompt({ spec, context: [] }))).toEqual(['instructions', 'spec']);
    const bare = refinePrompt({ spec, context: [], requirements: null, tasks, findings: [] });
    expect(names(bare)).toEqual(['instructions', 'spec', 'tasks']);
    expect(bare.at(-1)?.text).not.toContain('Checks found');
    expect(bare.at(-1)?.text).not.toContain('status');
  });

  it('show an outline from which requirements can be read', () => {
    const [system] = specPrompt({ brief, context: [], answers: [] });
    expect(requirementsOf(system?.text ?? '').map(({ id }) => id)).toEqual(['R1', 'R2']);
  });

  it('explain every task type', () => {
    const system = planPrompt({ spec, context: [] })[0]?.text ?? '';
    for (const type of taskTypes) expect(system).toContain(`\n- "${type}": `);
  });

  it('send no empty turn', () => {
    expect(correctionParts(' \n', 'f').map(({ text }) => text)).toEqual(['(empty)', 'f']);
  });
});
