import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { debateReply, proposal, vendorServers } from '../helpers/debate-models.ts';
import { runHere } from '../helpers/in-process.ts';
import { startCollector } from '../helpers/loopback/otlp-collector.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { Handler } from '../helpers/loopback/server.ts';
import { jsonOf, projects, runCli, startCli, type CliResult } from '../helpers/run-cli.ts';
import { adderReply, brief, specText, stageOf } from './conversation.ts';

const createProject = projects();
const startVendors = vendorServers();
const servers: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

type Env = Readonly<Record<string, string>>;

async function startModels(handler: Handler): Promise<Env> {
  const server = await startOpenAiServer(handler);
  servers.push(server);
  return { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: server.url, BLUEPRINT_FINDINGS: 'any' };
}

async function collecting(how = {}) {
  const collector = await startCollector(how);
  servers.push(collector);
  return { collector, sent: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } };
}

/** Where nobody listens. */
async function deadEndpoint(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

const ofStage = (stage: string) => (span: { attributes: Readonly<Record<string, unknown>> }) =>
  span.attributes['blueprint.stage'] === stage;
const chats = (spans: readonly { name: string; spanId: string }[]): string[] =>
  spans
    .filter(({ name }) => name.startsWith('chat '))
    .map(({ spanId }) => spanId)
    .sort();
const warningsIn = ({ stderr }: CliResult): string[] =>
  stderr.split('\n').filter((line) => /warning.*span/i.test(line));

/** Ids of all calls that were asked, as the export has them. */
async function exported(cwd: string): Promise<string[]> {
  const { stdout } = await runHere(['export', 'trace'], { cwd });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { id: string; outcome: string })
    .flatMap(({ id, outcome }) => (outcome === 'kept' ? [] : [id]))
    .sort();
}

describe.concurrent('with a collector in the usual variables', () => {
  test('spans arrive while the command runs, and are those of the export', async () => {
    const { collector, sent } = await collecting();
    const models = await startModels(async (request) => {
      // A command that sent its spans at the end alone would never end.
      if (stageOf(request) === 'plan') await collector.has(ofStage('spec'));
      return adderReply(request);
    });
    const cwd = await createProject({ 'brief.md': brief });
    const env = { ...models, ...sent, OTEL_SERVICE_NAME: 'our-builds' };
    // The built program: the packages that send are a part of it.
    const made = await runCli(['new', 'brief.md', '--name', 'adder'], { cwd, env });
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    const { host } = new URL(collector.url);
    expect(made.stderr).toContain(`Spans of the calls, without prompts and replies, go to ${host}`);
    expect(warningsIn(made)).toEqual([]);
    const planned = collector.spans();
    const roots = planned.filter(({ name }) => name === 'blueprint run');
    expect(roots).toHaveLength(1);
    expect(planned.find(ofStage('spec'))).toMatchObject({
      name: 'chat gpt-5.6-sol',
      parentSpanId: roots[0]?.spanId,
      traceId: roots[0]?.traceId,
      resource: { 'service.name': 'our-builds' },
      attributes: { 'blueprint.feature': 'adder', 'gen_ai.usage.output_tokens': 5 },
    });
    expect(JSON.stringify(collector.requests)).not.toContain('refuses what is no number');

    const ran = await runCli(['run', 'adder', '--gates', 'paths,syntax'], { cwd, env });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(chats(collector.spans())).toEqual(await exported(cwd));
    // What was sent once is known by its id when it is sent again, with what was said of it since.
    const before = collector.spans().length;
    await runCli(['export', 'trace', '--otlp'], { cwd, env });
    const again = collector.spans().slice(before);
    expect(again.map(({ spanId }) => spanId).sort()).toEqual(
      collector
        .spans()
        .slice(0, before)
        .map(({ spanId }) => spanId)
        .sort(),
    );
    expect(again.find(ofStage('execute'))?.attributes).toHaveProperty('blueprint.verdict');

    const back = ['reject', 'adder', 'T2', '--feedback', 'Name it sum.'];
    const count = collector.spans().length;
    await runHere(back, { cwd, env });
    const rejected = collector.spans().slice(count);
    const quiet = await runHere(['list'], { cwd, env });
    expect(quiet.stderr).toBe('');
    expect(rejected.some(ofStage('review'))).toBe(true);
    expect(chats(collector.spans().slice(0, before).concat(rejected))).toEqual(await exported(cwd));
  });

  test.each([
    ['ask', ['ask', 'Which index is for ranges?', '--models', 'openai']],
    ['solve', ['solve', 'What is six times seven?', '--workflow', 'reasoning']],
    ['tournament', ['tournament', '--spec', 'spec.md', '--k', '2', '--gates', 'paths,syntax']],
  ])('%s sends its own', async (_name, args) => {
    const { collector, sent } = await collecting();
    const models = await startModels(() => 'A B-tree.');
    const cwd = await createProject({ 'spec.md': specText });
    await runHere(args, { cwd, env: { ...models, ...sent } });
    const ids = await exported(cwd);
    expect(ids.length).toBeGreaterThan(0);
    expect(chats(collector.spans())).toEqual(ids);
  });

  test('a debate sends its own', async () => {
    const { collector, sent } = await collecting();
    const vendors = await startVendors(debateReply);
    const cwd = await createProject({ 'proposal.md': proposal });
    const env = { ...vendors.env, ...sent };
    const debated = await runHere(['debate', 'start', 'proposal.md'], { cwd, env });
    expect(debated, debated.stderr).toMatchObject({ exitCode: 0 });
    expect(chats(collector.spans())).toEqual(await exported(cwd));
  });

  test('a call that is tried again is one span, and one that failed for good says why', async () => {
    const { collector, sent } = await collecting();
    let tries = 0;
    const models = await startModels(() =>
      ++tries === 1
        ? { error: { status: 503, message: 'busy' } }
        : { error: { status: 400, message: 'not today' } },
    );
    const cwd = await createProject();
    await runHere(['ask', 'Why?', '--models', 'openai'], { cwd, env: { ...models, ...sent } });
    const [first] = collector.spans().filter(({ name }) => name.startsWith('chat '));
    expect(first).toMatchObject({ status: { code: 2 }, attributes: { 'blueprint.tries': 2 } });
    expect(chats(collector.spans())).toEqual(await exported(cwd));
  });

  test.each(['SIGKILL', 'SIGINT'] as const)(
    '%s: what had ended has arrived, and the export adds the rest',
    async (signal) => {
      const { collector, sent } = await collecting();
      const models = await startModels((request) =>
        stageOf(request) === 'plan' ? { text: '{"tasks', cut: 'hang' } : adderReply(request),
      );
      const cwd = await createProject({ 'brief.md': brief });
      const env = { ...models, ...sent };
      const running = startCli(['new', 'brief.md', '--name', 'adder'], { cwd, env });
      await collector.has(ofStage('spec'));
      running.kill(signal);
      const ended = await running.ended;
      expect(warningsIn(ended)).toEqual([]);
      const arrived = chats(collector.spans());
      const all = await exported(cwd);
      expect(all).toEqual(expect.arrayContaining(arrived));
      expect(collector.spans().some(({ name }) => name === 'blueprint run')).toBe(
        signal === 'SIGINT',
      );
      if (signal === 'SIGINT') expect(arrived).toEqual(all);
      await runCli(['export', 'trace', '--otlp'], { cwd, env });
      expect([...new Set(chats(collector.spans()))].sort()).toEqual(all);
    },
  );
});

