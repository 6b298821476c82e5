import { setTimeout as sleep } from 'node:timers/promises';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BlueprintError, InterruptedError } from '../../src/domain/errors.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { addTask } from '../../src/executor/edit-tasks.ts';
import type { Engine } from '../../src/executor/engine.ts';
import { currentProcess } from '../../src/files/process-identity.ts';
import type { LanguageModel } from '../../src/models/language-model.ts';
import { createLeaseKeeper } from '../../src/state/leases.ts';
import { now } from '../state/fixtures.ts';
import { adaptersOver, createProject, slug, task, writes } from './project.ts';
import { handledEngine, instantEngine, result, settled } from './simulated.ts';

const unavailable = (id: string) => ({
  kind: 'unavailable' as const,
  error: new ModelError({ kind: 'auth', model: 'one/author', message: `${id}: no key` }),
});

describe('order', () => {
  it('is by the longest remaining path, then as listed', async () => {
    const project = await createProject({
      tasks: [
        task('T1', { complexity: 2 }),
        task('T2', { complexity: 1 }),
        task('T3', { complexity: 9, dependsOn: ['T2'] }),
        task('T4', { complexity: 2 }),
        task('T5', { complexity: 3 }),
      ],
    });
    const engine = instantEngine();
    await project.run({ engine });
    expect(engine.started).toEqual(['T2', 'T3', 'T5', 'T1', 'T4']);
  });

  it('never passes the bound, and uses all of it', async () => {
    const tasks = Array.from({ length: 9 }, (_, index) => task(`T${index + 1}`));
    const project = await createProject({ tasks });
    const engine = handledEngine();
    const run = project.run({ engine, concurrency: 3 });
    for (let left = 9; left > 0; left--) {
      await engine.runs(Math.min(3, left));
      expect(engine.running().length).toBeLessThanOrEqual(3);
      engine.end(engine.running()[0] ?? '');
      await sleep(1);
    }
    expect(await run).toMatchObject({ exitCode: 0 });
    expect(engine.most()).toBe(3);
    expect(new Set(engine.started).size).toBe(9);
  });

  it('starts a task as soon as what it waits for is done, though others still run', async () => {
    const project = await createProject({
      tasks: [task('T1'), task('T2'), task('T3', { dependsOn: ['T1'] })],
    });
    const engine = handledEngine();
    const run = project.run({ engine, concurrency: 2 });
    await engine.runs(2);
    engine.end('T1');
    await expect.poll(() => engine.running(), { timeout: 20_000 }).toEqual(['T2', 'T3']);
    engine.end('T2');
    engine.end('T3');
    await run;
  });
});

