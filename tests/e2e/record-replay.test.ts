import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hideShapes } from '../../src/text/secret-shapes.ts';
import { fakeClis, type Scenario } from '../helpers/fake-cli/install.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startChatServer } from '../helpers/loopback/chat-server.ts';
import { startGoogleServer } from '../helpers/loopback/google-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { Handler, LoopbackServer, Reply } from '../helpers/loopback/server.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, textsOf, treeOf, type CliResult } from '../helpers/run-cli.ts';
import { adderReply, brief, specText, stageOf } from './conversation.ts';

const createProject = projects();
const install = fakeClis();

/** The files that the work comes down to, without what says when and in which run. */
async function outcome(cwd: string): Promise<Record<string, string>> {
  const texts = await textsOf(join(cwd, 'features/adder'));
  const lasting = Object.entries(texts).filter(([path]) =>
    /^(brief\.md|spec\.md|tasks\.json|workspace\/.*|partial\/.*(md|js|prompt\.json))$/.test(path),
  );
  const timeless = (text: string): string =>
    text.replace(/"(createdAt|updatedAt|at|run|signature|commit)": "[^"]*"/g, '"$1": "…"');
  return Object.fromEntries(lasting.map(([path, text]) => [path, timeless(text)]));
}

async function ends(exitCode: number, result: Promise<CliResult>): Promise<CliResult> {
  const ended = await result;
  expect(ended, ended.stderr).toMatchObject({ exitCode });
  return ended;
}