describe.concurrent('the work goes on, and one warning says so, where the collector', () => {
  const asked = async (env: Env) => {
    const models = await startModels(() => 'A B-tree.');
    const cwd = await createProject();
    const args = ['ask', 'Which index is for ranges?', '--models', 'openai'];
    const result = await runCli(args, { cwd, env: { ...models, ...env } });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toContain('A B-tree.');
    return warningsIn(result);
  };

  test('is dead', async () => {
    expect(await asked({ OTEL_EXPORTER_OTLP_ENDPOINT: await deadEndpoint() })).toEqual([
      expect.stringContaining('blueprint export trace --otlp'),
    ]);
  });

  test('never answers', async () => {
    const { sent } = await collecting({ hangs: true });
    expect(await asked(sent)).toEqual([expect.stringContaining('in time')]);
  });

  test('refuses', async () => {
    const server = await startOpenAiServer(() => 'no path of it is one of OTLP');
    servers.push(server);
    const dead = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: server.url };
    expect(await asked(dead)).toEqual([expect.stringContaining('could not be sent')]);
  });

  test('is none that can be used', async () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317' };
    expect(await asked({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).toEqual([
      expect.stringContaining('asks for grpc'),
    ]);
    expect(await asked({ OTEL_EXPORTER_OTLP_ENDPOINT: 'somewhere' })).toEqual([
      expect.stringContaining('no http(s) address'),
    ]);
  });
});

describe.concurrent('nothing is sent', () => {
  test.each([
    [{ OTEL_SDK_DISABLED: 'true' }],
    [{ OTEL_TRACES_EXPORTER: 'none' }],
    [{ OTEL_TRACES_EXPORTER: 'console' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }],
  ])('with %j', async (off) => {
    const { collector, sent } = await collecting();
    const models = await startModels(() => 'A B-tree.');
    const cwd = await createProject();
    const env: Env = { ...models, ...sent, ...off };
    const result = await runHere(['ask', 'Why?', '--models', 'openai'], { cwd, env });
    expect(result.stderr).not.toMatch(/span/i);
    expect(collector.requests).toEqual([]);
  });

  test('by what a project says: neither its config nor its .env names a collector', async () => {
    const { collector, sent } = await collecting();
    const models = await startModels(() => 'A B-tree.');
    const lines = Object.entries(sent).map(([name, value]) => `${name}=${value}`);
    const cwd = await createProject({ '.env': lines.join('\n') });
    const result = await runCli(['ask', 'Why?', '--models', 'openai'], { cwd, env: models });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(collector.requests).toEqual([]);
    const set = ['ask', 'Why?', '--set', `otlp.endpoint=${collector.url}`, '--json'];
    expect(jsonOf(await runHere(set, { cwd, env: models }))).toHaveProperty('error');
  });
});
