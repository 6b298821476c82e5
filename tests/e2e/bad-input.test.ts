import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere as runCli } from '../helpers/in-process.ts';
import { projects, treeOf } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';
import { expectRefusal, type Refusal } from './refusal.ts';

const createProject = projects();

const briefs: readonly (Refusal & { name: string; content: string | Uint8Array })[] = [
  { name: 'empty', content: '', code: 'brief-empty', says: ['brief.md is empty'] },
  { name: 'blank', content: ' \n\t\n', code: 'brief-empty', says: ['brief.md holds no words'] },
  {
    name: 'binary',
    content: new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]),
    code: 'brief-binary',
    says: ['byte 4 is NUL'],
  },
  {
    name: 'of 5 MB',
    content: `# Big\n${'word '.repeat(1_000_000)}`,
    code: 'brief-too-large',
    says: ['5000006 bytes', '1000000', 'pipeline.maxBriefBytes'],
  },
  {
    name: 'not UTF-8',
    content: new Uint8Array([0x23, 0x20, 0x41, 0x0a, 0x42, 0xff, 0x43]),
    code: 'brief-encoding',
    says: ['not valid UTF-8', 'at:  brief.md:2'],
  },
  {
    name: 'UTF-16',
    content: new Uint8Array([0xff, 0xfe, 0x23, 0]),
    code: 'brief-encoding',
    says: ['UTF-16', 'Save it as UTF-8'],
  },
];

describe.concurrent('a brief that cannot be used', () => {
  test.for(briefs)('$name', async ({ content, ...refusal }) => {
    const cwd = await createProject({ 'brief.md': content });
    await expectRefusal(['new', 'brief.md'], { cwd }, refusal);
  });

  test('missing, a folder, on an empty or closed stdin, too much on stdin', async () => {
    const cwd = await createProject({ 'folder/file.md': '# A\n' });
    await expectRefusal(
      ['new', 'nofile.md'],
      { cwd },
      {
        code: 'brief-not-found',
        says: ['There is no file nofile.md'],
      },
    );
    await expectRefusal(
      ['new', 'folder'],
      { cwd },
      {
        code: 'brief-unreadable',
        says: ['folder is not a file'],
      },
    );
    for (const args of [['new', '-'], ['new']]) {
      const empty = { code: 'brief-empty', says: ['on stdin is empty'] };
      await expectRefusal(args, { cwd }, empty);
      await expectRefusal(args, { cwd, stdin: 'closed' }, empty);
    }
    await expectRefusal(
      ['new', '-'],
      { cwd, input: 'word '.repeat(400_000) },
      {
        code: 'brief-too-large',
        says: ['more than 1000000 bytes'],
      },
    );
  });
});

describe.concurrent('a name that cannot be used', () => {
  const names = [
    '../x',
    '..',
    'a/b',
    'A b',
    'con',
    '__proto__',
    '',
    '\u001b[31mred',
    'x'.repeat(300),
  ];
  test.for(names)('%j', async (name) => {
    const cwd = await createProject({ 'brief.md': '# A thing\n\nIt works.\n' });
    const refusal = { code: 'feature-name', says: ['at:  --name', 'as «'] };
    const { stderr } = await expectRefusal(['new', 'brief.md', `--name=${name}`], { cwd }, refusal);
    expect(stderr).not.toContain('\u001b');
  });

  test('one that exists: neither the same nor another brief changes what is there', async () => {
    const cwd = await createProject({
      ...plannedFiles,
      'other.md': '# Something else\n\nIt is new.\n',
    });
    for (const brief of ['features/links/brief.md', 'other.md'])
      await expectRefusal(
        ['new', brief, '--name', 'links'],
        { cwd },
        {
          code: 'feature-exists',
          says: ['«links» already has a task list', 'blueprint run links', '--name'],
        },
      );
  });

  test('one begun from another brief', async () => {
    const cwd = await createProject({
      'features/links/brief.md': '# One\n\nFirst words.\n',
      'other.md': '# One\n\nOther words.\n',
    });
    const result = await runCli(['new', 'other.md', '--name', 'links'], { cwd });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('its line 3 is «First words.», now «Other words.»');
    const kept = await treeOf(join(cwd, 'features/links'));
    expect(kept).not.toHaveProperty('spec.md');
  });
});

