import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AskOutcome } from '../../src/use-cases/ask.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startGoogleServer } from '../helpers/loopback/google-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type {
  Handler,
  LoopbackServer,
  ReceivedRequest,
  Reply,
} from '../helpers/loopback/server.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { projects, startCli, treeOf } from '../helpers/run-cli.ts';
import { accepted, fileReply } from './conversation.ts';

const createProject = projects();

const openings = {
  ask: 'You carry out one task, or answer one question',
  merge: 'Several colleagues answered the same task',
  review: 'You review a colleague',
  judge: 'You compare two pieces of work',
};
type Stage = keyof typeof openings;

function stageOf({ prompt }: ReceivedRequest): Stage {
  const found = Object.entries(openings).find(([, opening]) => prompt.includes(opening));
  if (found === undefined) throw new Error(`A request that nobody expects:\n${prompt}`);
  return found[0] as Stage;
}

type Replies = Partial<
  Record<Stage, Reply | ((request: ReceivedRequest) => Reply | Promise<Reply>)>
>;

/** Answers by stage; a stage that is not named is an error, shown to the test by the failing command. */
const playing =
  (replies: Replies): Handler =>
  (request) => {
    const reply = replies[stageOf(request)];
    if (reply === undefined) throw new Error(`Not expected here: ${stageOf(request)}`);
    return typeof reply === 'function' ? reply(request) : reply;
  };

interface Vendors {
  readonly claude: LoopbackServer;
  readonly gpt: LoopbackServer;
  readonly gemini: LoopbackServer;
  readonly env: Record<string, string>;
  stages(): Record<'claude' | 'gpt' | 'gemini', Stage[]>;
}

async function vendors(
  of: Record<'claude' | 'gpt' | 'gemini', Replies>,
  work: (vendors: Vendors) => Promise<void>,
): Promise<void> {
  const claude = await startAnthropicServer(playing(of.claude));
  const gpt = await startOpenAiServer(playing(of.gpt));
  const gemini = await startGoogleServer(playing(of.gemini));
  try {
    await work({
      claude,
      gpt,
      gemini,
      env: {
        ANTHROPIC_API_KEY: 'sk-ant-one',
        ANTHROPIC_BASE_URL: claude.url,
        OPENAI_API_KEY: 'sk-two',
        OPENAI_BASE_URL: gpt.url,
        GEMINI_API_KEY: 'three',
        GOOGLE_GEMINI_BASE_URL: gemini.url,
      },
      stages: () => ({
        claude: claude.requests.map(stageOf),
        gpt: gpt.requests.map(stageOf),
        gemini: gemini.requests.map(stageOf),
      }),
    });
  } finally {
    await Promise.all([claude, gpt, gemini].map((server) => server.close()));
  }
}

const outcomeOf = ({ stdout }: { stdout: string }): AskOutcome => JSON.parse(stdout) as AskOutcome;

const question = 'Add a REST API endpoint that adds two numbers';
const adds = fileReply('src/add.js', 'export const add = (a, b) => a + b;\n');
const sums = fileReply(
  'src/add.js',
  'export const add = (...all) => all.reduce((a, b) => a + b);\n',
);
const accepts = { json: accepted };
const down = { error: { status: 503, message: 'down for repair' } };

