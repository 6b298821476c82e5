import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startJsonServer } from '../helpers/loopback/json-server.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects } from '../helpers/run-cli.ts';
import { adderReply, brief } from './conversation.ts';

const createProject = projects();

const roles = (...list: string[]): object =>
  Object.fromEntries(
    ['architect', 'parser', 'boilerplate', 'coder', 'reviewer'].map((role) => [role, list]),
  );

/** An address at which nothing listens any more. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return `127.0.0.1:${port}`;
}

test('an Ollama that does not run is passed over before the first call, and it is said why', async () => {
  const server = await startAnthropicServer(adderReply);
  try {
    const host = await deadAddress();
    const list = ['ollama/qwen3', 'anthropic/claude-sonnet-5-5'];
    const cwd = await createProject({
      'brief.md': brief,
      'blueprint.config.json': JSON.stringify({ roles: roles(...list) }),
    });
    const env = {
      OLLAMA_HOST: host,
      ANTHROPIC_API_KEY: 'sk-ant-x',
      ANTHROPIC_BASE_URL: server.url,
    };
    const options = { cwd, env };
    const why = `Ollama does not answer at http://${host}; start it with: ollama serve`;

    const made = await runCli(['new', 'brief.md'], options);
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    expect(made.stderr).toContain('architect → anthropic/claude-sonnet-5-5 (first reachable of');
    expect(made.stderr).not.toMatch(/ollama\/qwen3 failed|could not answer/);

    const table = await runCli(['route-table'], options);
    expect(table.stdout).toContain(why);
    const doctor = await runCli(['doctor'], options);
    expect(doctor.stdout).toMatch(/ollama +no +Ollama does not answer/);
    const dryRun = await runCli(['run', 'adder', '--dry-run'], options);
    expect(dryRun.stdout).toContain(`Passed over ollama/qwen3: ${why}`);
    const models = jsonOf(await runCli(['models', '--json'], options));
    expect(models['models']).toContainEqual(
      expect.objectContaining({ model: 'ollama/qwen3', reachable: false, reason: why }),
    );
  } finally {
    await server.close();
  }
});

test('where it is the only one, the command ends with 5 and its reason', async () => {
  const host = await deadAddress();
  const cwd = await createProject({
    'brief.md': brief,
    'blueprint.config.json': JSON.stringify({ roles: roles('ollama/qwen3') }),
  });
  const { exitCode, stderr } = await runCli(['new', 'brief.md'], {
    cwd,
    env: { OLLAMA_HOST: host },
  });
  expect(exitCode, stderr).toBe(5);
  expect(stderr).toContain(`error[no-model]`);
  expect(stderr).toContain(`ollama/qwen3 (Ollama does not answer at http://${host}`);
});

test('commands that make no call ask nobody', async () => {
  const server = await startJsonServer(() => ({ body: { version: '1' } }));
  try {
    const cwd = await createProject({
      'brief.md': brief,
      'blueprint.config.json': JSON.stringify({ roles: roles('offline/planner') }),
    });
    const env = { OLLAMA_HOST: server.url, BLUEPRINT_ROLE_CODER: 'ollama/qwen3' };
    expect(await runCli(['new', 'brief.md'], { cwd, env: {} })).toMatchObject({ exitCode: 0 });
    for (const args of [
      ['list'],
      ['status', 'adder'],
      ['next'],
      ['show', 'adder'],
      ['show', 'adder', 'T1', '--prompt'],
      ['task', 'set-status', 'adder', 'T1', 'skipped'],
      ['cost'],
    ])
      expect(await runCli(args, { cwd, env }), args.join(' ')).toMatchObject({ exitCode: 0 });
    expect(server.requests).toEqual([]);
    await runCli(['route-table'], { cwd, env });
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/version']);
  } finally {
    await server.close();
  }
});
