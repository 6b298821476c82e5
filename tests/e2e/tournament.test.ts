import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { LoopbackServer, ReceivedRequest, Reply } from '../helpers/loopback/server.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { hostPrograms } from '../helpers/sandboxes.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { jsonOf, projects, startCli, textsOf, treeOf } from '../helpers/run-cli.ts';

const createProject = projects();

const spec = `# Clamp

## Requirements

### R1: clamp(value, low, high) keeps a number within bounds

- Below low it gives low, above high it gives high, else the value
- low above high is a RangeError
`;

const file = (content: string): string => `FILE: src/clamp.mjs\n\`\`\`\`js\n${content}\`\`\`\`\n`;
const right = `export function clamp(value, low, high) {
  if (low > high) throw new RangeError('low is above high');
  return Math.min(Math.max(value, low), high);
}
`;
const works: Readonly<Record<string, string>> = {
  C1: file('export function clamp(value, low, high) {\n  return Math.min(;\n}\n'),
  C2: file(right),
  C3: file('export const clamp = (value, low) => Math.max(value, low);\n'),
};

const idOf = ({ prompt }: ReceivedRequest): string =>
  /is candidate (C\d+):/.exec(prompt)?.[1] ?? '';
const criticOf = ({ prompt }: ReceivedRequest): string | null =>
  /# Your charter: (\S+)/.exec(prompt)?.[1] ?? null;
const labelOf = ({ prompt }: ReceivedRequest): string =>
  /given back as it is: (\S+)/.exec(prompt)?.[1] ?? '';

function judged(request: ReceivedRequest): Reply {
  const sound = request.prompt.includes('RangeError(');
  const failure = {
    category: 'contract',
    evidence: 'high is not looked at',
    location: 'src/clamp.mjs:1',
    fixHint: 'Bound it by high.',
  };
  const value = sound ? 0.95 : 0.4;
  return {
    json: {
      candidate: labelOf(request),
      verdict: sound ? 'accept' : 'revise',
      scores: {
        correctness: value,
        consistency: value,
        safety: value,
        efficiency: value,
        clarity: value,
      },
      failures: sound ? [] : [failure],
      nextActions: [],
    },
  };
}

/** One vendor's server: what it writes and how it judges; the critic of performance always crashes. */
function answer(request: ReceivedRequest): Reply {
  const critic = criticOf(request);
  if (critic === null) return works[idOf(request)] ?? { error: { status: 400, message: 'what?' } };
  if (critic === 'performance') return { error: { status: 400, message: 'the critic crashed' } };
  return judged(request);
}

const servers: LoopbackServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

async function twoVendors(reply: (request: ReceivedRequest) => Reply = answer) {
  const claude = await startAnthropicServer(reply);
  const gpt = await startOpenAiServer(reply);
  servers.push(claude, gpt);
  return {
    requests: () => [...claude.requests, ...gpt.requests],
    env: {
      ANTHROPIC_API_KEY: 'sk-ant-x',
      ANTHROPIC_BASE_URL: claude.url,
      OPENAI_API_KEY: 'sk-x',
      OPENAI_BASE_URL: gpt.url,
      BLUEPRINT_ROLE_CODER: 'anthropic/claude-sonnet-5-5,openai/gpt-5.6-terra',
      BLUEPRINT_ROLE_CRITIC: 'openai/gpt-5.6-sol,anthropic/claude-opus-5-5',
    },
  };
}

const tests = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clamp } from '../src/clamp.mjs';