describe.concurrent('ask', () => {
  test('answers that agree are not merged; another family judges; nothing in the project changes', () =>
    vendors(
      { claude: { ask: `Here:\n\n${adds}` }, gpt: { ask: adds }, gemini: { review: accepts } },
      async ({ env, stages, claude }) => {
        const cwd = await createProject({ 'README.md': '# adder\n', 'AGENTS.md': 'Use tabs.\n' });
        const before = await treeOf(cwd);
        const asked = await runCli(['ask', question, '--mode', 'medium'], { cwd, env });
        expect(asked, asked.stderr).toMatchObject({ exitCode: 0 });
        expect(asked.stdout).toContain('+export const add = (a, b) => a + b;');
        expect(asked.stdout).toContain('came to the same, so nothing had to be merged');
        expect(asked.stdout).toMatch(/category backend \(backend \d+ \(/);
        expect(stages()).toEqual({ claude: ['ask'], gpt: ['ask'], gemini: ['review'] });
        expect(claude.requests[0]?.prompt).toContain('Use tabs.');
        const after = await treeOf(cwd);
        const made = Object.keys(after).filter((path) => !(path in before));
        expect(
          made.every((path) => path.startsWith('.blueprint/asks/add-a-rest-api-endpoint')),
        ).toBe(true);
        for (const [path, hash] of Object.entries(before)) expect(after[path]).toBe(hash);
      },
    ));

  test('answers that differ are merged with their origins, in JSON', () =>
    vendors(
      {
        claude: {
          ask: adds,
          merge: `${sums}\nTakes any number.\nFROM 2: all of it\nMINORITY 1: two are enough\n`,
        },
        gpt: { ask: sums },
        gemini: { review: accepts },
      },
      async ({ env, stages }) => {
        const cwd = await createProject();
        const args = ['ask', question, '--mode', 'medium', '--json', '--out', 'made/here'];
        const asked = await runCli(args, { cwd, env });
        expect(asked, asked.stderr).toMatchObject({ exitCode: 0 });
        const outcome = outcomeOf(asked);
        expect(outcome).toMatchObject({
          exitCode: 0,
          plan: { mode: 'medium', category: { category: 'backend' } },
          consensus: { how: 'merged', files: [{ path: 'src/add.js' }] },
          merge: {
            by: 'anthropic/claude-sonnet-5-5',
            origins: [
              { part: 'src/add.js', from: ['openai/gpt-5.6-terra'], by: 'same content' },
              { part: 'all of it', from: ['openai/gpt-5.6-terra'] },
            ],
            minority: [{ point: 'two are enough', from: ['anthropic/claude-sonnet-5-5'] }],
          },
          outputs: [{ failure: null }, { failure: null }],
          validation: [
            {
              model: 'google/gemini-3.1-pro-preview',
              sameFamily: false,
              review: { verdict: 'accept' },
            },
          ],
          needsReview: [],
          cost: { total: { calls: 4 } },
          out: { files: ['src/add.js'] },
        });
        expect(outcome.gates.map(({ gate, status }) => `${gate} ${status}`)).toEqual(
          expect.arrayContaining(['paths passed', 'syntax passed']),
        );
        expect(await readFile(join(cwd, 'made/here/src/add.js'), 'utf8')).toContain('...all');
        expect(JSON.parse(await readFile(join(outcome.folder, 'result.json'), 'utf8'))).toEqual(
          outcome,
        );

        // The same again: nothing is asked, and what it wrote itself is no obstacle.
        const count = Object.values(stages()).flat().length;
        const again = outcomeOf(await runCli(args, { cwd, env }));
        expect(again).toMatchObject({
          id: outcome.id,
          consensus: outcome.consensus,
          cost: { total: { calls: 0 }, avoided: { calls: 4 } },
        });
        expect(Object.values(stages()).flat()).toHaveLength(count);
        await expectSoundJournals(cwd);
      },
    ));

  test('a question gets its answer in words, from a pipe or a file', () =>
    vendors(
      { claude: { ask: 'Use **one** of them.' }, gpt: { ask: 'use one of them' }, gemini: {} },
      async ({ env }) => {
        const cwd = await createProject({ 'question.md': 'Which of the two?\n' });
        const options = { cwd, env };
        const args = ['--models', 'claude,codex', '--mode', 'simple', '--json'];
        const piped = await runCli(['ask', '-', ...args], {
          ...options,
          input: 'Which of the two?\n',
        });
        expect(piped, piped.stderr).toMatchObject({ exitCode: 0 });
        const outcome = outcomeOf(piped);
        expect(outcome.consensus).toEqual({
          how: 'agreed',
          text: 'Use **one** of them.',
          files: [],
          tests: [],
          commands: [],
        });
        const fromFile = outcomeOf(await runCli(['ask', 'question.md', ...args], options));
        expect(fromFile.id).toBe(outcome.id);
        const shown = await runCli(
          ['ask', 'Which', 'of', 'the', 'two?', ...args.slice(0, -1)],
          options,
        );
        expect(shown.stdout.startsWith('Use **one** of them.\n')).toBe(true);
      },
    ));

  test('one vendor down: the others answer, and a person is told', () =>
    vendors(
      { claude: { ask: down }, gpt: { ask: adds }, gemini: { review: accepts } },
      async ({ env, stages }) => {
        const cwd = await createProject();
        const args = ['ask', question, '--mode', 'medium', '--retries', '1'];
        const asked = await runCli([...args, '--json'], { cwd, env });
        expect(asked, asked.stderr).toMatchObject({ exitCode: 3 });
        expect(outcomeOf(asked)).toMatchObject({
          needsReview: ['single_model'],
          consensus: { how: 'alone', files: [{ path: 'src/add.js' }] },
          outputs: [
            { model: 'anthropic/claude-sonnet-5-5', answer: null, failure: { kind: 'overloaded' } },
            { model: 'openai/gpt-5.6-terra', failure: null },
          ],
        });
        // The first try and the retry that was asked for; then the same for the second command.
        expect(stages().claude).toEqual(['ask', 'ask']);
        const shown = await runCli(args, { cwd, env });
        expect(shown.stdout).toContain(
          'A person must look at it: only one of several models answered',
        );
        expect(stages()).toEqual({
          claude: ['ask', 'ask', 'ask', 'ask'],
          gpt: ['ask'],
          gemini: ['review'],
        });
      },
    ));

  test('a model that does not accept a key is not asked twice', () =>
    vendors(
      {
        claude: { ask: { error: { status: 401, message: 'no such key' } } },
        gpt: { ask: adds },
        gemini: { review: accepts },
      },
      async ({ env, stages }) => {
        const asked = await runCli(['ask', question, '--mode', 'medium'], {
          cwd: await createProject(),
          env,
        });
        expect(asked).toMatchObject({ exitCode: 3 });
        expect(stages().claude).toEqual(['ask']);
      },
    ));

  test('all vendors down: exit 5, with what to do', () =>
    vendors(
      { claude: { ask: down }, gpt: { ask: down }, gemini: { ask: down } },
      async ({ env }) => {
        const cwd = await createProject();
        const asked = await runCli(
          ['ask', question, '--mode', 'medium', '--retries', '0', '--json'],
          {
            cwd,
            env,
          },
        );
        expect(asked).toMatchObject({ exitCode: 5 });
        expect(JSON.parse(asked.stdout)).toMatchObject({ error: { code: 'model-overloaded' } });
        const nobody = await runCli(['ask', question], { cwd });
        expect(nobody).toMatchObject({ exitCode: 5 });
        expect(nobody.stderr).toMatch(/No model that could answer can be reached/);
        expect(nobody.stderr).toMatch(/ANTHROPIC_API_KEY/);
      },
    ));

  test('the budget ends it with exit 4, and what there is is shown', () => {
    // Whoever is first uses up what the budget allows.
    const dear = { text: adds, usage: { input: 1_000, output: 8_000 } };
    return vendors(
      { claude: { ask: dear }, gpt: { ask: dear }, gemini: { review: accepts } },
      async ({ env, stages }) => {
        const cwd = await createProject();
        const args = ['ask', question, '--mode', 'medium', '--json'];
        const none = await runCli([...args, '--budget', '0.0001'], { cwd, env });
        expect(none).toMatchObject({ exitCode: 4 });
        expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'budget-reached' } });
        expect(Object.values(stages()).flat()).toEqual([]);

        const some = await runCli([...args, '--budget', '0.13'], { cwd, env });
        expect(some, some.stderr).toMatchObject({ exitCode: 4 });
        expect(outcomeOf(some).needsReview).toContain('budget_hit');
        expect(outcomeOf(some).consensus.files).toHaveLength(1);
        const all = await runCli([...args, '--budget', '50'], { cwd, env });
        expect(all, all.stderr).toMatchObject({ exitCode: 0 });
        expect(stages()).toEqual({ claude: ['ask'], gpt: ['ask'], gemini: ['review'] });
      },
    );
  });

  test('killed in the middle, the same command repeats no finished call', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let turn = 0;
    await vendors(
      {
        claude: { ask: adds },
        gpt: {
          ask: async () => {
            if (turn++ === 0) await held;
            return adds;
          },
        },
        gemini: { review: accepts },
      },
      async ({ env, stages, claude }) => {
        const cwd = await createProject();
        const args = ['ask', question, '--mode', 'medium', '--json'];
        const first = startCli(args, { cwd, env });
        const kept = async (): Promise<string[]> => {
          const asks = join(cwd, '.blueprint/asks');
          if (!existsSync(asks)) return [];
          const [id = ''] = await readdir(asks);
          const calls = join(asks, id, 'calls');
          return existsSync(calls)
            ? (await readdir(calls)).filter((name) => /^\w+\.json$/.test(name))
            : [];
        };
        while ((await kept()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
        first.kill('SIGKILL');
        await first.ended;
        release();
        expect(claude.requests).toHaveLength(1);

        const again = await runCli(args, { cwd, env });
        expect(again, again.stderr).toMatchObject({ exitCode: 0 });
        expect(stages()).toEqual({ claude: ['ask'], gpt: ['ask', 'ask'], gemini: ['review'] });
      },
    );
  });

  test('what cannot be asked is refused before anything is paid', () =>
    vendors({ claude: {}, gpt: {}, gemini: {} }, async ({ env, stages }) => {
      const cwd = await createProject({ 'a.txt': 'mine', 'empty.md': '' });
      const refused = async (...args: string[]): Promise<string> => {
        const result = await runCli(['ask', ...args], { cwd, env });
        expect(result, args.join(' ')).toMatchObject({ exitCode: 2 });
        return result.stderr;
      };
      expect(await refused(question, '--out', 'a.txt')).toMatch(/is not a folder/);
      expect(await refused(question, '--mode', 'huge')).toMatch(/simple/);
      expect(await refused(question, '--timeout', '0')).toMatch(/--timeout takes seconds/);
      expect(await refused(question, '--retries', '1.5')).toMatch(/whole number/);
      expect(await refused(question, '--models', 'nowhere/x')).toMatch(/no provider «nowhere»/);
      expect(await refused(question, '--context', '../*.md')).toMatch(/leaves the project/);
      expect(await refused('empty.md')).toMatch(/is empty/);
      const secret = 'sk-proj-Bx7Kq2Lm9Pz4Wr8Tn5Yv1Bc6';
      env['OPENAI_API_KEY'] = secret;
      expect(await refused(`Is ${secret} a good key?`)).toMatch(/value of OPENAI_API_KEY/);
      expect(Object.values(stages()).flat()).toEqual([]);
      expect(await readFile(join(cwd, 'a.txt'), 'utf8')).toBe('mine');
    }));

  test('what a person changed or added where files were written is left alone', () =>
    vendors({ claude: { ask: adds }, gpt: {}, gemini: {} }, async ({ env }) => {
      const cwd = await createProject();
      const args = ['ask', question, '--models', 'claude', '--mode', 'simple', '--out', 'made'];
      expect(await runCli(args, { cwd, env })).toMatchObject({ exitCode: 0 });
      await writeFile(join(cwd, 'made/mine.txt'), 'mine');
      expect(await runCli(args, { cwd, env })).toMatchObject({ exitCode: 0 });
      await writeFile(join(cwd, 'made/src/add.js'), 'mine too');
      const refused = await runCli(args, { cwd, env });
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused.stderr).toContain('error[out-exists]');
      expect(await readFile(join(cwd, 'made/mine.txt'), 'utf8')).toBe('mine');
      expect(await readFile(join(cwd, 'made/src/add.js'), 'utf8')).toBe('mine too');
    }));
});
