import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import type { ReceivedRequest } from '../helpers/loopback/server.ts';
import { jsonOf, projects, runCli, treeOf } from '../helpers/run-cli.ts';
import { accepted, brief, fileReply, planned, specText, stageOf, taskOf } from './conversation.ts';

const createProject = projects();

const count = 8;
const ids = Array.from({ length: count }, (_, index) => `T${index + 1}`);
const tasks = [
  ...ids.map((id) => planned({ id, title: `Write part ${id}`, type: 'code' })),
  planned({ id: 'T9', title: 'Join the parts', type: 'code', dependsOn: ids }),
  planned({ id: 'T10', title: 'Announce it', type: 'boilerplate', dependsOn: ['T9'] }),
];

/** Every task writes the file of its own name. */
function reply(request: ReceivedRequest): string {
  switch (stageOf(request)) {
    case 'spec':
      return specText;
    case 'plan':
      return JSON.stringify({ requirements: [], tasks });
    case 'refine':
      return JSON.stringify({ tasks, removed: [], notes: [] });
    case 'execute':
      return fileReply(`parts/${taskOf(request)}.txt`, 'done\n');
    case 'review':
      return JSON.stringify(accepted);
    case 'clarify':
    case 'correct':
    case 'second-read':
    case 'review-task':
      throw new Error(`Not expected: ${stageOf(request)}`);
  }
}

describe('several processes on one feature', () => {
  test('two runs and the changes of other commands: each task is done once, nothing is lost', async () => {
    let openGate = (): void => undefined;
    const gate = new Promise<void>((resolve) => (openGate = resolve));
    const asked = new Set<string>();
    const server = await startAnthropicServer(async (request) => {
      if (stageOf(request) === 'execute') {
        asked.add(taskOf(request) ?? '');
        // Both runs are at work while the list is changed from elsewhere.
        await gate;
      }
      return reply(request);
    });
    try {
      const cwd = await createProject({ 'brief.md': brief });
      const env = { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_BASE_URL: server.url };
      const options = { cwd, env };
      expect(await runCli(['new', 'brief.md'], options)).toMatchObject({ exitCode: 0 });

      const run = ['run', 'adder', '--concurrency', '2', '--json'];
      const runs = [runCli(run, options), runCli(run, options)];
      await expect.poll(() => asked.size, { timeout: 30_000 }).toBe(4);

      const [busy] = [...asked];
      const changes = await Promise.all([
        runCli(['task', 'set-status', 'adder', 'T10', 'skipped'], options),
        ...['one', 'two', 'three', 'four'].map((name) =>
          runCli(['task', 'add', 'adder', '--title', name, '--depends-on', 'T9'], options),
        ),
        runCli(['task', 'set-status', 'adder', busy ?? '', 'done'], options),
      ]);
      const refused = changes.pop();
      for (const change of changes) expect(change, change.stderr).toMatchObject({ exitCode: 0 });
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused?.stderr).toContain(`error[task-leased] Task ${busy} is being worked on by`);
      openGate();

      const [one, two] = await Promise.all(runs);
      for (const ended of [one, two]) expect(ended, ended?.stderr).toMatchObject({ exitCode: 0 });

      const all = [...ids, 'T9', 'T10', 'T11', 'T12', 'T13', 'T14'];
      const worked = all.filter((id) => id !== 'T10');
      const document = JSON.parse(
        await readFile(join(cwd, 'features/adder/tasks.json'), 'utf8'),
      ) as { tasks: { id: string; title: string; status: string }[] };
      expect(document.tasks.map(({ id }) => id)).toEqual(all);
      expect(
        document.tasks
          .slice(-4)
          .map(({ title }) => title)
          .sort(),
      ).toEqual(['four', 'one', 'three', 'two']);
      for (const { id, status } of document.tasks)
        expect(status, id).toBe(id === 'T10' ? 'skipped' : 'done');

      const executed = server.requests.filter((request) => stageOf(request) === 'execute');
      expect(executed.map((request) => taskOf(request)).sort()).toEqual([...worked].sort());
      const settled = [one, two].flatMap((ended) =>
        ended === undefined ? [] : (jsonOf(ended)['settled'] as { task: string }[]),
      );
      expect(settled.map(({ task }) => task).sort()).toEqual([...worked].sort());
      expect(Object.keys(await treeOf(join(cwd, 'features/adder/workspace/parts'))).sort()).toEqual(
        worked.map((id) => `${id}.txt.draft`).sort(),
      );
    } finally {
      openGate();
      await server.close();
    }
  });

  test('ten commands at once that add a task: ten tasks', async () => {
    const cwd = await createProject({ 'brief.md': brief });
    await runCli(['new', 'brief.md', '--name', 'many'], { cwd });
    const before = JSON.parse(await readFile(join(cwd, 'features/many/tasks.json'), 'utf8')) as {
      tasks: unknown[];
    };
    const titles = Array.from({ length: 10 }, (_, index) => `Task number ${index}`);
    const added = await Promise.all(
      titles.map((title) => runCli(['task', 'add', 'many', '--title', title], { cwd })),
    );
    for (const { exitCode, stderr } of added) expect(exitCode, stderr).toBe(0);
    const after = JSON.parse(await readFile(join(cwd, 'features/many/tasks.json'), 'utf8')) as {
      tasks: { id: string; title: string }[];
    };
    expect(
      after.tasks
        .slice(before.tasks.length)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(titles);
    expect(new Set(after.tasks.map(({ id }) => id)).size).toBe(after.tasks.length);
  });
});
