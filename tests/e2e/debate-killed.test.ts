import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  debateReply,
  phaseOf,
  proposal,
  vendorServers,
  type Phase,
} from '../helpers/debate-models.ts';
import { expectSoundJournals } from '../helpers/journal.ts';
import { projects, runCli, startCli } from '../helpers/run-cli.ts';

const createProject = projects();
const startVendors = vendorServers();

/** One after the other through all phases: each is cut off once, in the middle of its first call. */
const phases: readonly Phase[] = [
  'baseline',
  'round',
  'judge',
  'peer-review',
  'answers',
  'replies',
  'final',
];

/** How many replies are on the disk. */
async function keptCalls(cwd: string): Promise<number> {
  const names = await readdir(join(cwd, '.blueprint/debates'), { recursive: true });
  return names.filter((name) => /\/calls\/[^/]+\.json$/.test(name)).length;
}

describe.concurrent('a debate that is cut off in each phase', () => {
  test.for(['SIGKILL', 'SIGINT'] as const)(
    '%s: the next command goes on, and no finished call is repeated',
    async (signal, { expect }) => {
      const cut = new Set<Phase>();
      const answered = new Map<string, number>();
      let reached: () => void = () => undefined;
      const vendors = await startVendors((request) => {
        const phase = phaseOf(request);
        if (!cut.has(phase)) {
          cut.add(phase);
          reached();
          return { text: '{"summary": "', cut: 'hang' };
        }
        answered.set(request.prompt, (answered.get(request.prompt) ?? 0) + 1);
        return debateReply(request);
      });
      const cwd = await createProject({ 'proposal.md': proposal });
      const options = { cwd, env: vendors.env };
      for (const phase of phases) {
        const begun = new Promise<void>((resolve) => (reached = resolve));
        const running = startCli(['debate', 'start', 'proposal.md'], options);
        await begun;
        // Replies to those who were asked beside come first, and are kept.
        await sleep(300);
        await expect.poll(() => keptCalls(cwd), { timeout: 20_000 }).toBe(answered.size);
        running.kill(signal);
        const ended = await running.ended;
        expect(cut).toContain(phase);
        if (signal === 'SIGINT') expect(ended, ended.stderr).toMatchObject({ exitCode: 130 });
      }
      const whole = await runCli(['debate', 'resume'], options);
      expect(whole, whole.stderr).toMatchObject({ exitCode: 0 });
      // Cut off in a moment that no reply survives, a call beside may have been asked for twice.
      expect([...answered.values()].filter((times) => times > 1)).toEqual([]);
      await expectSoundJournals(cwd);
    },
  );

  test('two at once: the second is told that the debate is held already', async () => {
    let reached: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (reached = resolve));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const vendors = await startVendors(async (request) => {
      reached();
      await held;
      return debateReply(request);
    });
    const cwd = await createProject({ 'proposal.md': proposal });
    const options = { cwd, env: vendors.env };
    const first = startCli(['debate', 'start', 'proposal.md'], options);
    await begun;
    const second = await runCli(['debate', 'start', 'proposal.md'], options);
    expect(second).toMatchObject({ exitCode: 2 });
    expect(second.stderr).toContain('is being done already');
    release();
    expect(await first.ended).toMatchObject({ exitCode: 0 });
  });
});
