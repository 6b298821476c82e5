import { describe, expect, it } from 'vitest';
import { planFeature } from '../../src/pipeline/plan-feature.ts';
import { fakeModel, fakeRouter, type FakeModel, type FakeReply } from '../helpers/fake-model.ts';
import { knownProject } from '../helpers/known-project.ts';
import {
  emptyFolder,
  inputOf,
  plannedTask,
  planReply,
  spec,
  world,
  type Folder,
  type World,
} from './planning.ts';

const files = {
  'src/words.ts':
    'export function wordsOf(text: string): string[] {\n  return text.split(/\\s+/);\n}\n',
  'src/main.ts': "import { wordsOf } from './words.ts';\n\nconsole.log(wordsOf('a b').length);\n",
};

interface Setup {
  readonly model: FakeModel;
  readonly folder: Folder;
  readonly world: World;
  readonly maps: string[];
  readonly run: (lookFiles?: number) => ReturnType<typeof planFeature>;
}

function setup(script: Record<string, FakeReply[]>, texts: Record<string, string> = files): Setup {
  const model = fakeModel(script);
  const folder = emptyFolder();
  const made = world(fakeRouter({ architect: model, parser: model, reviewer: model }), folder);
  const { project, maps } = knownProject({ files: texts });
  const run: Setup['run'] = (lookFiles = 4) =>
    planFeature(inputOf(), {
      ...made.ports,
      project: { known: project, mapTokens: 1_000, lookFiles },
    });
  return { model, folder, world: made, maps, run };
}

const refined = (...tasks: object[]): object => ({ tasks, removed: [], notes: [] });
const partsOf = (model: FakeModel, stage: string): readonly string[] =>
  model.requests.find(({ purpose }) => purpose.stage === stage)?.parts.map(({ name }) => name) ??
  [];
const textOf = (model: FakeModel, stage: string, name: string): string =>
  model.requests
    .find(({ purpose }) => purpose.stage === stage)
    ?.parts.find((part) => part.name === name)?.text ?? '';

describe('planFeature in a project', () => {
  const task = plannedTask('T1', { files: ['src/words.ts'] });

  it('shows every stage what the project is, ranked by the words at hand', async () => {
    const { model, maps, run, folder } = setup({
      clarify: [{ questions: [], files: ['src/words.ts'] }],
      spec: [spec],
      plan: [planReply(task)],
      refine: [refined(task)],
    });
    await run();
    expect(partsOf(model, 'spec')).toEqual(['instructions', 'project', 'map', 'looked', 'brief']);
    expect(textOf(model, 'spec', 'looked')).toContain('function wordsOf');
    expect(partsOf(model, 'plan').slice(0, 4)).toEqual(['instructions', 'project', 'map', 'spec']);
    expect(partsOf(model, 'refine').slice(0, 4)).toEqual([
      'instructions',
      'project',
      'map',
      'spec',
    ]);
    // What all prompts share stands first.
    expect(textOf(model, 'plan', 'project')).toBe(textOf(model, 'spec', 'project'));
    expect(new Set(maps).size).toBe(2);
    expect(folder.answers).toEqual([]);
  });

  it('asks for no files where none may be asked for', async () => {
    const { model, run } = setup({
      spec: [spec],
      plan: [planReply(task)],
      refine: [refined(task)],
    });
    await run(0);
    expect(model.requests.map(({ purpose }) => purpose.stage)).toEqual(['spec', 'plan', 'refine']);
  });

  it('costs nothing in an empty folder', async () => {
    const { model, run } = setup(
      { spec: [spec], plan: [planReply(task)], refine: [refined(task)] },
      {},
    );
    await run();
    expect(model.requests.map(({ purpose }) => purpose.stage)).toEqual(['spec', 'plan', 'refine']);
    expect(partsOf(model, 'spec')).toEqual(['instructions', 'brief']);
  });

  it('sends doubtful paths back once with the nearest, and tells what stays doubtful', async () => {
    const wrong = plannedTask('T1', { files: ['lib/words.ts'] });
    const { model, run, world } = setup({
      spec: [spec],
      plan: [planReply(wrong)],
      'plan-fix': [planReply(wrong)],
      refine: [refined(wrong)],
    });
    const { warnings } = await run(0);
    const faults = textOf(model, 'plan-fix', 'faults');
    expect(faults).toContain(
      'lib/words.ts lies in a folder that is not there, and a file of that name is elsewhere',
    );
    expect(faults).toContain('nearest: src/words.ts');
    expect(warnings).toEqual([expect.stringContaining('lib/words.ts')]);
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'plan-warning' }),
    );
  });

  it('takes a mended path without a word', async () => {
    const { run } = setup({
      spec: [spec],
      plan: [planReply(plannedTask('T1', { files: ['lib/words.ts'] }))],
      'plan-fix': [planReply(task)],
      refine: [refined(task)],
    });
    expect((await run(0)).warnings).toEqual([]);
  });

  it('orders tasks that change the same file, and says so', async () => {
    const both = [
      plannedTask('T1', { files: ['src/words.ts'] }),
      plannedTask('T2', { files: ['src/words.ts', 'src/main.ts'] }),
    ];
    const { run } = setup({ spec: [spec], plan: [planReply(...both)], refine: [refined(...both)] });
    const { document, warnings } = await run(0);
    expect(document.tasks.map(({ dependsOn }) => dependsOn)).toEqual([[], ['T1']]);
    expect(warnings).toEqual(['T2 now comes after T1, as both change src/words.ts']);
  });

  it('reads again what was asked for where planning goes on', async () => {
    const { model, folder, run, world } = setup({
      clarify: [{ questions: [], files: ['src/main.ts'] }],
      spec: [spec],
      plan: [planReply(task)],
      refine: [refined(task)],
    });
    folder.answers = [];
    folder.looked = ['src/main.ts', 'src/gone.ts'];
    await run();
    expect(model.requests.map(({ purpose }) => purpose.stage)).toEqual(['spec', 'plan', 'refine']);
    expect(textOf(model, 'spec', 'looked')).toContain('src/main.ts');
    expect(world.events).toContainEqual(
      expect.objectContaining({ stage: 'clarify', resumed: true }),
    );
  });
});