const unknown: readonly (Refusal & { args: string[] })[] = [
  { args: ['show', 'lnks'], code: 'feature-not-found', says: ['«lnks»', 'Did you mean links?'] },
  { args: ['run', 'lnks'], code: 'feature-not-found', says: ['Did you mean links?'] },
  { args: ['show', '../links'], code: 'feature-name-invalid', says: ['«../links»'] },
  { args: ['show', 'links', 'T22'], code: 'task-not-found', says: ['«T22»', 'Did you mean T2?'] },
  { args: ['show', 'links', '__proto__'], code: 'task-not-found', says: ['«__proto__»'] },
  { args: ['run', 'links', '--task', 'T9'], code: 'task-not-found', says: ['«T9»'] },
  { args: ['approve', 'links', 'T9'], code: 'task-not-found', says: ['«T9»'] },
  { args: ['diff', 'links', 'T9'], code: 'task-not-found', says: ['«T9»'] },
  { args: ['task', 'set-status', 'links', 'T9', 'done'], code: 'task-not-found', says: ['«T9»'] },
  {
    args: ['task', 'set-status', 'links', 'T1', 'don'],
    code: 'usage',
    says: ['Did you mean done?'],
  },
  {
    args: ['task', 'set-status', 'links', 'T1', 'in_progress'],
    code: 'usage',
    says: ['Only a run'],
  },
  { args: ['shw', 'links'], code: 'unknown-command', says: ['«shw»', 'blueprint show?'] },
  { args: ['run', 'links', '--tsk', 'T1'], code: 'unknown-option', says: ['Did you mean --task?'] },
  { args: ['run', 'links', '--dryrun'], code: 'unknown-option', says: ['--dry-run?'] },
  { args: ['run', 'links', '--type', 'cod'], code: 'usage', says: ['"code"'] },
  { args: ['run'], code: 'usage', says: ['blueprint run <feature>'] },
  { args: ['run', 'links', 'T1'], code: 'usage', says: ['«T1» is one word too many'] },
  {
    args: ['run', 'links', '--concurrency', 'x'],
    code: 'config-wrong-type',
    says: ['--concurrency', 'from 1 to 64'],
  },
  { args: ['run', 'links', '--concurrency'], code: 'usage', says: ['--concurrency needs a value'] },
  { args: ['new', '--name', 'a', '--name', 'b'], code: 'usage', says: ['more than once'] },
  { args: ['reject', 'links', 'T1'], code: 'usage', says: ['--feedback is needed'] },
  { args: ['task', 'frob', 'links'], code: 'usage', says: ['"frob"', '"set-status"'] },
  { args: ['task', 'add', 'links'], code: 'usage', says: ['title'] },
  {
    args: ['task', 'add', 'links', '--title', 'x', '--files', '../x'],
    code: 'task-invalid',
    says: ['..'],
  },
  {
    args: ['task', 'add', 'links', '--title', 'x', '--id', '../x'],
    code: 'task-invalid',
    says: ['id'],
  },
  {
    args: ['task', 'add', 'links', '--title', 'x', '--depends-on', 'T99'],
    code: 'tasks-missing-dependency',
    says: ['T99, which does not exist'],
  },
  {
    args: ['task', 'edit', 'links', 'T1', '--depends-on', 'T4'],
    code: 'tasks-cycle',
    says: ['T1 → T4 → ', ' → T1'],
  },
  { args: ['approve', 'links', 'T1'], code: 'not-in-review', says: ['T1 is pending'] },
  { args: ['diff', 'links', 'T1'], code: 'no-work', says: ['blueprint run links --task T1'] },
  { args: ['list', '--cwd', 'nowhere'], code: 'folder-not-found', says: ['nowhere'] },
  { args: ['list', '--config', 'no.json'], code: 'config-not-found', says: ['no.json'] },
  { args: ['list', '--role', 'codr=openai/x'], code: 'config-role-invalid', says: ['«coder»'] },
  {
    args: ['list', '--role', 'coder=opnai/x'],
    code: 'config-provider-unknown',
    says: ['«openai»'],
  },
  { args: [], code: 'no-terminal', says: ['needs a terminal', 'blueprint run <feature>'] },
];

describe.concurrent('what there is not', () => {
  test.for(unknown)('blueprint $args', async ({ args, ...refusal }) => {
    const cwd = await createProject(plannedFiles);
    await expectRefusal(args, { cwd }, refusal);
  });
});
