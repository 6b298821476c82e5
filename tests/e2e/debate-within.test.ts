import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  debateReply,
  isDebate,
  phaseOf,
  replies,
  vendorServers,
} from '../helpers/debate-models.ts';
import { runHere } from '../helpers/in-process.ts';
import type { ReceivedRequest, Reply } from '../helpers/loopback/server.ts';
import { projects } from '../helpers/run-cli.ts';

const createProject = projects();
const startVendors = vendorServers();

const spec = `# Sessions

## Requirements

### R1: Sessions outlive a deploy

- A session is still there after all servers were restarted
`;
const task = {
  id: 'T1',
  title: 'Design the store',
  description: 'Write down the interface of the store.',
  type: 'architecture',
  dependsOn: [],
  requirements: ['R1'],
  acceptance: ['The interface is written down'],
  files: ['docs/store.md'],
  complexity: 3,
  category: 'general',
  workflow: 'coding',
};
const review = {
  verdict: 'accept',
  summary: 'Sound.',
  scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
  findings: [],
};
const design = (line: string): string =>
  `FILE: docs/store.md\n\`\`\`\`md\n# Store\n\n${line}\n\`\`\`\`\n`;

/** Planner, author, corrector and reviewer; a debate's critics and strategist. */
function everybody(request: ReceivedRequest): Reply {
  if (isDebate(request)) return debateReply(request);
  const { prompt } = request;
  if (prompt.includes('You are the planner'))
    return { json: { requirements: [{ id: 'R1', text: 'r', acceptance: [] }], tasks: [task] } };
  if (prompt.includes('You are the reviewer'))
    return { json: { tasks: [task], removed: [], notes: [] } };
  if (prompt.includes('You review a colleague')) return { json: review };
  if (prompt.includes('You correct work')) return design('SET key value EX 2592000');
  return design('A session is written with SET and no expiry, to one Redis instance.');
}

async function begin(reply: (request: ReceivedRequest) => Reply, when: string) {
  const vendors = await startVendors(reply);
  const cwd = await createProject({ 'spec.md': spec });
  const env = { ...vendors.env, BLUEPRINT_DEBATE_WHEN: when };
  const blueprint = (...args: string[]) => runHere(args, { cwd, env });
  return { vendors, cwd, blueprint };
}
const plan = ['new', 'spec.md', '--spec', '--name', 'sessions'];

describe('debate.when: always', () => {
  test('a spec is debated before it is cut into tasks, and the planner is told what came out', async () => {
    const { vendors, blueprint } = await begin(everybody, 'always');
    const planned = await blueprint(...plan);
    expect(planned, planned.stderr).toMatchObject({ exitCode: 0 });
    expect(planned.stderr).toContain('debate: CONDITIONAL, 1 decision for you');
    expect(planned.stderr).toContain('leaves you to decide: Is a second Redis worth its price?');
    const asked = vendors.requests().map(({ prompt }) => prompt);
    const planner = asked.find((prompt) => prompt.includes('You are the planner')) ?? '';
    expect(planner).toContain('Keep the old store for a week');
    expect(planner).toContain('An alarm costs nothing');
    expect((await blueprint('debate', 'list')).stdout).toContain('CONDITIONAL');
  });

  test('a spec that is blocked is not planned; once it is changed it is', async () => {
    let blocks = true;
    const { cwd, blueprint } = await begin((request) => {
      if (!blocks || !isDebate(request) || phaseOf(request) !== 'final') return everybody(request);
      return { json: { ...replies.final(request), verdict: 'BLOCKED' } };
    }, 'always');
    const blocked = await blueprint(...plan);
    expect(blocked).toMatchObject({ exitCode: 1 });
    expect(blocked.stderr).toMatch(/error\[spec-blocked\].*blueprint debate apply sessions-/s);
    const folder = join(cwd, 'features/sessions');
    expect(await readdir(folder)).not.toContain('tasks.json');
    blocks = false;
    await writeFile(join(folder, 'spec.md'), `${spec}- And after a crash\n`);
    expect(await blueprint(...plan)).toMatchObject({ exitCode: 0 });
    expect(await readdir(folder)).toContain('tasks.json');
  });

  test('nobody disagrees: two calls, and the plan is made', async () => {
    const { vendors, blueprint } = await begin(
      (request) =>
        isDebate(request)
          ? { json: { summary: 'Sound.', nothingBlocks: true, issues: [] } }
          : everybody(request),
      'always',
    );
    expect(await blueprint(...plan)).toMatchObject({ exitCode: 0 });
    expect(vendors.requests().filter(isDebate)).toHaveLength(2);
  });
});

describe('debate.when: architecture', () => {
  test('what an architecture task made is debated, corrected by what was not defended, then reviewed', async () => {
    const order: string[] = [];
    const { vendors, cwd, blueprint } = await begin((request) => {
      if (isDebate(request)) order.push(phaseOf(request));
      else if (request.prompt.includes('You correct work')) order.push('correct');
      else if (request.prompt.includes('You review a colleague')) order.push('review');
      return everybody(request);
    }, 'architecture');
    expect(await blueprint(...plan)).toMatchObject({ exitCode: 0 });
    expect(order).toEqual([]);
    const run = await blueprint('run', 'sessions');
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
    expect(order.lastIndexOf('final')).toBeLessThan(order.indexOf('correct'));
    expect(order.indexOf('correct')).toBeLessThan(order.indexOf('review'));
    const corrected = vendors.requests().find(({ prompt }) => prompt.includes('You correct work'));
    expect(corrected?.prompt).toContain('Sessions never expire');
    const attempt = join(cwd, 'features/sessions/partial/T1/1/debate');
    expect(await readFile(join(attempt, 'final.md'), 'utf8')).toContain('CONDITIONAL');
    const asked = vendors.requests().length;
    expect(await blueprint('run', 'sessions')).toMatchObject({ exitCode: 0 });
    expect(vendors.requests()).toHaveLength(asked);
  });
});
