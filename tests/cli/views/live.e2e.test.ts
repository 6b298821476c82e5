import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/domain/event.ts';
import { printable } from '../../../src/cli/views/cells.ts';
import { eventLines } from '../../../src/report/event-line.ts';
import { accepted } from '../../e2e/conversation.ts';
import { projects } from '../../helpers/run-cli.ts';
import { noTerminal, terminals } from '../../helpers/terminal.ts';
import { documentOf } from './documents.ts';

const start = terminals();
const project = projects();
const ids = Array.from({ length: 16 }, (_, index) => `T${index + 1}`);

/** Replies come in pieces, so that the frame below the lines grows and shrinks while they are printed. */
const script = [
  { script: 1 },
  ...ids.map((id) => ({
    when: { stage: 'execute', task: id },
    reply: {
      text: `FILE: src/${id}.js\n\`\`\`\`\n${'export const a = 1;\n'.repeat(12)}\`\`\`\`\n`,
    },
    chunk: 24,
    delayMs: 12,
  })),
  { when: { stage: 'review' }, reply: { json: accepted }, chunk: 40, delayMs: 15, times: null },
];

describe.skipIf(noTerminal !== null)(`the live view ${noTerminal ?? ''}`, () => {
  it('on 80×24 leaves the lines of the journal, each once and in order', async () => {
    const cwd = await project({
      'features/f/spec.md': '# F\n\n## Requirements\n\n### R1: It is.\n',
      'features/f/tasks.json': JSON.stringify(
        documentOf(ids.map((id) => ({ id, title: `Write ${id}`, files: [`src/${id}.js`] }))),
      ),
      'script.jsonl': script.map((entry) => JSON.stringify(entry)).join('\n'),
    });
    const args = ['run', 'f', '--script', 'script.jsonl', '--gates', 'paths', '--concurrency', '3'];
    const terminal = await start(args, { cwd, columns: 80, rows: 24 });
    expect(await terminal.exitCode()).toBe(0);

    const journal = await readFile(join(cwd, 'features/f/journal.jsonl'), 'utf8');
    const wanted = journal
      .trimEnd()
      .split('\n')
      .flatMap((line) => eventLines(JSON.parse(line) as RunEvent))
      .map(printable);
    expect(wanted.length).toBeGreaterThan(60);
    const seen = (await terminal.history()).split('\n').map((line) => line.trimEnd());
    const end = seen.indexOf(wanted.at(-1) ?? '');
    expect(seen.slice(0, end + 1)).toEqual(wanted);
  });
});
