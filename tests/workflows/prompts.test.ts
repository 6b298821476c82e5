import { describe, expect, it } from 'vitest';
import type { FindingsMode } from '../../src/domain/review.ts';
import type { Task } from '../../src/domain/task.ts';
import { workflows } from '../../src/extensions.ts';
import { workflowOf } from '../../src/workflows/workflow-of.ts';
import * as sample from '../helpers/prompt-samples.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';

const codecs = ['fenced', 'json'] as const;

function taskOf(id: string): Task {
  const found = sample.tasks.find((task) => task.id === id);
  if (found === undefined) throw new Error(`The sample has no task ${id}`);
  return found;
}

async function promptOf(
  id: string,
  codec: 'fenced' | 'json',
  contextTokens = 20_000,
  findings: FindingsMode = 'any',
) {
  const task = taskOf(id);
  const base = async (path: string) => sample.projectFiles[path] ?? null;
  const sources = { document: sample.document, spec: sample.spec, base };
  return (await workflowOf(task, workflows)).prompt(task, sources, {
    contextTokens,
    codec,
    findings,
  });
}

describe.each(codecs)('the prompt of an attempt, files sent %s', (codec) => {
  it.each([
    ['architecture', 'T1'],
    ['boilerplate', 'T2'],
    ['code, after a person rejected it', 'T3'],
  ])('at a task of %s', async (_what, id) => {
    expect(shownPrompt((await promptOf(id, codec)).parts)).toMatchSnapshot();
  });
});

describe('the prompt of a review task', () => {
  it('shows what the tasks before it produced', async () => {
    expect(shownPrompt((await promptOf('T4', 'fenced')).parts)).toMatchSnapshot();
  });

  it('lists what can be cited where findings have to', async () => {
    const { parts } = await promptOf('T4', 'fenced', 1, 'grounded');
    const said = parts.filter(({ name }) => name === 'instructions' || name === 'citable');
    expect(shownPrompt(said)).toMatchSnapshot();
  });

  it('names what did not fit', async () => {
    const { parts, pack } = await promptOf('T4', 'fenced', 1);
    expect(shownPrompt(parts)).toMatchSnapshot();
    expect(pack.leftOut).toMatchSnapshot();
  });
});