describe.concurrent('--record and --replay', () => {
  test('a replay ends in the same files, with the servers gone and no key', async () => {
    const claude = await startAnthropicServer(adderReply);
    let refusals = 1;
    const gpt = await startOpenAiServer((request) =>
      stageOf(request) === 'refine' && refusals-- > 0
        ? { error: { status: 401, message: 'no such key' } }
        : adderReply(request),
    );
    const env = {
      ANTHROPIC_API_KEY: 'sk-ant-x',
      ANTHROPIC_BASE_URL: claude.url,
      OPENAI_API_KEY: 'sk-y',
      OPENAI_BASE_URL: gpt.url,
    };
    const cwd = await createProject({ 'brief.md': brief });
    const record = ['--record', '../rec.jsonl'];
    try {
      await ends(0, runCli(['new', 'brief.md', ...record], { cwd, env }));
      await ends(0, runCli(['run', 'adder', ...record], { cwd, env }));
    } finally {
      await claude.close();
      await gpt.close();
    }

    const fresh = await createProject({
      'brief.md': brief,
      'rec.jsonl': await readFile(join(cwd, '../rec.jsonl')),
    });
    const replay = ['--replay', 'rec.jsonl'];
    const made = await ends(0, runCli(['new', 'brief.md', ...replay], { cwd: fresh }));
    expect(made.stderr).toContain('no provider is asked, nothing is paid');
    // What failed fails again, and the next of the role answers.
    expect(made.stderr).toMatch(/openai\/\S+ failed \(auth\)/);
    const run = await ends(0, runCli(['run', 'adder', ...replay], { cwd: fresh }));
    expect(run.stderr).toMatch(/T2 +review 1 by openai\/\S+: revise, 1 finding, 1 blocking/);
    expect(run.stderr).not.toContain('same family');
    expect(await outcome(fresh)).toEqual(await outcome(cwd));
    const cost = jsonOf(await runCli(['cost', 'adder', '--json', '-C', fresh], { cwd }));
    expect(cost).toMatchObject({ total: { usd: 0, calls: 12 } });
    const journal = await readFile(join(fresh, 'features/adder/journal.jsonl'), 'utf8');
    expect(journal).not.toContain('"type":"call-delta"');
    await expectSoundJournals(fresh);

    // As a script it plays as well: what a call is for stands in each line.
    const scripted = await createProject({
      'brief.md': brief,
      'rec.jsonl': await readFile(join(cwd, '../rec.jsonl')),
    });
    const byScript = await runCli(['new', 'brief.md', '--script', 'rec.jsonl'], { cwd: scripted });
    expect(byScript, byScript.stderr).toMatchObject({ exitCode: 0 });
    expect(byScript.stderr).toContain('no such key');
  });

  test('a recording is complete though calls come from the call store', async () => {
    const server = await startAnthropicServer((request): Reply => {
      if (stageOf(request) === 'plan' && plans++ === 0) return { json: { nothing: true } };
      return adderReply(request);
    });
    let plans = 0;
    const env = { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_BASE_URL: server.url };
    const cwd = await createProject({ 'brief.md': brief });
    try {
      await ends(0, runCli(['new', 'brief.md'], { cwd, env }));
      const before = server.requests.length;
      for (const path of ['tasks.json', 'spec.md']) await rm(join(cwd, 'features/adder', path));
      await ends(0, runCli(['new', 'brief.md', '--record', 'rec.jsonl'], { cwd, env }));
      expect(server.requests.length).toBe(before);
      await ends(0, runCli(['run', 'adder', '--record', 'rec.jsonl'], { cwd, env }));
    } finally {
      await server.close();
    }
    const fresh = await createProject({
      'brief.md': brief,
      'rec.jsonl': await readFile(join(cwd, 'rec.jsonl')),
    });
    await ends(0, runCli(['new', 'brief.md', '--replay', 'rec.jsonl'], { cwd: fresh }));
    await ends(0, runCli(['run', 'adder', '--replay', 'rec.jsonl'], { cwd: fresh }));
    expect(await outcome(fresh)).toEqual(await outcome(cwd));
  });

  test('that rules stood in is recorded too, and a replay has them stand in again', async () => {
    const cwd = await createProject({ 'brief.md': brief });
    await ends(0, runCli(['new', 'brief.md', '--record', 'rec.jsonl'], { cwd }));
    await ends(3, runCli(['run', 'adder', '--record', 'rec.jsonl'], { cwd }));
    const fresh = await createProject({
      'brief.md': brief,
      'rec.jsonl': await readFile(join(cwd, 'rec.jsonl')),
    });
    await ends(0, runCli(['new', 'brief.md', '--replay', 'rec.jsonl'], { cwd: fresh }));
    const run = await ends(3, runCli(['run', 'adder', '--replay', 'rec.jsonl'], { cwd: fresh }));
    expect(run.stdout).toContain('scaffolds made by rules');
    expect(await outcome(fresh)).toEqual(await outcome(cwd));
  });

  test('a replay with another brief shows what differs, and leaves no plan behind', async () => {
    const cwd = await createProject({ 'brief.md': brief });
    const claude = await startAnthropicServer(adderReply);
    const env = { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_BASE_URL: claude.url };
    try {
      await ends(0, runCli(['new', 'brief.md', '--record', 'rec.jsonl'], { cwd, env }));
    } finally {
      await claude.close();
    }
    await writeFile(join(cwd, 'other.md'), brief.replace('refuses', 'takes'));
    const other = await runCli(
      ['new', 'other.md', '--name', 'other', '--replay', 'rec.jsonl', '--json'],
      { cwd },
    );
    expect(other.exitCode).toBe(2);
    const { error } = jsonOf(other) as { error: Record<string, string> };
    expect(error).toMatchObject({ code: 'replay-unmatched', target: 'rec.jsonl:2' });
    expect(error['message']).toMatch(
      /part \d «brief», line \d: recorded «.*refuses.*», now «.*takes/,
    );
    expect(Object.keys(await treeOf(join(cwd, 'features/other')))).not.toContain('tasks.json');
  });

  test('both at once, or where nothing is called, is an error of usage', async () => {
    const cwd = await createProject({ 'brief.md': brief });
    for (const [args, code] of [
      [['new', 'brief.md', '--record', 'a', '--replay', 'b'], 'usage'],
      [['run', 'x', '--record'], 'usage'],
      [['new', 'brief.md', '--record', 'a', '--record', 'b'], 'usage'],
      [['list', '--record', 'a'], 'unknown-option'],
    ] as const)
      expect((await ends(2, runCli(args, { cwd }))).stderr).toContain(`error[${code}]`);
    expect(Object.keys(await treeOf(cwd))).toEqual(['brief.md']);
  });
});

/** A key of somebody else, as a model may write it into a document; in two pieces for scanners. */
const foreign = ['ghp', 'z9Y8x7W6v5U4t3S2r1Q0z9Y8x7W6v5U4t3S2'].join('_');

interface Way {
  readonly name: string;
  readonly key: string;
  readonly start?: (handler: Handler) => Promise<LoopbackServer>;
  readonly env: (url: string, key: string) => Record<string, string>;
  readonly config?: (url: string) => object;
  /** The program on PATH that writes the spec; the other roles are the loopback server's. */
  readonly program?: string;
}

const roles = (model: string): object =>
  Object.fromEntries(
    ['architect', 'parser', 'boilerplate', 'coder', 'reviewer'].map((role) => [role, [model]]),
  );

const workshop = (url: string, more: object = {}): object => ({
  providers: { workshop: { kind: 'openai-compatible', baseUrl: url, apiKeyEnv: 'WORKSHOP_KEY' } },
  roles: { ...roles('workshop/some-model'), ...more },
});

