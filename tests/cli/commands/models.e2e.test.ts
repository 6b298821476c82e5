import { expect, test } from 'vitest';
import { fakeClis } from '../../helpers/fake-cli/install.ts';
import { startJsonServer } from '../../helpers/loopback/json-server.ts';
import { runHere as runCli } from '../../helpers/in-process.ts';
import { jsonOf, projects } from '../../helpers/run-cli.ts';

const createProject = projects();
const install = fakeClis();
const key = 'sk-secret-0123456789';

async function project(answer: Parameters<typeof startJsonServer>[0]) {
  const server = await startJsonServer(answer);
  const list = ['openai/gpt-tera', 'groq/small'];
  const cwd = await createProject({
    'blueprint.config.json': JSON.stringify({
      roles: { architect: list, parser: list, boilerplate: list, coder: list, reviewer: list },
    }),
  });
  const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: `${server.url}/v1` };
  return { server, options: { cwd, env } };
}

const listOf = (...ids: string[]) => ({
  body: { object: 'list', data: ids.map((id) => ({ id })) },
});

test('models names who uses a model; with --live it asks, and names the nearest for one that is not there', async () => {
  const { server, options } = await project(() => listOf('gpt-terra', 'other'));
  try {
    const calm = await runCli(['models'], options);
    expect(calm.exitCode, calm.stderr).toBe(0);
    expect(calm.stdout).toMatch(/openai\/gpt-tera +yes/);
    expect(calm.stdout).toMatch(/groq\/small +no .*GROQ_API_KEY is not set/);
    expect(server.requests).toEqual([]);

    const live = await runCli(['models', '--live', '--json'], options);
    expect(live.exitCode).toBe(5);
    const { models } = jsonOf(live) as { models: { model: string }[] };
    expect(models.find(({ model }) => model === 'openai/gpt-tera')).toMatchObject({
      reachable: true,
      listed: false,
      nearest: ['gpt-terra'],
      roles: expect.arrayContaining(['coder', 'judge']) as string[],
    });
    expect(live.stdout + live.stderr).not.toContain(key);
  } finally {
    await server.close();
  }
});

test('a program is found on PATH, and is not asked for a list that it does not have', async () => {
  const fake = await install('claude', {});
  const cwd = await createProject({
    'blueprint.config.json': JSON.stringify({
      roles: { coder: ['claude-cli/sonnet', 'codex-cli/default'] },
    }),
  });
  const options = { cwd, env: { PATH: fake.folder } };
  const live = await runCli(['models', '--live'], options);
  expect(live.stdout).toMatch(/claude-cli\/sonnet +yes .* a program, which has no list to ask for/);
  expect(live.stdout).toMatch(/codex-cli\/default +no .* codex is not on PATH/);
  const doctor = await runCli(['doctor'], options);
  expect(doctor.stdout).toMatch(/claude-cli +yes +found on PATH: .*\/claude\n/);
  expect(doctor.stdout).not.toContain('key or address is set');
  expect(await fake.starts()).toEqual([]);
});

test('doctor --live is content when the key works, and ends with 5 and the fix when it does not', async () => {
  let good = true;
  const { server, options } = await project(() =>
    good ? listOf('gpt-tera') : { status: 401, body: { error: { message: `no: ${key}` } } },
  );
  try {
    const well = await runCli(['doctor', '--live'], options);
    expect(well.exitCode, well.stdout).toBe(0);
    expect(well.stdout).toContain('✔ provider openai: answers, and lists 1 model');
    good = false;
    expect((await runCli(['doctor'], options)).exitCode).toBe(0);
    const ill = await runCli(['doctor', '--live'], options);
    expect(ill.exitCode).toBe(5);
    expect(ill.stdout).toContain('! provider openai: openai did not accept the key (HTTP 401)');
    expect(ill.stdout).toContain('fix: Check that OPENAI_API_KEY holds a valid key');
    expect(ill.stdout).toContain('✖ role coder: none of its models works');
    expect(ill.stdout + ill.stderr).not.toContain(key);
  } finally {
    await server.close();
  }
});
