import { describe, expect, it } from 'vitest';
import { cachedPart } from '../../src/models/language-model.ts';
import { promptOf, taskOf } from '../../src/use-cases/tournament-prompt.ts';
import { spec } from '../helpers/prompt-samples.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';

describe('the prompt of a tournament over a whole spec', () => {
  const task = taskOf(spec);
  const context = [{ path: 'docs/units.md', text: 'The units.' }];

  it.each([
    ['without files, sent fenced', [], 'fenced'],
    ['with files of the project, sent json', context, 'json'],
  ] as const)('%s', (_what, files, codec) => {
    expect(shownPrompt(promptOf(task, { spec, context: files }, codec))).toMatchSnapshot();
  });

  it('has what it shows of the project before the task', () => {
    const project = [cachedPart('project', '# The project as it stands, in part')];
    const names = promptOf(task, { spec, context }, 'fenced', project).map(({ name }) => name);
    expect(names).toEqual(['instructions', 'spec', 'files', 'project', 'task']);
  });
});