describe('failure', () => {
  const graph = () => [
    task('T1'),
    task('T2', { dependsOn: ['T1'] }),
    task('T3', { dependsOn: ['T2'] }),
    task('T4'),
  ];

  it('blocks only what depends on it', async () => {
    const project = await createProject({ tasks: graph() });
    const engine = instantEngine((id) => settled(id === 'T1' ? 'failed' : 'done'));
    const report = await project.run({ engine });
    expect(report.exitCode).toBe(1);
    expect(report.settled).toEqual([
      { task: 'T1', status: 'failed' },
      { task: 'T4', status: 'done' },
    ]);
    expect(await project.statuses()).toEqual({
      T1: 'failed',
      T2: 'pending',
      T3: 'pending',
      T4: 'done',
    });
  });

  it('is tried again by the next run', async () => {
    const project = await createProject({ tasks: graph() });
    await project.run({ engine: instantEngine(() => settled('failed')) });
    expect(await project.run({ engine: instantEngine() })).toMatchObject({ exitCode: 0 });
  });

  it('with fail-fast stops what runs and leaves it to be done', async () => {
    const project = await createProject({ tasks: graph() });
    const engine = handledEngine();
    const run = project.run({ engine, concurrency: 2, failFast: true });
    await engine.runs(2);
    engine.end('T1', settled('failed'));
    expect(await run).toMatchObject({ exitCode: 1, settled: [{ task: 'T1', status: 'failed' }] });
    // Which of two that start together comes first is up to the disk.
    expect(engine.started.toSorted()).toEqual(['T1', 'T4']);
    expect(await project.statuses()).toEqual({
      T1: 'failed',
      T2: 'pending',
      T3: 'pending',
      T4: 'pending',
    });
  });

  it('of a provider leaves the task to be done, and others go on', async () => {
    const project = await createProject({ tasks: graph() });
    const engine = instantEngine((id) => (id === 'T1' ? unavailable(id) : settled('done')));
    const report = await project.run({ engine });
    expect(report.exitCode).toBe(5);
    expect(report.unavailable).toEqual([
      { task: 'T1', error: expect.objectContaining({ code: 'model-auth' }) },
    ]);
    expect(await project.statuses()).toMatchObject({ T1: 'pending', T2: 'pending', T4: 'done' });
    expect(engine.started.filter((id) => id === 'T1')).toHaveLength(1);
  });

  it('of the program ends the run, and leaves the task as a kill would', async () => {
    const project = await createProject({ tasks: graph() });
    const bug = new TypeError('a bug');
    const engine: Engine = {
      async execute({ task: { id }, signal }) {
        if (id === 'T1') {
          await sleep(30);
          throw bug;
        }
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new InterruptedError();
      },
    };
    await expect(project.run({ engine, concurrency: 2 })).rejects.toBe(bug);
    expect(await project.statuses()).toMatchObject({ T1: 'in_progress', T4: 'pending' });
    expect(project.events.at(-1)).toMatchObject({ type: 'run-finish', exitCode: 1 });
    expect(await project.run({ engine: instantEngine() })).toMatchObject({ exitCode: 0 });
  });

  it('of the task list while tasks run ends them first', async () => {
    const project = await createProject({ tasks: graph() });
    const engine = handledEngine();
    const run = project.run({ engine, concurrency: 2 });
    await engine.runs(2);
    await writeFile(join(project.root, 'features', slug, 'tasks.json'), '{"tasks": [');
    engine.end('T1');
    await expect(run).rejects.toBeInstanceOf(BlueprintError);
    expect(engine.running()).toEqual([]);
  });
});

describe('exit codes', () => {
  it.each([
    ['all done', ['done', 'done'], 0],
    ['done and left out', ['done', 'skipped'], 0],
    ['one for a person', ['done', 'needs_review'], 3],
    ['one failed', ['failed', 'needs_review'], 1],
  ] as const)('%s', async (_, statuses, exitCode) => {
    const project = await createProject({ tasks: [task('T1'), task('T2')] });
    const engine = instantEngine((id) => settled(statuses[id === 'T1' ? 0 : 1]));
    expect(await project.run({ engine })).toMatchObject({ exitCode });
    expect(project.events.at(-1)).toMatchObject({ type: 'run-finish', exitCode });
  });

  it('come from the final states, not from what this run did', async () => {
    const project = await createProject({
      tasks: [task('T1', { status: 'done' }), task('T2', { status: 'needs_review' })],
    });
    const engine = instantEngine();
    expect(await project.run({ engine })).toMatchObject({ exitCode: 3, settled: [] });
    expect(engine.started).toEqual([]);
  });

  it('are of the selected tasks', async () => {
    const project = await createProject({
      tasks: [task('T1'), task('T2', { status: 'needs_review' })],
    });
    const selection = { tasks: ['T1'], types: [] };
    expect(await project.run({ engine: instantEngine(), selection })).toMatchObject({
      exitCode: 0,
    });
  });

  it('say failed over unavailable', async () => {
    const project = await createProject({ tasks: [task('T1'), task('T2')] });
    const engine = instantEngine((id) => (id === 'T1' ? unavailable(id) : settled('failed')));
    expect(await project.run({ engine })).toMatchObject({ exitCode: 1 });
  });
});

