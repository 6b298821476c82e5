import { describe, expect, it } from 'vitest';
import type { LanguageModel, ModelRequest } from '../../src/models/language-model.ts';
import { requestHash } from '../../src/models/request-hash.ts';
import {
  adaptersOver,
  createProject,
  file,
  finding,
  review,
  task,
  type Adapters,
  type Project,
} from './project.ts';

/** A process that dies at its nth step; after that nothing of it reaches the disk. */
function mortal(adapters: Adapters, diesAt: number) {
  let steps = 0;
  const alive = (): void => {
    if (steps >= diesAt) throw new Error('killed');
  };
  const step = (): void => {
    alive();
    steps += 1;
    alive();
  };
  /** Death comes before the write, or after it: its caller never hears of it. */
  const write = async <T>(act: () => Promise<T>): Promise<T> => {
    step();
    const done = await act();
    step();
    return done;
  };
  const read = async <T>(act: () => Promise<T>): Promise<T> => {
    alive();
    return act();
  };
  const { store, artefacts, calls, leases, workspace } = adapters;
  const over: Adapters = {
    store: {
      ...store,
      read: (name) => read(() => store.read(name)),
      look: (name) => read(() => store.look(name)),
      update: (name, change) => write(() => store.update(name, change)),
      updateTask: (name, id, lease, change) =>
        write(() => store.updateTask(name, id, lease, change)),
    },
    artefacts: {
      ...artefacts,
      read: (name, path) => read(() => artefacts.read(name, path)),
      list: (name, path) => read(() => artefacts.list(name, path)),
      write: (name, path, content) => write(() => artefacts.write(name, path, content)),
    },
    calls: {
      read: (hash) => read(() => calls.read(hash)),
      write: (hash, call, texts) => write(() => calls.write(hash, call, texts)),
      forget: (hash) => write(() => calls.forget(hash)),
    },
    leases,
    workspace: {
      ...workspace,
      commit: (name, changes, seen) => write(() => workspace.commit(name, changes, seen)),
    },
  };
  return { over, steps: () => steps };
}

/** Replies by what is asked for, so that any number of processes may ask. */
function replyTo({ purpose, salt }: ModelRequest): string {
  const { stage, task: id, round } = purpose;
  const path = `src/${String(id).toLowerCase()}.js`;
  switch (stage) {
    case 'execute':
      // The first attempt at T1 is prose, twice.
      return id === 'T1' && salt === undefined ? 'I would rather not.' : file(path, 'let a = 1;');
    case 'execute:repair':
      return 'I still would not.';
    case 'correct':
      return file(path, `let a = ${round + 1};`);
    case 'review': {
      // T1 is corrected once; T2 never satisfies.
      const found = id === 'T2' || (id === 'T1' && round === 1) ? [finding(`Round ${round}`)] : [];
      return JSON.stringify(review(found));
    }
    case 'review-task':
      return JSON.stringify(review());
    default:
      throw new Error(`Nobody replies to ${stage}`);
  }
}

/** Counts calls, and refuses one whose reply was kept before. */
function counted(finished: ReadonlySet<string>, asked: string[]) {
  return (model: LanguageModel): LanguageModel => ({
    identity: model.identity,
    async generate(request) {
      const hash = requestHash(model.identity.ref, request);
      if (finished.has(hash)) throw new Error(`Paid again: ${JSON.stringify(request.purpose)}`);
      asked.push(hash);
      return model.generate(request);
    },
  });
}

const stages = ['execute', 'execute:repair', 'correct', 'review', 'review-task'];
const anyReply = Object.fromEntries(
  stages.map((stage) => [stage, Array.from({ length: 200 }, () => replyTo)]),
);

function project(): Promise<Project> {
  return createProject({
    tasks: [
      task('T1', { files: [] }),
      task('T2', { files: ['src/t1.js'], dependsOn: ['T1'] }),
      task('T3', { type: 'review', files: [], dependsOn: ['T1'] }),
    ],
    author: anyReply,
    reviewer: anyReply,
    options: { maxIterations: 2 },
  });
}

/** All that a person or a later command sees of a feature. */
async function finalState(of: Project) {
  const { tasks } = await of.document();
  return {
    tasks,
    approved: await of.approved(),
    partial: await of.files('partial'),
    calls: await of.files('calls'),
    left: await of.files('workspace.pending'),
  };
}

async function untilDone(of: Project, wrap: (model: LanguageModel) => LanguageModel) {
  // A new process has adapters of its own.
  return of.run({ over: { ...adaptersOver(of.root), wrap } });
}

describe('a run that is killed at any of its writes, and run again', () => {
  it('comes to the same state, and pays for no finished call again', async () => {
    const whole = await project();
    const asked: string[] = [];
    const counting = mortal(whole.adapters, Number.POSITIVE_INFINITY);
    const report = await whole.run({ over: { ...counting.over, wrap: counted(new Set(), asked) } });
    expect(report.exitCode).toBe(3);
    const expected = await finalState(whole);
    expect(expected.tasks.map(({ status }) => status)).toEqual(['done', 'needs_review', 'done']);
    expect(expected.approved).toEqual({ 'src/t1.js': 'let a = 2;\n' });
    expect(asked).toHaveLength(new Set(asked).size);
    const steps = counting.steps();
    // Prompts, replies, rounds, outcomes, commit and statuses of three tasks, each before and after.
    expect(steps).toBeGreaterThan(80);

    for (let diesAt = 1; diesAt <= steps; diesAt++) {
      const victim = await project();
      const finished = new Set<string>();
      const paid: string[] = [];
      const { over } = mortal(victim.adapters, diesAt);
      const dying = victim.run({ over: { ...over, wrap: counted(finished, paid) } });
      await expect(dying, `at step ${diesAt}`).rejects.toThrow('killed');
      for (const name of await victim.files('calls')) finished.add(name.replace('.json', ''));

      const again = await untilDone(victim, counted(finished, paid));
      expect(again.exitCode, `at step ${diesAt}`).toBe(3);
      expect(await finalState(victim), `at step ${diesAt}`).toEqual(expected);
      // Besides the call that was under way, whose reply was not yet kept.
      expect(paid.length - asked.length, `at step ${diesAt}`).toBeLessThanOrEqual(1);
    }
  }, 300_000);

  it('is no different when it is killed twice', async () => {
    const whole = await project();
    await untilDone(whole, (model) => model);
    const expected = await finalState(whole);
    for (const [first, second] of [
      [7, 9],
      [20, 6],
      [33, 12],
      [50, 15],
      [64, 5],
    ] as const) {
      const victim = await project();
      for (const diesAt of [first, second]) {
        const { over } = mortal(adaptersOver(victim.root), diesAt);
        await expect(victim.run({ over })).rejects.toThrow('killed');
      }
      await untilDone(victim, (model) => model);
      expect(await finalState(victim), `at ${first} and ${second}`).toEqual(expected);
    }
  }, 120_000);
});
