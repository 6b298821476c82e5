import { disputeSchema } from '../../src/acceptance/dispute.ts';
import { acceptanceSchema } from '../../src/acceptance/drafts.ts';
import { criteriaSchema } from '../../src/acceptance/judge-criteria.ts';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyBundle } from '../../src/text/bundle/apply.ts';
import { parseFencedBundle } from '../../src/text/bundle/fenced.ts';
import { planFindings } from '../../src/domain/graph.ts';
import type { ModelRole } from '../../src/domain/model-role.ts';
import { planReplySchema, refineReplySchema } from '../../src/domain/plan.ts';
import { isBlocking, reviewSchema, type Review } from '../../src/domain/review.ts';
import { requirementsOf } from '../../src/domain/spec.ts';
import { taskSchema } from '../../src/domain/task.ts';
import { secondReadSchema } from '../../src/supervisor/counting/second-reader.ts';
import { scriptedProvider } from '../../src/models/providers/scripted.ts';

const script = fileURLToPath(new URL('../../examples/duration/script.jsonl', import.meta.url));
/** What the script says to a process of its own, with what it was asked for. */
function fromScript() {
  const provider = scriptedProvider({
    name: 'scripted',
    kind: 'scripted',
    baseUrl: undefined,
    apiKey: undefined,
    keyVariables: [],
    keyless: true,
    structured: 'json_schema',
    script,
  });
  const asked: string[] = [];
  const reply = async (
    stage: string,
    task: string | null = null,
    round = 1,
    role: ModelRole = 'coder',
  ): Promise<string> => {
    asked.push([stage, task, round].join(' '));
    const result = await provider.model('author').generate({
      role,
      purpose: { stage, feature: 'duration', task, attempt: 1, round },
      parts: [],
      maxOutputTokens: 1000,
      signal: new AbortController().signal,
    });
    return result.text;
  };
  const review = async (stage: string, task: string, round: number): Promise<Review> =>
    reviewSchema.parse(JSON.parse(await reply(stage, task, round, 'reviewer')));
  return { asked, reply, review };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blueprint-duration-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(path: string): Promise<string | null> {
  return readFile(join(folder, path), 'utf8').catch(() => null);
}

/** Writes a reply's files into the folder, as approved work would be. */
async function layOut(text: string): Promise<string[]> {
  const parsed = parseFencedBundle(text);
  if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
  const applied = await applyBundle(parsed.bundle, read);
  if ('faults' in applied) throw new Error(applied.faults.join('\n'));
  for (const [path, content] of applied.changes) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    if (content === null) await rm(join(folder, path));
    else await writeFile(join(folder, path), content);
  }
  return [...applied.changes.keys()];
}

/** Writes the tests of a verifier's reply into the folder. */
async function layOutTests(text: string): Promise<void> {
  const { criteria } = acceptanceSchema.parse(JSON.parse(text));
  for (const { path, content } of criteria) {
    if (path === null || content === null) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const runTests = () =>
  execa(process.execPath, ['--test'], {
    cwd: folder,
    reject: false,
    // A test runner inside a test runner would report to the outer one.
    env: { NODE_TEST_CONTEXT: undefined },
  });

describe('the script of the demo', () => {
  it('says that it is hand-written', async () => {
    const header = (await readFile(script, 'utf8')).split('\n', 1)[0] ?? '';
    expect(JSON.parse(header)).toMatchObject({
      script: 1,
      note: expect.stringContaining('hand-written'),
    });
  });

  it('plans soundly, refines to something better, and every task ends in an approval', async () => {
    const { asked, reply, review } = fromScript();
    await reply('clarify', null, 1, 'architect');
    const stated = requirementsOf(await reply('spec', null, 1, 'architect'));
    const plan = planReplySchema.parse(JSON.parse(await reply('plan', null, 1, 'parser')));
    expect(plan.requirements).toEqual(stated);
    const refined = refineReplySchema.parse(JSON.parse(await reply('refine', null, 1, 'reviewer')));
    for (const tasks of [plan.tasks, refined.tasks])
      expect(
        planFindings(
          tasks.map((task) => taskSchema.parse(task)),
          stated,
        ),
      ).toEqual([]);
    expect(refined.tasks.length).toBeGreaterThan(plan.tasks.length);
    expect(new Set(refined.tasks.map(({ type }) => type)).size).toBe(4);

    for (const task of refined.tasks) {
      if (task.type === 'review') {
        expect((await review('review-task', task.id, 1)).verdict).toBe('accept');
        continue;
      }
      const isHeld = task.type === 'code';
      if (isHeld) await layOutTests(await reply('acceptance', task.id, 1, 'verifier'));
      let written = await layOut(await reply('execute', task.id));
      let verdict = await review('review', task.id, 1);
      for (let round = 1; verdict.verdict === 'revise'; round += 1) {
        expect(verdict.findings.some(isBlocking)).toBe(true);
        expect(verdict.findings.every(({ cites }) => cites?.startsWith('R'))).toBe(true);
        if (isHeld)
          disputeSchema.parse(JSON.parse(await reply('dispute', task.id, round, 'judge')));
        secondReadSchema.parse(JSON.parse(await reply('second-read', task.id, round, 'critic')));
        written = await layOut(await reply('correct', task.id, round));
        verdict = await review('review', task.id, round + 1);
      }
      expect(verdict.findings.some(isBlocking)).toBe(false);
      expect([...written].sort()).toEqual([...task.files].sort());
      if (isHeld) criteriaSchema.parse(JSON.parse(await reply('criteria', task.id, 1, 'reviewer')));
    }

    // After each task they are run by the gates of tests/e2e/demo.test.ts.
    const tests = await runTests();
    expect(tests.exitCode, `${tests.stdout}\n${tests.stderr}`).toBe(0);
    expect(Number(/^# pass (\d+)$/m.exec(tests.stdout)?.[1])).toBeGreaterThan(60);
    // Nothing in the script is left over.
    const lines = (await readFile(script, 'utf8')).trim().split('\n').length;
    expect(asked).toHaveLength(lines - 1);
    expect(asked).toContain('correct T3 1');
  }, 240_000);
});

it('the finding of the first review is true: the first parser takes what it must refuse', async () => {
  const fresh = await mkdtemp(join(tmpdir(), 'blueprint-duration-first-'));
  try {
    const entries = (await readFile(script, 'utf8')).trim().split('\n').slice(1);
    const textOf = (task: string, stage: string): string => {
      for (const line of entries) {
        const entry = JSON.parse(line) as {
          when: { stage: string; task?: string };
          reply: { lines?: string[] };
        };
        if (entry.when.stage === stage && entry.when.task === task)
          return (entry.reply.lines ?? []).join('\n');
      }
      throw new Error(`no ${stage} of ${task}`);
    };
    const value = async (): Promise<string> => {
      const { stdout } = await execa(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          "import { parse } from './src/parse.js'; try { console.log(parse('1h banana 30m')) } catch (error) { console.log(error.name) }",
        ],
        { cwd: fresh },
      );
      return stdout;
    };
    const write = async (text: string): Promise<void> => {
      const parsed = parseFencedBundle(text);
      if ('faults' in parsed) throw new Error(parsed.faults.join('\n'));
      for (const { path, content } of parsed.bundle.files) {
        await mkdir(dirname(join(fresh, path)), { recursive: true });
        await writeFile(join(fresh, path), content);
      }
    };
    await write(textOf('T2', 'execute'));
    await write(textOf('T3', 'execute'));
    expect(await value()).toBe('5400000');
    await write(textOf('T3', 'correct'));
    expect(await value()).toBe('DurationError');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
});
