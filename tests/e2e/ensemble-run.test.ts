import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startGoogleServer } from '../helpers/loopback/google-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { ReceivedRequest } from '../helpers/loopback/server.ts';
import { jsonOf, projects, runCli } from '../helpers/run-cli.ts';
import { accepted, fileReply, rightAdd, wrongAdd } from './conversation.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

const stages = {
  execute: 'You carry out one task of',
  merge: 'Several colleagues answered the same task',
  review: 'You review a colleague',
};

function stageOf({ prompt }: ReceivedRequest): keyof typeof stages {
  for (const [stage, opening] of Object.entries(stages))
    if (prompt.includes(opening)) return stage as keyof typeof stages;
  throw new Error(`A request that nobody expects:\n${prompt}`);
}

test('a task of a run is answered by several models, merged, judged once, approved', async () => {
  const replies = {
    claude: {
      execute: fileReply('docs/design.md', rightAdd),
      merge: fileReply('docs/design.md', rightAdd),
    },
    gpt: { execute: fileReply('docs/design.md', wrongAdd) },
    gemini: { review: { json: accepted } },
  };
  type Of = Record<string, string | { json: unknown }>;
  const playing =
    (of: Of) =>
    (request: ReceivedRequest): string | { json: unknown } => {
      const reply = of[stageOf(request)];
      if (reply === undefined) throw new Error(`Not expected here: ${stageOf(request)}`);
      return reply;
    };
  const claude = await startAnthropicServer(playing(replies.claude));
  const gpt = await startOpenAiServer(playing(replies.gpt));
  const gemini = await startGoogleServer(playing(replies.gemini));
  try {
    const cwd = await createProject({
      ...plannedFiles,
      'blueprint.config.json': JSON.stringify({
        gates: ['paths', 'syntax'],
        ensemble: {
          categories: {
            general: { primaries: ['claude', 'codex'], validators: ['gemini'] },
            architecture: { primaries: ['claude', 'codex'], validators: ['gemini'] },
          },
        },
      }),
    });
    const env = {
      ANTHROPIC_API_KEY: 'sk-ant-one',
      ANTHROPIC_BASE_URL: claude.url,
      OPENAI_API_KEY: 'sk-two',
      OPENAI_BASE_URL: gpt.url,
      GEMINI_API_KEY: 'three',
      GOOGLE_GEMINI_BASE_URL: gemini.url,
    };
    const args = ['run', 'links', '--task', 'T1', '--json', '--mode', 'medium'];
    const run = await runCli(args, { cwd, env });
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(jsonOf(run)).toMatchObject({ settled: [{ task: 'T1', status: 'done' }] });
    expect(claude.requests.map(stageOf).sort()).toEqual(['execute', 'merge']);
    expect(gpt.requests.map(stageOf)).toEqual(['execute']);
    // The validator's judgement is the supervisor's first review: it is asked for once.
    expect(gemini.requests.map(stageOf)).toEqual(['review']);

    const folder = join(cwd, 'features/links/partial/T1/1/ensemble');
    expect(await readFile(join(folder, 'answer-2.md'), 'utf8')).toContain(wrongAdd);
    expect(JSON.parse(await readFile(join(folder, 'result.json'), 'utf8'))).toMatchObject({
      how: 'merged',
      needsReview: [],
      merge: { origins: [{ part: 'docs/design.md', by: 'same content' }] },
    });

    const clash = await runCli([...args, '--strategy', 'single'], { cwd, env });
    expect(clash).toMatchObject({ exitCode: 2 });
    expect(clash.stderr + clash.stdout).toContain(
      '--mode and --strategy single exclude each other',
    );
  } finally {
    await Promise.all([claude, gpt, gemini].map((server) => server.close()));
  }
});