describe('selection', () => {
  const graph = () => [
    task('T1', { type: 'architecture' }),
    task('T2', { dependsOn: ['T1'] }),
    task('T3', { dependsOn: ['T2'] }),
    task('T4', { type: 'boilerplate' }),
  ];
  const run = async (tasks: string[], types: ('code' | 'boilerplate' | 'architecture')[] = []) => {
    const project = await createProject({ tasks: graph() });
    const engine = instantEngine();
    const report = await project.run({ engine, selection: { tasks, types } });
    return { started: engine.started, report };
  };

  it('runs the tasks that are named, in order, and no other', async () => {
    expect((await run(['T2', 'T1'])).started).toEqual(['T1', 'T2']);
    expect((await run([], ['architecture', 'code'])).started).toEqual(['T1', 'T2', 'T3']);
    expect((await run(['T1', 'T4'], ['boilerplate'])).started).toEqual(['T4']);
  });

  it('refuses a task that is held back, and names by what', async () => {
    await expect(run(['T3'])).rejects.toMatchObject({
      code: 'task-blocked',
      exitCode: 2,
      message: 'Task T3 waits for T2',
      fix: `Run those too: blueprint run f --task T2 --task T3`,
    });
    // T1 is named, but not of the type that is wanted.
    await expect(run(['T1', 'T2'], ['code'])).rejects.toMatchObject({ code: 'task-blocked' });
  });

  it('refuses a type of which none can start', async () => {
    await expect(run([], ['code'])).rejects.toMatchObject({
      code: 'selection-blocked',
      message: 'No selected task can start: T2 waits for T1',
      fix: 'Run those first: blueprint run f --task T1',
    });
  });

  it.each([
    ['done', 'set-status'],
    ['skipped', 'set-status'],
    ['needs_review', 'approve'],
  ] as const)('refuses a named task that is %s', async (status, fix) => {
    const project = await createProject({ tasks: [task('T1', { status })] });
    const engine = instantEngine();
    await expect(
      project.run({ engine, selection: { tasks: ['T1'], types: [] } }),
    ).rejects.toMatchObject({ code: 'task-not-runnable', fix: expect.stringContaining(fix) });
    expect(engine.started).toEqual([]);
  });

  it('says to decide first where a person is waited for', async () => {
    const project = await createProject({
      tasks: [task('T1', { status: 'needs_review' }), task('T2', { dependsOn: ['T1'] })],
    });
    await expect(
      project.run({ engine: instantEngine(), selection: { tasks: ['T2'], types: [] } }),
    ).rejects.toMatchObject({ fix: expect.stringContaining('blueprint approve f T1') });
  });
});

describe('rules in place of models', () => {
  it('let scaffolds stand on scaffolds', async () => {
    const project = await createProject({
      tasks: [task('T1', { files: [] }), task('T2', { files: [], dependsOn: ['T1'] })],
      rules: true,
    });
    expect(await project.run()).toMatchObject({ exitCode: 3 });
    expect(await project.statuses()).toEqual({ T1: 'needs_review', T2: 'needs_review' });
    expect(await project.approved()).toEqual({});
  });

  it('do not make way for a model’s unapproved work', async () => {
    const project = await createProject({
      tasks: [
        task('T1', { status: 'needs_review', result: result('needs_review', { author: 'a/b' }) }),
        task('T2', { dependsOn: ['T1'] }),
      ],
      rules: true,
    });
    const engine = instantEngine();
    await project.run({ engine });
    expect(engine.started).toEqual([]);
  });
});

describe('interruption', () => {
  it('ends at once and leaves all to be resumed', async () => {
    const project = await createProject({ tasks: [task('T1'), task('T2'), task('T3')] });
    const engine = handledEngine();
    const stop = new AbortController();
    const run = project.run({ engine, concurrency: 2, signal: stop.signal });
    await engine.runs(2);
    stop.abort();
    await expect(run).rejects.toMatchObject({
      code: 'interrupted',
      exitCode: 130,
      message: 'Interrupted. To go on: blueprint run f',
    });
    expect(engine.started).toHaveLength(2);
    expect(await project.statuses()).toEqual({ T1: 'pending', T2: 'pending', T3: 'pending' });
    expect(project.events.at(-1)).toMatchObject({ type: 'run-finish', exitCode: 130 });
    expect(await project.run({ engine: instantEngine() })).toMatchObject({ exitCode: 0 });
  });

  it('starts nothing when it came before', async () => {
    const project = await createProject({ tasks: [task('T1')] });
    const engine = instantEngine();
    await expect(project.run({ engine, signal: AbortSignal.abort() })).rejects.toBeInstanceOf(
      InterruptedError,
    );
    expect(engine.started).toEqual([]);
  });

  it('in the middle of real work is resumed without a repeated call', async () => {
    const ids = ['T1', 'T2', 'T3'];
    const project = await createProject({
      tasks: ids.map((id) => task(id, { files: [] })),
      author: writes(...ids),
    });
    const stop = new AbortController();
    let calls = 0;
    const cut = project.run({
      concurrency: 3,
      signal: stop.signal,
      over: {
        wrap: (model) => ({
          identity: model.identity,
          async generate(request) {
            const reply = await model.generate(request);
            calls += 1;
            if (calls === 2) stop.abort();
            return reply;
          },
        }),
      },
    });
    await expect(cut).rejects.toBeInstanceOf(InterruptedError);
    // Each file was asked for once in all: the script has one reply for each.
    expect(await project.run({ concurrency: 3 })).toMatchObject({ exitCode: 0 });
    expect(project.author.requests).toHaveLength(3);
    expect(Object.keys(await project.approved())).toEqual(['src/t1.js', 'src/t2.js', 'src/t3.js']);
  });
});

