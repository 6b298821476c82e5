import { describe, expect, it } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { clarify, type Clarified } from '../../src/pipeline/clarify.ts';
import type { Ask, ClarifiedAnswer, Question } from '../../src/pipeline/ports.ts';
import {
  fakeModel,
  fakeRouter,
  type FakeModel,
  rulesEntry,
  type FakeReply,
} from '../helpers/fake-model.ts';
import { knownProject } from '../helpers/known-project.ts';
import { brief, emptyFolder, world, type Folder, type World } from './planning.ts';

const question = (number: number): Question => ({
  question: `Question ${number}?`,
  why: `Why ${number}`,
  suggestion: `Suggestion ${number}`,
});
const reply = (...numbers: number[]): object => ({ questions: numbers.map(question) });

interface Setup {
  readonly model: FakeModel;
  readonly folder: Folder;
  readonly world: World;
  readonly run: (ask: Ask) => Promise<readonly ClarifiedAnswer[]>;
}

function setup(script: Record<string, FakeReply[]>, options: { ref?: string } = {}): Setup {
  const model = fakeModel(script, options);
  const folder = emptyFolder();
  const made = world(fakeRouter({ architect: model }), folder);
  const run: Setup['run'] = async (ask) =>
    (await clarify({ slug: 'f', brief, context: [], ask }, made.ports)).answers;
  return { model, folder, world: made, run };
}

const never: Ask = () => {
  throw new Error('Nobody was to be asked');
};

describe('clarify', () => {
  it('asks, and saves the answers, the suggestion where there is none', async () => {
    const { folder, run, model, world } = setup({ clarify: [reply(1, 2, 3, 4)] });
    const asked: (readonly Question[])[] = [];
    const answers = await run(async (questions) => {
      asked.push(questions);
      return [' Mine ', null, ' '];
    });
    expect(asked).toEqual([[question(1), question(2), question(3), question(4)]]);
    expect(answers).toEqual([
      { question: 'Question 1?', answer: 'Mine', assumed: false },
      { question: 'Question 2?', answer: 'Suggestion 2', assumed: true },
      { question: 'Question 3?', answer: 'Suggestion 3', assumed: true },
      { question: 'Question 4?', answer: 'Suggestion 4', assumed: true },
    ]);
    expect(folder.answers).toEqual(answers);
    expect(model.requests[0]?.schema?.name).toBe('clarify');
    expect(world.events.at(-1)).toMatchObject({ type: 'stage-finish', summary: '4 questions' });
  });

  it('puts at most five questions, cleaned', async () => {
    const hostile = { ...question(1), question: '\u001b[31mOne\n?\u001b[0m' };
    const empty = { ...question(2), question: ' ' };
    const { run } = setup({
      clarify: [{ questions: [hostile, empty, ...[3, 4, 5, 6, 7].map(question)] }],
    });
    const answers = await run(async (questions) => questions.map(() => 'a'));
    expect(answers.map((answer) => answer.question)).toEqual([
      'One ?',
      'Question 3?',
      'Question 4?',
      'Question 5?',
      'Question 6?',
    ]);
  });

  it('asks nobody when the brief is clear, and remembers that', async () => {
    const { folder, run } = setup({ clarify: [reply()] });
    expect(await run(never)).toEqual([]);
    expect(folder.answers).toEqual([]);
  });

  it('asks nothing of rules', async () => {
    const { run, model } = setup({}, rulesEntry);
    expect(await run(never)).toEqual([]);
    expect(model.requests).toEqual([]);
  });

  it('goes on without questions when the replies are no use', async () => {
    const { folder, run, world } = setup({ clarify: ['No idea.'], 'clarify:repair': ['Sorry.'] });
    expect(await run(never)).toEqual([]);
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: 'warning', code: 'clarify-malformed' }),
    );
    expect(folder.drafts.get('clarify-reply.txt')).toBe('Sorry.');
  });

  it('passes on that no model could be asked', async () => {
    const error = new ModelError({ kind: 'auth', model: 'fake/one', message: 'bad key' });
    const { folder, run } = setup({ clarify: [error] });
    await expect(run(never)).rejects.toBe(error);
    expect(folder.answers).toBeNull();
  });

  it('saves nothing when the person leaves', async () => {
    const { folder, run } = setup({ clarify: [reply(1)] });
    const left = new InterruptedError();
    await expect(run(() => Promise.reject(left))).rejects.toBe(left);
    expect(folder.answers).toBeNull();
  });
});

describe('clarify in a project', () => {
  const files = {
    '.env': 'SECRET=1',
    'src/cart.ts': 'export const cart = 1;\n',
    'src/price.ts': 'export const price = 1;\n',
  };
  const inProject = async (
    reply: object,
    ask: Ask | null,
  ): Promise<{ found: Clarified; model: FakeModel; folder: Folder; warnings: string[] }> => {
    const model = fakeModel({ clarify: [reply] });
    const folder = emptyFolder();
    const { ports, events } = world(fakeRouter({ architect: model }), folder);
    const { project } = knownProject({ files });
    const found = await clarify(
      { slug: 'f', brief, context: [], ask },
      { ...ports, project: { known: project, mapTokens: 1_000, lookFiles: 2 } },
    );
    const warnings = events.flatMap((event) => (event.type === 'warning' ? event.message : []));
    return { found, model, folder, warnings };
  };

  it('has the architect see what the project is, and name files to read', async () => {
    const { found, model, folder } = await inProject(
      { ...reply(1), files: ['./src/cart.ts', 'src/cart.ts'] },
      async () => ['Mine'],
    );
    expect(found.looked).toEqual(['src/cart.ts']);
    expect(folder.looked).toEqual(['src/cart.ts']);
    expect(found.answers).toMatchObject([{ answer: 'Mine' }]);
    const [request] = model.requests;
    expect(request?.parts.map(({ name }) => name)).toEqual([
      'instructions',
      'project',
      'map',
      'brief',
    ]);
    expect(request?.parts[0]?.text).toContain('at most 2');
  });

  it('asks nobody where nobody is, and still looks', async () => {
    const { found, model } = await inProject({ ...reply(1), files: ['src/price.ts'] }, null);
    expect(found).toEqual({ answers: [], looked: ['src/price.ts'] });
    expect(model.requests[0]?.parts[0]?.text).toContain('Nobody can be asked now');
  });

  it('says which files are not there, with the nearest, and shows no secrets', async () => {
    const { found, warnings } = await inProject(
      { questions: [], files: ['lib/cart.ts', '.env', ' ', 'src/price.ts', 'src/cart.ts'] },
      null,
    );
    expect(found.looked).toEqual(['src/price.ts', 'src/cart.ts']);
    expect(warnings).toEqual([
      'The architect asked for lib/cart.ts, which is not there; nearest: src/cart.ts',
      '.env is not shown: by its name it holds keys or passwords',
    ]);
  });

  it('takes no more files than it may ask for', async () => {
    const { found } = await inProject(
      { questions: [], files: ['src/price.ts', 'src/cart.ts', 'src/price.ts'] },
      null,
    );
    expect(found.looked).toHaveLength(2);
  });
});
