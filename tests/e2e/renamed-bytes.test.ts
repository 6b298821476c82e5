import { stat, writeFile } from 'node:fs/promises';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, test } from 'vitest';
import { watchDisk } from '../../src/files/disk.ts';
import { endProcess, runHere } from '../helpers/in-process.ts';
import { projects, type CliResult } from '../helpers/run-cli.ts';
import { accepted, planned, refused } from './conversation.ts';

const createProject = projects();
const at = '2026-01-31T12:00:00.000Z';

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0xff, 0]);
const latin = Buffer.from('gr\u00fc\u00dfe\r\n', 'latin1');
const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le').swap16();

const first = `RENAME: logo.png -> img/logo.png
RENAME: greeting.txt -> text/greeting.txt
RENAME: strings.txt -> text/en.txt

EDIT: strings.txt
\`\`\`\`
<<<<<<< SEARCH
two
=======
second
>>>>>>> REPLACE
\`\`\`\`
`;
const second = 'RENAME: img/logo.png -> img/sign.png\n';

const review = (task: string, json: unknown) => ({
  when: { stage: 'review', task },
  reply: { json },
  times: null,
});
const script = [
  { script: 1, note: 'Files that are no text get other names.' },
  {
    when: { stage: 'execute', task: 'T1' },
    reply: { text: 'RENAME: logo.png -> kept.js\nRENAME: gone.png -> x.png\n' },
  },
  { when: { stage: 'execute:repair', task: 'T1' }, reply: { text: first } },
  { when: { stage: 'execute', task: 'T2' }, reply: { text: second } },
  review('T1', accepted),
  review('T2', refused),
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

interface Project {
  readonly cwd: string;
  readonly blueprint: (...args: string[]) => Promise<CliResult>;
}

async function projectOf(kind: 'folder' | 'git'): Promise<Project> {
  const tasks = [
    { id: 'T1', title: 'Sort the files' },
    { id: 'T2', title: 'Name the sign', dependsOn: ['T1'] },
  ].map((task) => ({ ...planned({ type: 'code', ...task }), requirements: [] }));
  const cwd = await createProject({
    'kept.js': 'kept\n',
    'script.jsonl': script,
    'blueprint.config.json': JSON.stringify({ supervisor: { maxIterations: 1, findings: 'any' } }),
    'features/it/tasks.json': JSON.stringify({
      schemaVersion: 2,
      title: 'It',
      createdAt: at,
      updatedAt: at,
      plan: { specSha256: '', spec: null, refined: false, warnings: [] },
      requirements: [],
      tasks,
    }),
    '.gitignore': '.blueprint/\nfeatures/\n',
  });
  await writeFile(join(cwd, 'logo.png'), png);
  await writeFile(join(cwd, 'greeting.txt'), latin);
  await writeFile(join(cwd, 'strings.txt'), wide('one\r\ntwo\r\nthree\r\n'));
  await chmod(join(cwd, 'logo.png'), 0o755);
  if (kind === 'git') {
    const env = { HOME: cwd, PATH: process.env['PATH'] };
    for (const args of [
      ['init', '-q', '-b', 'main'],
      ['add', '-A'],
      ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', 'commit', '-qm', 'Begin'],
    ])
      await execa('git', args, { cwd, env, extendEnv: false });
  }
  const blueprint = (...args: string[]): Promise<CliResult> =>
    runHere(args, { cwd, env: { BLUEPRINT_SCRIPT: 'script.jsonl' } });
  return { cwd, blueprint };
}

/** From the first change that matches on nothing can be written: as a kill leaves it. */
function cutAt(isCut: (operation: string, path: string) => boolean): void {
  let isBroken = false;
  watchDisk((operation, path) => {
    isBroken ||= isCut(operation, path);
    if (isBroken) throw Object.assign(new Error('EROFS'), { code: 'EROFS', path });
  });
}

afterEach(() => watchDisk(null));

describe.each(['folder', 'git'] as const)('in a %s project', (kind) => {
  test('what is no text gets another name: cut off, resumed, approved, applied, undone', async () => {
    const { cwd, blueprint } = await projectOf(kind);
    const bytes = (path: string): Promise<Buffer> => readFile(join(cwd, path));

    // The work is approved and committed, and its status not written.
    let isCommitted = false;
    cutAt((operation, path) => {
      isCommitted ||= /T1\/1\/outcome\.json/.test(path);
      return isCommitted && /tasks\.json/.test(path);
    });
    expect((await blueprint('run', 'it', '--task', 'T1', '--gates', 'paths')).exitCode).not.toBe(0);
    watchDisk(null);
    await endProcess(cwd);
    const resumed = await blueprint('run', 'it', '--gates', 'paths', '--json');
    expect(JSON.parse(resumed.stdout)).toMatchObject({
      tasks: [
        { status: 'done', result: { attempt: 1 } },
        { status: 'needs_review', result: { attempt: 1 } },
      ],
    });

    const proposed = await blueprint('diff', 'it', 'T2');
    expect(proposed.stdout).toContain('rename from img/logo.png\nrename to img/sign.png\n');
    const approve = await blueprint('approve', 'it', 'T2');
    expect(approve.exitCode, approve.stderr).toBe(0);

    const diff = await blueprint('diff', 'it');
    expect(diff.stdout).toContain('rename from logo.png\nrename to img/sign.png\n');
    expect(diff.stdout).toContain('rename from greeting.txt\nrename to text/greeting.txt\n');
    expect(diff.stdout).toContain('+second');
    expect(diff.stdout).not.toMatch(/Binary|img\/logo\.png/);

    const apply = await blueprint('apply', 'it');
    expect(apply.exitCode, apply.stderr).toBe(0);
    expect(await bytes('img/sign.png')).toEqual(png);
    expect((await stat(join(cwd, 'img/sign.png'))).mode & 0o777).toBe(0o755);
    expect(await bytes('text/greeting.txt')).toEqual(latin);
    expect(await bytes('text/en.txt')).toEqual(wide('one\r\nsecond\r\nthree\r\n'));
    await expect(bytes('logo.png')).rejects.toThrow('ENOENT');
    expect((await blueprint('diff', 'it')).stdout).toBe(diff.stdout);
    expect((await blueprint('apply', 'it')).stdout).toContain('Nothing to do');

    expect((await blueprint('undo', 'it')).exitCode).toBe(0);
    expect(await bytes('logo.png')).toEqual(png);
    expect((await stat(join(cwd, 'logo.png'))).mode & 0o777).toBe(0o755);
    expect(await bytes('greeting.txt')).toEqual(latin);
    expect(await bytes('strings.txt')).toEqual(wide('one\r\ntwo\r\nthree\r\n'));
    await expect(bytes('img/sign.png')).rejects.toThrow('ENOENT');
  });
});
