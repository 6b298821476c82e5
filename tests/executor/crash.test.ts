import { describe, expect, it } from 'vitest';
import type { Gate } from '../../src/gates/gate.ts';
import { pathsGate } from '../../src/gates/paths.ts';
import { syntaxGate } from '../../src/gates/syntax.ts';
import type { LanguageModel, ModelRequest } from '../../src/models/language-model.ts';
import { requestHash } from '../../src/models/request-hash.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import {
  adaptersOver,
  createProject,
  file,
  finding,
  review,
  task,
  type Adapters,
  type Over,
  type Project,
} from './project.ts';

/** How a process comes to its end before its work does. */
type Way = 'killed' | 'interrupted';

/**
 * A process that ends at its nth step: killed, nothing of it reaches the disk any more; interrupted, it is
 * told to stop and stops by itself.
 */
function mortal(adapters: Adapters, endsAt: number, way: Way = 'killed') {
  let steps = 0;
  const kinds: string[] = [];
  const stop = new AbortController();
  const alive = (): void => {
    if (steps < endsAt) return;
    if (way === 'killed') throw new Error('killed');
    stop.abort();
  };
  const step = (): void => {
    alive();
    steps += 1;
    alive();
  };
  /** Death comes before the write, or after it: its caller never hears of it. */
  const write = async <T>(kind: string, act: () => Promise<T>): Promise<T> => {
    kinds.push(kind.replace(/[^/]*\d[^/]*(?=\/|\.|$)/g, 'N'));
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
      update: (name, change) => write('list', () => store.update(name, change)),
      updateTask: (name, id, lease, change) =>
        write('task', () => store.updateTask(name, id, lease, change)),
    },
    artefacts: {
      ...artefacts,
      read: (name, path) => read(() => artefacts.read(name, path)),
      list: (name, path) => read(() => artefacts.list(name, path)),
      write: (name, path, content) => write(path, () => artefacts.write(name, path, content)),
    },
    calls: {
      read: (hash) => read(() => calls.read(hash)),
      prepare: (texts) => write('texts of a call', () => calls.prepare(texts)),
      write: (hash, call) => write(`call of ${call.request?.role}`, () => calls.write(hash, call)),
      forget: (hash) => write('forgotten call', () => calls.forget(hash)),
    },
    leases,
    workspace: {
      ...workspace,
      commit: (name, changes, seen) => write('commit', () => workspace.commit(name, changes, seen)),
    },
  };
  return { over, signal: stop.signal, steps: () => steps, kinds };
}

let gateRuns = 0;

/** A check whose words are never the same twice, as those of real ones. */
const varying: Gate = {
  name: 'varying',
  blocking: true,
  check: async () => {
    const summary = `the ${++gateRuns}th look found nothing`;
    return { status: 'passed', summary, findings: [] };
  },
};
const gates = [pathsGate({ forbidden: ['features'] }), syntaxGate(), varying];

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
      const isFound = id === 'T2' || (id === 'T1' && round === 1);
      const found = { ...finding(`Round ${round}`), cites: 'R1', location: `${path}:1` };
      return JSON.stringify(review(isFound ? [found] : []));
    }
    case 'second-read':
      return JSON.stringify({ findings: [{ id: 'F1', verdict: 'holds', reasons: 'It is so.' }] });
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

const stages = ['execute', 'execute:repair', 'correct', 'review', 'second-read', 'review-task'];
const anyReply = Object.fromEntries(
  stages.map((stage) => [stage, Array.from({ length: 200 }, () => replyTo)]),
);

/** Who reads findings again. */
const readAgain = Array.from({ length: 2_000 }, () => replyTo);
const third = fakeModel({ 'second-read': readAgain }, { ref: 'three/third', family: 'three' });
const own = { gates, extra: [third], lists: { critic: [third] } };

function project(): Promise<Project> {
  return createProject({
    tasks: [
      task('T1', { files: [] }),
      task('T2', { files: ['src/t1.js'], dependsOn: ['T1'] }),
      task('T3', { type: 'review', files: [], dependsOn: ['T1'] }),
    ],
    author: anyReply,
    reviewer: anyReply,
    options: { maxIterations: 2, findings: 'grounded' },
  });
}