test('keeps within bounds', () => {
  assert.deepEqual([clamp(-1, 0, 2), clamp(1, 0, 2), clamp(9, 0, 2)], [0, 1, 2]);
});
test('refuses bounds that are turned round', () => {
  assert.throws(() => clamp(1, 2, 0), RangeError);
});
`;
const sandboxed = (await hostPrograms.find('bwrap')) !== null;
const withTests = [
  '--tests',
  'checks',
  '--test-command',
  'node --test checks/clamp.test.mjs',
  ...(sandboxed ? [] : ['--unsafe-no-sandbox']),
];

const args = ['tournament', '--spec', 'spec.md', '--k', '3', '--out', 'made'];

/** How many finished calls the tournaments of a project keep. */
async function keptCalls(cwd: string): Promise<number> {
  const paths = await readdir(cwd, { recursive: true });
  return paths.filter((path) => /(?:^|\/)calls\/[^/]+\.json$/.test(path)).length;
}

describe.concurrent('blueprint tournament', () => {
  test('the right one wins: one has a syntax error, one fails the tests, a critic crashes', async () => {
    const vendors = await twoVendors();
    const cwd = await createProject({ 'spec.md': spec, 'checks/clamp.test.mjs': tests });
    const wanted = [...args, ...withTests];
    const shown = await runCli(wanted, { cwd, env: vendors.env });
    expect(shown, shown.stderr).toMatchObject({ exitCode: 0 });
    expect(shown.stdout).toContain('C2 wins');
    expect(shown.stdout).toMatch(/C1 .*syntax failed/);
    expect(shown.stdout).toMatch(/C3 .*tests failed/);
    expect(shown.stdout).toContain('critic performance unknown');
    expect(await readFile(join(cwd, 'made/src/clamp.mjs'), 'utf8')).toBe(right);
    const count = vendors.requests().length;
    const answered = vendors.requests().filter((request) => criticOf(request) !== 'performance');
    // Three candidates; only C2 is shown to critics.
    expect(answered).toHaveLength(3 + 4);

    const tree = await treeOf(join(cwd, 'made'));
    const tell = `require('fs').writeFileSync('../told.json', require('fs').readFileSync(0))`;
    const notify = JSON.stringify([process.execPath, '-e', tell]);
    const env = { ...vendors.env, BLUEPRINT_NOTIFY_COMMAND: notify };
    const json = await runCli([...wanted, '--json'], { cwd, env });
    expect(json.exitCode).toBe(0);
    const { id } = jsonOf(json) as { id: string };
    expect(JSON.parse(await readFile(join(cwd, '../told.json'), 'utf8'))).toMatchObject({
      command: 'tournament',
      id,
      outcome: 'done',
      message: expect.stringMatching(`^tournament ${id}: done\\. C2 wins\\.`) as string,
    });
    expect(vendors.requests()).toHaveLength(count);
    expect(jsonOf(json)).toMatchObject({
      winner: { candidate: 'C2', files: ['src/clamp.mjs'] },
      out: { files: ['src/clamp.mjs'] },
      table: {
        winner: 'C2',
        runnerUp: 'C3',
        approved: true,
        candidates: [
          { candidate: 'C1', state: 'blocked', critics: [] },
          { candidate: 'C2', state: 'winner', model: 'openai/gpt-5.6-terra' },
          { candidate: 'C3', state: 'runner-up', model: 'anthropic/claude-sonnet-5-5' },
        ],
      },
    });
    expect(await treeOf(join(cwd, 'made'))).toEqual(tree);
    await expectSoundJournals(cwd);
    const texts = await textsOf(join(cwd, '.blueprint/tournaments'));
    const paths = Object.keys(texts).map((path) => path.slice(path.indexOf('/') + 1));
    for (const path of ['partial/table.md', 'partial/table.json', 'files/C2/src/clamp.mjs.draft'])
      expect(paths).toContain(path);
  });

  test.each([['cannot run', ['--test-command', 'no-such-program-anywhere'], 'tests']])(
    'tests that %s approve nothing',
    async (_, more, says) => {
      const vendors = await twoVendors();
      const cwd = await createProject({ 'spec.md': spec });
      const unsafe = sandboxed ? [] : ['--unsafe-no-sandbox'];
      const shown = await runCli([...args, ...more, ...unsafe], { cwd, env: vendors.env });
      expect(shown.stdout).toContain('needs your review');
      expect(shown.stdout).toMatch(new RegExp(`a check failed, or could not be run: .*${says}`));
      expect(shown.exitCode).toBe(3);
      expect(Object.keys(await treeOf(cwd)).some((path) => path.startsWith('made'))).toBe(false);
    },
  );

  test('killed at any call, the same command goes on and repeats no finished one', async () => {
    const finished = new Map<string, number>();
    const stalled = new Set<string>();
    const counted = (text: string, { prompt }: ReceivedRequest): string => {
      finished.set(prompt, (finished.get(prompt) ?? 0) + 1);
      return text;
    };
    let wake = (): void => undefined;
    /** One call of each process gets no whole answer. */
    let armed = false;
    const vendors = await twoVendors((request) => {
      const reply = answer(request);
      if (typeof reply === 'object' && 'error' in reply) return reply;
      const text =
        typeof reply === 'string' ? reply : 'json' in reply ? JSON.stringify(reply.json) : '';
      // First a call that others wait for.
      const isFirst = stalled.size === 0;
      if (isFirst && text !== works['C2']) return counted(text, request);
      if (armed && !stalled.has(request.prompt) && stalled.size < 8) {
        armed = false;
        stalled.add(request.prompt);
        wake();
        return { text, cut: 'hang' };
      }
      return counted(text, request);
    });
    const cwd = await createProject({ 'spec.md': spec });
    let kills = 0;
    /** Answered in the moment of a kill, and so never kept. */
    let lost = 0;
    const answered = (): number => [...finished.values()].reduce((sum, times) => sum + times, 0);
    for (;;) {
      armed = true;
      const running = startCli(args, { cwd, env: vendors.env });
      const stall = new Promise<'stalled'>((resolve) => (wake = () => resolve('stalled')));
      if ((await Promise.race([stall, running.ended])) !== 'stalled') {
        expect((await running.ended).exitCode).toBe(0);
        break;
      }
      // Killed once all that was answered is kept, so that nothing of it may be asked again.
      for (let quiet = 0, before = -1; quiet < 3; quiet += 1) {
        if (answered() !== before || (await keptCalls(cwd)) < before - lost) quiet = 0;
        before = answered();
        await sleep(200);
      }
      running.kill('SIGKILL');
      await running.ended;
      lost = answered() - (await keptCalls(cwd));
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(2);
    expect(await readFile(join(cwd, 'made/src/clamp.mjs'), 'utf8')).toBe(right);
    expect([...finished.values()].filter((times) => times > 1).length).toBeLessThanOrEqual(lost);
    const before = vendors.requests().length;
    expect((await runCli(args, { cwd, env: vendors.env })).exitCode).toBe(0);
    expect(vendors.requests()).toHaveLength(before);
  });

  test('no critic that can be reached leaves the winner to a person, and writes nothing out', async () => {
    const vendors = await twoVendors((request) =>
      criticOf(request) === null ? answer(request) : { error: { status: 400, message: 'no' } },
    );
    const cwd = await createProject({ 'spec.md': spec });
    const shown = await runCli(args, { cwd, env: vendors.env });
    expect(shown.exitCode).toBe(3);
    expect(shown.stdout).toContain('too few of those that should judge it did');
    expect(Object.keys(await treeOf(cwd)).some((path) => path.startsWith('made'))).toBe(false);
  });

  test('never writes over a file that is not its own', async () => {
    const vendors = await twoVendors();
    const cwd = await createProject({ 'spec.md': spec, 'made/src/clamp.mjs': 'mine\n' });
    const refused = await runCli(args, { cwd, env: vendors.env });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('error[out-exists]');
    expect(await readFile(join(cwd, 'made/src/clamp.mjs'), 'utf8')).toBe('mine\n');
    const before = vendors.requests().length;
    const other = [...args.slice(0, -1), 'elsewhere'];
    expect((await runCli(other, { cwd, env: vendors.env })).exitCode).toBe(0);
    expect(vendors.requests()).toHaveLength(before);
    expect(await readFile(join(cwd, 'elsewhere/src/clamp.mjs'), 'utf8')).toBe(right);
  });

  test.each([
    ['k of 0', ['--k', '0'], '--k takes a whole number from 1 to 20'],
    ['k of 50', ['--k', '50'], '--k takes a whole number from 1 to 20'],
    ['a critic whom nobody knows', ['--critics', 'taste'], 'There is no critic «taste»'],
    ['loops of -1', ['--loops', '-1'], '--loops takes a whole number'],
    ['a folder of tests that is not there', ['--tests', 'nowhere'], 'There is no folder nowhere'],
    ['a context that matches nothing', ['--context', 'nowhere/**'], 'nowhere/**'],
  ])('refuses %s, and asks no model', async (_, more, says) => {
    const vendors = await twoVendors();
    const cwd = await createProject({ 'spec.md': spec });
    const refused = await runCli(['tournament', '--spec', 'spec.md', ...more], {
      cwd,
      env: vendors.env,
    });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(says);
    expect(vendors.requests()).toEqual([]);
    expect(Object.keys(await treeOf(cwd))).toEqual(['spec.md']);
  });

  test('refuses a spec of zero bytes, and one that is not there', async () => {
    const cwd = await createProject({ 'spec.md': '' });
    const empty = await runCli(['tournament', '--spec', 'spec.md'], { cwd });
    expect(empty).toMatchObject({ exitCode: 2 });
    expect(empty.stderr).toContain('is empty');
    const missing = await runCli(['tournament', '--spec', 'none.md'], { cwd });
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain('none.md');
  });

  test('needs a model', async () => {
    const cwd = await createProject({ 'spec.md': spec });
    const refused = await runCli(['tournament', '--spec', 'spec.md'], { cwd });
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain('error[no-model]');
  });
});