describe('a list that others change meanwhile', () => {
  it('takes up tasks that are added', async () => {
    const project = await createProject({ tasks: [task('T1')] });
    const engine = handledEngine();
    const run = project.run({ engine, concurrency: 2 });
    await engine.runs(1);
    await project.adapters.store.update(slug, (document) => addTask(document, { title: 'More' }));
    // T1 still runs: the run looks again because it has room.
    await expect.poll(() => engine.running(), { timeout: 20_000 }).toEqual(['T1', 'T2']);
    engine.end('T1');
    engine.end('T2');
    expect(await run).toMatchObject({ exitCode: 0 });
  });

  it('leaves alone what was removed, left out or held back before its turn', async () => {
    const project = await createProject({
      tasks: [task('T1', { complexity: 9 }), task('T2'), task('T3'), task('T4')],
    });
    const engine = handledEngine();
    const run = project.run({ engine });
    await engine.runs(1);
    await project.adapters.store.update(slug, (document) => {
      document.tasks = document.tasks.filter(({ id }) => id !== 'T2');
      for (const other of document.tasks) {
        if (other.id === 'T3') other.status = 'skipped';
        if (other.id === 'T4') other.dependsOn = ['T5'];
      }
      document.tasks.push(task('T5', { status: 'needs_review' }));
    });
    engine.end('T1');
    expect(await run).toMatchObject({ exitCode: 3 });
    expect(engine.started).toEqual(['T1']);
  });

  it('has the task taken up that a dead process left in progress', async () => {
    const project = await createProject({ tasks: [task('T1', { status: 'in_progress' })] });
    const engine = instantEngine();
    expect(await project.run({ engine })).toMatchObject({ exitCode: 0 });
    expect(engine.started).toEqual(['T1']);
  });
});

