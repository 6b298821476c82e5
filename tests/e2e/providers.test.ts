import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startChatServer } from '../helpers/loopback/chat-server.ts';
import { startGoogleServer } from '../helpers/loopback/google-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { Handler, LoopbackServer } from '../helpers/loopback/server.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, runCli as runBuilt, textsOf } from '../helpers/run-cli.ts';
import { adderReply, brief, rightAdd, stageOf, taskOf } from './conversation.ts';

const createProject = projects();

/** How a user sets a provider up. */
interface Vendor {
  readonly name: string;
  readonly key: string;
  readonly start: (handler: Handler) => Promise<LoopbackServer>;
  readonly env: (url: string, key: string) => Record<string, string>;
  readonly config?: (url: string) => object;
}

const roles = (model: string): object =>
  Object.fromEntries(
    ['architect', 'parser', 'boilerplate', 'coder', 'reviewer'].map((role) => [role, [model]]),
  );

const vendors: readonly Vendor[] = [
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
    key: 'AIzaSyCx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6QwErTyUi',
    start: startGoogleServer,
    env: (url, key) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
  },
  {
    name: 'workshop',
    key: 'plain-words-that-look-like-no-key',
    start: startChatServer,
    env: (_url, key) => ({ WORKSHOP_KEY: key }),
    config: (url) => ({
      providers: {
        workshop: { kind: 'openai-compatible', baseUrl: url, apiKeyEnv: 'WORKSHOP_KEY' },
      },
      roles: roles('workshop/some-model'),
    }),
  },
];

describe.concurrent('from brief to approved work', () => {
  test.for(vendors)('through $name', async ({ name, key, start, env, config }) => {
    let faults = 1;
    const server = await start((request) => {
      if (faults-- > 0) return { error: { status: 503, message: `try later, ${key}` } };
      return adderReply(request);
    });
    try {
      const cwd = await createProject({
        'brief.md': brief,
        ...(config !== undefined && {
          'blueprint.config.json': JSON.stringify(config(server.url)),
        }),
      });
      const options = { cwd, env: env(server.url, key) };

      // The built program, which holds the vendors' packages, with their faults and streams.
      const made = await runBuilt(['new', 'brief.md'], options);
      expect(made, made.stderr).toMatchObject({ exitCode: 0 });
      expect(made.stdout).toContain('Next: blueprint run adder');
      const run = await runCli(['run', 'adder'], options);
      expect(run, run.stderr).toMatchObject({ exitCode: 0 });
      expect(run.stderr).toMatch(/T2 +review 1 by .*: revise, 1 finding, 1 blocking/);
      expect(run.stderr).toMatch(/T2 +review 2 by .*: accept, 0 findings/);

      const again = await runCli(['run', 'adder', '--json'], options);
      expect(jsonOf(again)).toMatchObject({ exitCode: 0, settled: [] });
      const stages = server.requests
        .slice(1)
        .map((request) => `${stageOf(request)} ${taskOf(request) ?? ''}`.trim());
      expect(stages).toEqual([
        'spec',
        'plan',
        'refine',
        'execute T1',
        'review T1',
        'execute T2',
        'review T2',
        'correct T2',
        'review T2',
        'review-task T3',
      ]);

      const folder = join(cwd, 'features/adder');
      expect(await readFile(join(folder, 'workspace/src/add.js.draft'), 'utf8')).toBe(rightAdd);
      const { tasks } = JSON.parse(await readFile(join(folder, 'tasks.json'), 'utf8')) as {
        tasks: { id: string; status: string; result: { outcome: string; author: string } }[];
      };
      expect(tasks.map(({ id, status }) => `${id} ${status}`)).toEqual([
        'T1 done',
        'T2 done',
        'T3 done',
      ]);
      expect(tasks[1]?.result.author).toMatch(new RegExp(`^${name}/`));

      // The key went to the server, and nowhere else.
      expect(JSON.stringify(server.requests[0]?.headers)).toContain(key);
      const written = await textsOf(join(cwd, '..'));
      expect(Object.keys(written).filter((path) => written[path]?.includes(key))).toEqual([]);
      for (const { stdout, stderr } of [made, run, again])
        expect(stdout + stderr).not.toContain(key);
    } finally {
      await server.close();
    }
  });

  test('each role goes to the model it maps to, and the reviewer is of another family', async () => {
    const claude = await startAnthropicServer(adderReply);
    const gpt = await startOpenAiServer(adderReply);
    try {
      const cwd = await createProject({ 'brief.md': brief });
      const env = {
        ANTHROPIC_API_KEY: 'sk-ant-one',
        ANTHROPIC_BASE_URL: claude.url,
        OPENAI_API_KEY: 'sk-two',
        OPENAI_BASE_URL: gpt.url,
      };
      expect(await runCli(['new', 'brief.md'], { cwd, env })).toMatchObject({ exitCode: 0 });
      const run = await runCli(['run', 'adder'], { cwd, env });
      expect(run).toMatchObject({ exitCode: 0 });
      expect(run.stderr).not.toContain('same family');
      expect(new Set(gpt.requests.map(stageOf))).toEqual(
        new Set(['refine', 'review', 'review-task']),
      );
      expect(new Set(claude.requests.map(stageOf))).toEqual(
        new Set(['spec', 'plan', 'execute', 'correct', 'second-read']),
      );
    } finally {
      await claude.close();
      await gpt.close();
    }
  });
});
