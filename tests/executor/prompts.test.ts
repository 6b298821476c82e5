import { describe, expect, it } from 'vitest';
import { executionPrompt } from '../../src/executor/execution-prompt.ts';
import { reviewTaskPrompt } from '../../src/executor/review-prompt.ts';
import type { Task } from '../../src/domain/task.ts';
import * as sample from '../helpers/prompt-samples.ts';
import { shownPrompt } from '../helpers/shown-prompt.ts';
import { adaptersOver, slug } from './project.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const codecs = ['fenced', 'json'] as const;

function taskOf(id: string): Task {
  const found = sample.tasks.find((task) => task.id === id);
  if (found === undefined) throw new Error(`The sample has no task ${id}`);
  return found;
}

async function promptOf(id: string, codec: 'fenced' | 'json', contextTokens = 20_000) {
  const { store, artefacts } = adaptersOver(await temporaryFolder());
  await store.create(slug, sample.document);
  await artefacts.write(slug, 'spec.md', sample.spec);
  const task = taskOf(id);
  const prompt = task.type === 'review' ? reviewTaskPrompt : executionPrompt;
  const options = { attempts: 2, contextTokens, maxOutputTokens: 4_000, maxIterations: 3, codec };
  return prompt(
    { slug, task, document: sample.document },
    { artefacts, emit: () => undefined, options },
    async (path) => sample.projectFiles[path] ?? null,
  );
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

  it('names what did not fit', async () => {
    const { parts, leftOut } = await promptOf('T4', 'fenced', 1);
    expect(shownPrompt(parts)).toMatchSnapshot();
    expect(leftOut).toMatchSnapshot();
  });
});