describe('two runs at once', () => {
  it('do each task once, and both end', async () => {
    const tasks = Array.from({ length: 12 }, (_, index) =>
      task(`T${index + 1}`, { dependsOn: index < 4 ? [] : [`T${index - 3}`] }),
    );
    const project = await createProject({ tasks });
    const started: string[] = [];
    const engine: Engine = {
      async execute({ task: { id } }) {
        started.push(id);
        await sleep(5);
        return settled('done');
      },
    };
    const reports = await Promise.all([
      project.run({ engine, concurrency: 2, run: 'a' }),
      // Stores and leases of its own, as another process has.
      project.run({ engine, concurrency: 2, run: 'b', over: adaptersOver(project.root) }),
    ]);
    expect(reports.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect([...started].sort()).toEqual(tasks.map(({ id }) => id).sort());
    const settledBy = reports.map((report) => report.settled.length);
    expect(settledBy[0] ?? 0).toBeGreaterThan(0);
    expect((settledBy[0] ?? 0) + (settledBy[1] ?? 0)).toBe(12);
  });

  it('do not both try what fails', async () => {
    const project = await createProject({ tasks: [task('T1', { status: 'failed' }), task('T2')] });
    const engine = handledEngine();
    const one = project.run({ engine, run: 'a', concurrency: 2 });
    await engine.runs(2);
    const other = instantEngine();
    const two = project.run({ engine: other, run: 'b', over: adaptersOver(project.root) });
    await sleep(100);
    engine.end('T1', settled('failed', { run: 'a' }));
    engine.end('T2', settled('failed', { run: 'a' }));
    const reports = await Promise.all([one, two]);
    expect(reports.map(({ exitCode }) => exitCode)).toEqual([1, 1]);
    expect(other.started).toEqual([]);
    expect(engine.started).toHaveLength(2);
  });

  it('go on with what the other one’s work makes ready', async () => {
    const project = await createProject({ tasks: [task('T1'), task('T2', { dependsOn: ['T1'] })] });
    const engine = handledEngine();
    const one = project.run({ engine, selection: { tasks: ['T1'], types: [] } });
    await engine.runs(1);
    const other = instantEngine();
    const two = project.run({ engine: other, over: adaptersOver(project.root) });
    await sleep(60);
    engine.end('T1');
    expect((await one).exitCode).toBe(0);
    expect((await two).exitCode).toBe(0);
    expect(other.started).toEqual(['T2']);
  });
});

it('refuses a feature that has no task list yet', async () => {
  const project = await createProject({ tasks: [] });
  const run = () => project.run({ engine: instantEngine(), slug: 'unplanned' });
  await expect(run()).rejects.toMatchObject({ code: 'feature-not-found' });
  await adaptersOver(project.root).artefacts.write('unplanned', 'brief.md', 'A brief.');
  await expect(run()).rejects.toMatchObject({ code: 'feature-not-planned' });
});

describe('a budget that is reached', () => {
  const stopped = () => ({
    kind: 'stopped' as const,
    error: new BlueprintError({
      code: 'budget-reached',
      message: 'The budget of this run is reached',
      exitCode: 4,
    }),
  });

  it('begins nothing more, lets what runs come to its end, and leaves the rest to be done', async () => {
    const project = await createProject({
      tasks: [task('T1'), task('T2'), task('T3'), task('T4', { dependsOn: ['T2'] })],
    });
    const engine = handledEngine();
    const run = project.run({ engine, concurrency: 2 });
    await engine.runs(2);
    engine.end('T1', stopped());
    await engine.runs(1);
    await sleep(100);
    expect(engine.running()).toEqual(['T2']);
    engine.end('T2');
    const report = await run;
    expect(report).toMatchObject({
      exitCode: 4,
      settled: [{ task: 'T2', status: 'done' }],
      unavailable: [{ task: 'T1', error: { code: 'budget-reached' } }],
    });
    expect([...engine.started].sort()).toEqual(['T1', 'T2']);
    expect(report.document.tasks.map(({ status }) => status)).toEqual([
      'pending',
      'done',
      'pending',
      'pending',
    ]);
  });

  it('comes before a failed task in the exit code', async () => {
    const project = await createProject({ tasks: [task('T1'), task('T2')] });
    const engine = instantEngine((id) => (id === 'T1' ? settled('failed') : stopped()));
    expect(await project.run({ engine, concurrency: 1 })).toMatchObject({ exitCode: 4 });
  });
});

describe('a run that lost its lease', () => {
  it('commits and settles nothing, and leaves the task to the other one', async () => {
    const project = await createProject({ tasks: [task('T1')], author: writes('T1') });
    const featuresDir = join(project.root, 'features');
    const self = { ...currentProcess(), host: 'another', boot: 'another' };
    const other = createLeaseKeeper({
      featuresDir,
      displayRoot: project.root,
      now,
      self,
      staleMs: -1,
    });
    let taken: Awaited<ReturnType<typeof other.take>> | undefined;
    const wrap = (model: LanguageModel): LanguageModel => ({
      ...model,
      async generate(request) {
        const reply = await model.generate(request);
        if (request.purpose.stage === 'review') taken ??= await other.take(slug, 'T1', 'run-2');
        return reply;
      },
    });
    const run = project.run({ over: { wrap } });
    const warnings = (): string[] =>
      project.events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
    await expect.poll(warnings, { timeout: 30_000 }).toContain('lease-lost');
    expect((await project.task('T1')).status).toBe('in_progress');
    expect(await readdir(join(featuresDir, slug))).not.toContain('workspace');
    expect(project.events.map(({ type }) => type)).not.toContain('task-finish');

    // What it had paid for is there for whoever goes on.
    if (taken !== undefined && 'lease' in taken) await taken.lease.release();
    expect((await run).exitCode).toBe(0);
    expect((await project.task('T1')).status).toBe('done');
    expect(project.author.requests).toHaveLength(1);
  });
});
