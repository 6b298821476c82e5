import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, type CliResult } from '../helpers/run-cli.ts';
import { accepted } from './conversation.ts';

const createProject = projects();

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff, 0]);
const latin = (text: string): Buffer => Buffer.from(`# coding: latin-1\r\n${text}`, 'latin1');
const reply = `RENAME: logo.png -> img/logo.png

EDIT: name.py
\`\`\`\`
<<<<<<< SEARCH
"Ren\u00e9"
=======
"Zo\u00eb"
>>>>>>> REPLACE
\`\`\`\`
`;
const critique = {
  // By its content.
  candidate: 'candidate-8a9e8d46',
  verdict: 'accept',
  scores: accepted.scores,
  failures: [],
  nextActions: [],
};
const script = [
  { script: 1, note: 'A file that is no text gets another name.' },
  { when: { stage: 'ask' }, reply: { text: reply } },
  { when: { stage: 'execute' }, reply: { text: reply } },
  { when: { stage: 'review' }, reply: { json: accepted }, times: null },
  { when: { stage: 'critique' }, reply: { json: critique }, times: null },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

async function project(kind: 'folder' | 'git') {
  const cwd = await createProject({
    'script.jsonl': script,
    'spec.md': '# Sort\n\n## Requirements\n\n### R1: the picture stands in img\n',
  });
  await writeFile(join(cwd, 'logo.png'), png);
  await writeFile(join(cwd, 'name.py'), latin('"Ren\u00e9"\r\n'));
  if (kind === 'git')
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      ['commit', '-qm', 'first'],
    ])
      await execa('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd });
  const blueprint = (...args: string[]): Promise<CliResult> =>
    runHere([...args, '--script', 'script.jsonl'], {
      cwd,
      env: { BLUEPRINT_WORKSPACE: kind, BLUEPRINT_GATES: 'paths,syntax' },
    });
  const made = (path: string): Promise<Buffer> => readFile(join(cwd, 'out', path));
  return { cwd, blueprint, made };
}

describe.each(['folder', 'git'] as const)('what is no text, in a %s', (kind) => {
  test('gets another name in an answer, shown and written byte for byte', async () => {
    const { cwd, blueprint, made } = await project(kind);
    const asked = await blueprint('ask', 'Move the picture', '--mode', 'simple', '--out', 'out');
    expect(asked.exitCode, asked.stderr).toBe(0);
    expect(asked.stdout).toContain('rename from logo.png\nrename to img/logo.png');
    expect(asked.stdout).not.toContain('This file is another one');
    expect(asked.stdout).toContain('To be deleted: logo.png');
    expect(await made('img/logo.png')).toEqual(png);
    expect(await made('name.py')).toEqual(latin('"Zo\u00eb"\r\n'));
    expect(await readFile(join(cwd, 'logo.png'))).toEqual(png);
  });

  test('gets another name by a tournament', async () => {
    const { blueprint, made } = await project(kind);
    const args = ['--spec', 'spec.md', '-k', '1', '--loops', '0', '--critics', 'contracts'];
    const won = await blueprint('tournament', ...args, '--out', 'out', '--json');
    expect(won.exitCode, won.stdout).toBe(0);
    expect(jsonOf(won)).toMatchObject({ out: { files: ['img/logo.png', 'name.py'] } });
    expect(await made('img/logo.png')).toEqual(png);
    expect(await made('name.py')).toEqual(latin('"Zo\u00eb"\r\n'));
  });
});