const ways: readonly Way[] = [
  {
    name: 'anthropic',
    key: 'sk-ant-api03-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6',
    start: startAnthropicServer,
    env: (url, key) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url }),
  },
  {
    name: 'openai',
    key: 'sk-proj-Bx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6',
    start: startOpenAiServer,
    env: (url, key) => ({ OPENAI_API_KEY: key, OPENAI_BASE_URL: url }),
  },
  {
    name: 'google',
    key: 'AIzaSyCx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6QwErTyUi9',
    start: startGoogleServer,
    env: (url, key) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
  },
  {
    name: 'openai-compatible',
    key: 'plain-words-that-look-like-no-key',
    env: (_url, key) => ({ WORKSHOP_KEY: key }),
    config: workshop,
  },
  ...(
    [
      ['claude', 'ANTHROPIC_API_KEY', 'sk-ant-api03-Dx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6'],
      ['codex', 'OPENAI_API_KEY', 'sk-proj-Ex7Kq2Lm9Pz4Wr8Tn5Yv1Bc6'],
      ['gemini', 'GEMINI_API_KEY', 'AIzaSyFx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6QwErTyUi9'],
    ] as const
  ).map(([program, variable, key]): Way => ({
    name: program,
    key,
    program,
    env: () => ({ [variable]: key, WORKSHOP_KEY: 'another-key-of-this-test-77' }),
    config: (url) =>
      workshop(url, { architect: [`${program}-cli/default`, 'workshop/some-model'] }),
  })),
];

describe.concurrent('what a recorded run writes', () => {
  test.for(ways)('holds no key, by value or by form: $name', async (way) => {
    const { key } = way;
    const spoken = `${key} ${Buffer.from(key).toString('base64')} ${encodeURIComponent(key)}`;
    let faults = 1;
    const server = await (way.start ?? startChatServer)((request): Reply => {
      if (faults-- > 0) return { error: { status: 503, message: `later, ${spoken} ${foreign}` } };
      const reply = adderReply(request);
      // Cut in the middle of the key, as streams do.
      const middle = Math.floor(key.length / 2);
      return stageOf(request) === 'spec'
        ? {
            text: [`${reply}\n\nKeys: ${key.slice(0, middle)}`, `${key.slice(middle)} ${spoken}\n`],
          }
        : reply;
    });
    try {
      const cwd = await createProject({
        'brief.md': brief,
        ...(way.config !== undefined && {
          'blueprint.config.json': JSON.stringify(way.config(server.url)),
        }),
      });
      const text = `${specText}\n\nKeys: ${key} ${spoken}\n`;
      const env = way.env(server.url, key);
      const made = await ends(
        0,
        runCli(['new', 'brief.md', '--record', '../rec.jsonl'], {
          cwd,
          env: {
            ...env,
            ...(await programPath(way, {
              reply: { pieces: [text.slice(0, -20), text.slice(-20)] },
            })),
          },
        }),
      );
      // The architect also designs; there the program fails, and quotes the key.
      const fault = { message: `Invalid API key: ${spoken}`, exitCode: 1 };
      const run = await ends(
        0,
        runCli(['run', 'adder', '--record', '../rec.jsonl'], {
          cwd,
          env: { ...env, ...(await programPath(way, { fault, stderr: spoken })) },
        }),
      );
      if (way.program !== undefined)
        expect(run.stderr).toMatch(new RegExp(`${way.program}-cli/default failed`));

      const written = {
        ...(await textsOf(join(cwd, '..'))),
        ...Object.fromEntries(
          [made, run].flatMap(({ stdout, stderr }, at) => [
            [`stdout ${at}`, stdout],
            [`stderr ${at}`, stderr],
          ]),
        ),
      };
      const forms = [
        key,
        Buffer.from(key).toString('base64').slice(2, -4),
        Buffer.from(key).toString('hex'),
        key.slice(0, Math.floor(key.length * 0.8)),
      ];
      for (const form of forms)
        expect(Object.keys(written).filter((path) => written[path]?.includes(form))).toEqual([]);
      expect(written['rec.jsonl']).toContain('[redacted]');
      expect(written['project/features/adder/spec.md']).toContain('Keys: [redacted] [redacted]');
      expect(
        Object.keys(written).filter((path) => hideShapes(written[path] ?? '') !== written[path]),
      ).toEqual([]);
    } finally {
      await server.close();
    }
  });

  async function programPath({ program }: Way, scenario: Scenario): Promise<object> {
    if (program === undefined) return {};
    const { folder } = await install(program, scenario);
    return { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  }
});
