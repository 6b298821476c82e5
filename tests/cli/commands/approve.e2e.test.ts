import { describe, expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newTask } from '../../../src/domain/task.ts';
import { runHere } from '../../helpers/in-process.ts';
import { projects } from '../../helpers/run-cli.ts';
import { noTerminal, terminals } from '../../helpers/terminal.ts';
import { accepted, fileReply } from '../../e2e/conversation.ts';

const createProject = projects();
const start = terminals();
const hook = '.husky/pre-commit';

describe.skipIf(noTerminal !== null)('approve at a terminal', () => {
  test('lists what runs by itself and asks; what was allowed is not asked again', async () => {
    const at = '2026-01-31T12:00:00.000Z';
    const reply = `${fileReply('add.js', 'one\n')}\n${fileReply(hook, 'npm test\n')}`;
    const entry = (stage: string, said: object): object => ({
      when: { stage },
      reply: said,
      times: null,
    });
    const script = [
      { script: 1 },
      entry('execute', { text: reply }),
      entry('correct', { text: reply }),
      entry('review', { json: accepted }),
    ];
    const cwd = await createProject({
      'features/adder/tasks.json': JSON.stringify({
        schemaVersion: 2,
        title: 'Adder',
        createdAt: at,
        updatedAt: at,
        plan: { specSha256: '', spec: null, refined: false, warnings: [] },
        requirements: [],
        tasks: [newTask({ id: 'T1', title: 'Write add', type: 'code', files: ['add.js'] })],
      }),
      'script.jsonl': script.map((line) => `${JSON.stringify(line)}\n`).join(''),
    });
    const env = { BLUEPRINT_SCRIPT: 'script.jsonl', BLUEPRINT_GATES: 'paths' };
    const run = await runHere(['run', 'adder'], { cwd, env });
    expect(run.exitCode, run.stderr).toBe(3);

    const terminal = await start(['approve', 'adder', 'T1'], { cwd, env });
    await terminal.waitFor('Nobody asked for 1 such change. Allow it?');
    expect(await terminal.history()).toContain(`! ${hook}: git`);
    await terminal.type('y');
    await terminal.press('Enter');
    expect(await terminal.exitCode()).toBe(0);

    const applied = await runHere(['apply', 'adder'], { cwd, env });
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(applied.stdout).toContain(`! ${hook}: git`);
    expect(await readFile(join(cwd, hook), 'utf8')).toBe('npm test\n');
    const shown = await runHere(['show', 'adder', 'T1'], { cwd, env });
    expect(shown.stdout).toContain(`who allowed what runs by itself: ${hook}`);
  });
});
