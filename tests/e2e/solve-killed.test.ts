import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { jsonOf, projects, runCli, startCli } from '../helpers/run-cli.ts';

const createProject = projects();

const args = ['solve', 'What is six times seven?', '--workflow', 'reasoning', '--json'];

test.each(['SIGKILL', 'SIGINT'] as const)(
  '%s in the middle of a solution: the same command goes on, and repeats no finished call',
  async (signal) => {
    const answered = new Map<string, number>();
    let hung = 0;
    let reached: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (reached = resolve));
    const server = await startAnthropicServer(({ prompt }) => {
      if (prompt.includes('Work backwards') && hung === 0) {
        hung += 1;
        reached();
        return { text: '{"reasoning": "', cut: 'hang' };
      }
      answered.set(prompt, (answered.get(prompt) ?? 0) + 1);
      return { json: { reasoning: 'Six sevens.', answer: '42' } };
    });
    try {
      const env = { ANTHROPIC_API_KEY: 'sk-ant-one', ANTHROPIC_BASE_URL: server.url };
      const cwd = await createProject();
      const running = startCli(args, { cwd, env });
      await begun;
      // Replies to those who were asked beside come first, and are kept.
      await sleep(1_000);
      running.kill(signal);
      await running.ended;
      const whole = await runCli(args, { cwd, env });
      expect(whole, whole.stderr).toMatchObject({ exitCode: 0 });
      expect(jsonOf(whole)).toMatchObject({
        status: 'done',
        deliverable: { text: expect.stringContaining('42') },
      });
      expect([...answered.values()]).toEqual([1, 1, 1]);
      await expectSoundJournals(cwd);
    } finally {
      await server.close();
    }
  },
);