/** All that a person or a later command sees of a feature, without the words that vary. */
async function finalState(of: Project) {
  const { tasks } = await of.document();
  return {
    tasks: JSON.parse(JSON.stringify(tasks).replace(/the \d+th look/g, 'a look')) as typeof tasks,
    approved: await of.approved(),
    partial: await of.files('partial'),
    calls: (await of.files('calls')).filter((name) => !name.startsWith('parts/')).length,
    left: await of.files('workspace.pending'),
  };
}

async function untilDone(of: Project, more: Omit<Over, keyof Adapters>) {
  // A new process has adapters of its own.
  return of.run({ over: { ...adaptersOver(of.root), ...own, ...more } });
}

/** As a rule each kind of write is cut off the first time and the last time that it is made; else all are. */
function isTried(kinds: readonly string[], index: number): boolean {
  const kind = kinds[index] ?? '';
  const isEdge = kinds.indexOf(kind) === index || kinds.lastIndexOf(kind) === index;
  return isEdge || process.env['BLUEPRINT_ALL_FAULTS'] !== undefined;
}

describe.each(['killed', 'interrupted'] as const)('a run that is %s, and run again', (way) => {
  const cutOff = (of: Project, endsAt: number, more: Omit<Over, keyof Adapters> = {}) => {
    const { over, signal } = mortal(adaptersOver(of.root), endsAt, way);
    return of.run({ over: { ...over, ...own, ...more }, signal });
  };

  it('comes to the same state at any of its writes, and pays for no finished call again', async () => {
    const whole = await project();
    const asked: string[] = [];
    const counting = mortal(whole.adapters, Number.POSITIVE_INFINITY);
    const wrap = counted(new Set(), asked);
    const report = await whole.run({ over: { ...counting.over, ...own, wrap } });
    expect(report.exitCode).toBe(3);
    const expected = await finalState(whole);
    expect(expected.tasks.map(({ status }) => status)).toEqual(['done', 'needs_review', 'done']);
    expect(expected.approved).toEqual({ 'src/t1.js': 'let a = 2;\n' });
    expect(asked).toHaveLength(new Set(asked).size);
    const steps = counting.steps();
    // Prompts, replies, rounds, outcomes, commit and statuses of three tasks, each before and after.
    expect(steps).toBeGreaterThan(80);

    for (const [index, kind] of counting.kinds.entries()) {
      if (!isTried(counting.kinds, index)) continue;
      // What is on the disk after a write is what is there before the next: each way takes one of the two.
      const endsAt = 2 * index + (way === 'killed' ? 1 : 2);
      const where = `at step ${endsAt}, ${kind}`;
      const victim = await project();
      const finished = new Set<string>();
      const paid: string[] = [];
      const again = counted(finished, paid);
      await expect(cutOff(victim, endsAt, { wrap: again }), where).rejects.toThrow(
        way === 'killed' ? 'killed' : 'Interrupted',
      );
      for (const name of await victim.files('calls')) finished.add(name.replace('.json', ''));

      const { exitCode } = await untilDone(victim, { wrap: again });
      expect(exitCode, where).toBe(3);
      expect(await finalState(victim), where).toEqual(expected);
      // Besides the call that was under way when it was killed, whose reply was not yet kept.
      const lost = way === 'killed' ? 1 : 0;
      expect(paid.length - asked.length, where).toBeLessThanOrEqual(lost);
    }
  }, 300_000);

  it('is no different when it happens twice', async () => {
    const whole = await project();
    await untilDone(whole, {});
    const expected = await finalState(whole);
    for (const [first, second] of [
      [7, 9],
      [20, 6],
      [33, 12],
      [50, 15],
      [64, 5],
    ] as const) {
      const victim = await project();
      for (const endsAt of [first, second])
        await expect(cutOff(victim, endsAt)).rejects.toThrow(/killed|Interrupted/);
      await untilDone(victim, {});
      expect(await finalState(victim), `at ${first} and ${second}`).toEqual(expected);
    }
  }, 120_000);
});
