import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FeatureDocument } from '../../src/domain/task.ts';
import { projects, runCli, treeOf, type CliOptions, type CliResult } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

interface Refusal {
  readonly code: string;
  /** What the message or its fix must say. */
  readonly says: readonly string[];
  readonly exitCode?: number;
}

/** The command is refused in clear words, and no file is other than before. */
async function expectRefusal(
  args: readonly string[],
  options: CliOptions,
  { code, says, exitCode = 2 }: Refusal,
): Promise<CliResult> {
  const before = await treeOf(join(options.cwd, '..'));
  const result = await runCli(args, options);
  expect(result.stderr).toContain(`error[${code}] `);
  for (const words of says) expect(result.stderr).toContain(words);
  expect(result.stderr).toMatch(/\n {2}fix: \S/);
  expect(result.stderr).not.toMatch(/ {4}at |internal|undefined|\[object/);
  expect(result).toMatchObject({ exitCode, stdout: '' });
  expect(await treeOf(join(options.cwd, '..'))).toEqual(before);
  return result;
}

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
  { args: ['run', 'links', '--concurrency', 'x'], code: 'usage', says: ['from 1 to 64'] },
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

type Break = (text: string, document: FeatureDocument) => string | Uint8Array | FeatureDocument;
const line = (text: string, words: string): number =>
  text.slice(0, text.indexOf(words)).split('\n').length;

function withTask(index: number, change: Record<string, unknown>): Break {
  return (_text, document) => {
    Object.assign(document.tasks[index] ?? {}, change);
    return document;
  };
}

const faults: readonly (Refusal & { name: string; broken: Break; at: number | string })[] = [
  {
    name: 'truncated',
    broken: (text) => text.slice(0, text.indexOf('"id": "T2"')),
    code: 'tasks-file-truncated',
    says: ['cut off', 'version control'],
    at: '"id": "T2"',
  },
  { name: 'empty', broken: () => '', code: 'tasks-file-empty', says: ['is empty'], at: 1 },
  {
    name: 'with a byte order mark',
    broken: (text) => `\uFEFF${text}`,
    code: 'tasks-file-bom',
    says: ['BOM'],
    at: 1,
  },
  {
    name: 'with NUL bytes',
    broken: (text) => text.replace('"id": "T2"', '"id": "T\0"'),
    code: 'tasks-file-nul',
    says: ['NUL'],
    at: '"id": "T2"',
  },
  {
    name: 'with merge markers',
    broken: (text) =>
      text.replace('      "id": "T2",\n', '<<<<<<< HEAD\n      "id": "T2",\n=======\n>>>>>>> x\n'),
    code: 'tasks-file-merge-markers',
    says: ['«<<<<<<<»', 'Finish the merge'],
    at: '"id": "T2"',
  },
  {
    name: 'with a trailing comma',
    broken: (text) => text.replace(/\n\}\n$/, ',\n}\n'),
    code: 'tasks-file-syntax',
    says: ['Not valid JSON'],
    at: '\n}\n',
  },
  {
    name: 'with a wrong type',
    broken: withTask(0, { dependsOn: 'T2' }),
    code: 'tasks-file-wrong-type',
    says: ['Task T1: dependsOn must be a list'],
    at: '"dependsOn"',
  },
  {
    name: 'with an unknown status',
    broken: withTask(0, { status: 'finished' }),
    code: 'tasks-file-unknown-value',
    says: ['Task T1: status cannot be «finished»', 'needs_review'],
    at: '"status"',
  },
  {
    name: 'with an id twice',
    broken: withTask(3, { id: 'T1' }),
    code: 'tasks-file-duplicate-id',
    says: ['T1 is used 2 times'],
    at: '"id": "T4"',
  },
  {
    name: 'with an id that leads elsewhere',
    broken: withTask(3, { id: '../x' }),
    code: 'tasks-file-invalid',
    says: ['Task ../x: id must be'],
    at: '"id": "T4"',
  },
  {
    name: 'with the id __proto__',
    broken: withTask(3, { id: '__proto__' }),
    code: 'tasks-file-invalid',
    says: ['Task __proto__: id must be'],
    at: '"id": "T4"',
  },
  {
    name: 'with the key __proto__',
    broken: (text) => text.replace('"tasks": [', '"__proto__": { "isAdmin": true },\n  "tasks": ['),
    code: 'tasks-file-unknown-key',
    says: ['__proto__ is not a known key'],
    at: '"tasks": [',
  },
  {
    name: 'with escape codes in a title',
    broken: withTask(0, { title: '\u001b[2Jgone\u0007' }),
    code: 'tasks-file-invalid',
    says: ['Task T1: title holds a control character'],
    at: '"title": "Design',
  },
  {
    name: 'with a path that leads out',
    broken: withTask(0, { files: ['../../.ssh/config'] }),
    code: 'tasks-file-invalid',
    says: ['Task T1: files[0] path has a segment «..»'],
    at: '"docs/design.md"',
  },
  {
    name: 'with a cycle',
    broken: (_text, document) => {
      Object.assign(document.tasks[0] ?? {}, { dependsOn: ['T3'] });
      return document;
    },
    code: 'tasks-file-cycle',
    says: ['in a circle: T1 → T3 → T1'],
    at: '"dependsOn"',
  },
  {
    name: 'with a missing dependency',
    broken: withTask(0, { dependsOn: ['T77'] }),
    code: 'tasks-file-missing-dependency',
    says: ['Task T1 depends on T77, which does not exist'],
    at: '"dependsOn"',
  },
  {
    name: 'with an unknown key',
    broken: withTask(0, { assignee: 'me' }),
    code: 'tasks-file-unknown-key',
    says: ['Task T1: assignee is not a known key'],
    at: '"result": null',
  },
  {
    name: 'that is a list',
    broken: () => '[]\n',
    code: 'tasks-file-wrong-type',
    says: ['must be an object, not a list'],
    at: 1,
  },
  {
    name: 'of a newer version',
    broken: (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2'),
    code: 'tasks-file-newer-version',
    says: ['schemaVersion 2', 'Upgrade'],
    at: '"schemaVersion"',
  },
];

const tasksPath = 'features/links/tasks.json';
const good = plannedFiles[tasksPath];

function brokenText(broken: Break): string | Uint8Array {
  const made = broken(good, JSON.parse(good) as FeatureDocument);
  return typeof made === 'string' || made instanceof Uint8Array
    ? made
    : `${JSON.stringify(made, null, 2)}\n`;
}

describe.concurrent('a task list', () => {
  test.for(faults)('$name', async ({ broken, at, ...refusal }) => {
    const cwd = await createProject({ ...plannedFiles, [tasksPath]: brokenText(broken) });
    const { stderr } = await expectRefusal(['show', 'links'], { cwd }, refusal);
    expect(stderr).not.toContain('\u001b');
    const near = typeof at === 'number' ? at : line(good, at);
    const lines = [...stderr.matchAll(/tasks\.json:(\d+)/g)].map((found) => Number(found[1]));
    // A change before the place may have moved it by a line.
    expect(
      lines.some((found) => Math.abs(found - near) <= 1),
      `${lines} near ${near}`,
    ).toBe(true);
  });

  const commands: readonly string[][] = [
    ['status'],
    ['next'],
    ['run', 'links'],
    ['run', 'links', '--dry-run'],
    ['new', 'features/links/brief.md', '--name', 'links'],
    ['task', 'set-status', 'links', 'T1', 'done'],
    ['task', 'add', 'links', '--title', 'x'],
    ['task', 'remove', 'links', 'T4'],
    ['approve', 'links', 'T1'],
    ['reject', 'links', 'T1', '--feedback', 'x'],
    ['diff', 'links'],
    ['show', 'links', '--spec'],
  ];
  test.for(commands)('that is broken stops blueprint %j %j', async (...[args]) => {
    const broken = brokenText(withTask(0, { status: 'finished' }));
    const cwd = await createProject({ ...plannedFiles, [tasksPath]: broken });
    await expectRefusal(
      args,
      { cwd },
      {
        code: 'tasks-file-unknown-value',
        says: ['Task T1: status cannot be «finished»', 'at:  features/links/tasks.json:'],
      },
    );
  });

  test('that is broken does not hide the others from list and doctor', async () => {
    const cwd = await createProject({
      ...plannedFiles,
      'features/broken/tasks.json': '{',
    });
    const before = await treeOf(cwd);
    const list = await runCli(['list'], { cwd });
    expect(list.exitCode).toBe(2);
    expect(list.stdout).toMatch(/\nlinks +0\/4/);
    expect(list.stdout).toMatch(/\nbroken .*broken/);
    expect(list.stderr).toContain('features/broken/tasks.json:1');
    const doctor = await runCli(['doctor'], { cwd });
    expect(doctor.exitCode).toBe(2);
    expect(doctor.stdout).toContain('✖ feature broken: ');
    expect(await treeOf(cwd)).toEqual(before);
  });
});

const configs: readonly (Refusal & { name: string; text: string; file?: string })[] = [
  { name: 'empty', text: '', code: 'config-empty', says: ['Delete it, or write {}'] },
  {
    name: 'cut off',
    text: '{ "roles": {',
    code: 'config-syntax',
    says: ['blueprint.config.json:1'],
  },
  {
    name: 'unknown keys, all at once',
    text: '{\n  "rolls": {},\n  "executor": { "concurency": 2 }\n}\n',
    code: 'config-unknown-key',
    says: [
      'rolls',
      'blueprint.config.json:2',
      '«roles»',
      'blueprint.config.json:3',
      '«concurrency»',
    ],
  },
  {
    name: 'a wrong type',
    text: '{ "executor": { "concurrency": "3" } }',
    code: 'config-wrong-type',
    says: ['executor.concurrency must be a number'],
  },
  {
    name: 'an unknown gate',
    text: '{ "gates": ["test"] }',
    code: 'config-unknown-value',
    says: ['paths, syntax'],
  },
  {
    name: 'features outside',
    text: '{ "featuresDir": "../elsewhere" }',
    code: 'config-features-dir-outside',
    says: ['inside'],
  },
  {
    name: 'YAML that is none',
    file: 'blueprint.config.yaml',
    text: 'roles: {\n',
    code: 'config-syntax',
    says: ['Not valid YAML'],
  },
  {
    name: 'a key of YAML',
    file: 'blueprint.config.yaml',
    text: '# mine\nexecuter:\n  concurrency: 2\n',
    code: 'config-unknown-key',
    says: ['blueprint.config.yaml:2', '«executor»'],
  },
  {
    name: 'TypeScript that throws',
    file: 'blueprint.config.ts',
    text: 'throw new Error("not today");\n',
    code: 'config-not-loadable',
    says: ['not today'],
  },
];

describe.concurrent('a config with', () => {
  test.for(configs)('$name', async ({ text, file = 'blueprint.config.json', ...refusal }) => {
    const cwd = await createProject({ ...plannedFiles, [file]: text });
    await expectRefusal(['run', 'links'], { cwd }, refusal);
  });

  test('a role that nobody can answer: the variables for the models that it lists, and no others', async () => {
    const cwd = await createProject({
      ...plannedFiles,
      'blueprint.config.json': '{ "roles": { "architect": ["groq/llama", "deepseek/chat"] } }',
    });
    const before = await readFile(join(cwd, tasksPath), 'utf8');
    const run = await runCli(['run', 'links'], { cwd });
    expect(run.exitCode).toBe(5);
    expect(run.stdout).toContain('T1 could not be run: No model of the role «architect»');
    expect(run.stdout).toContain('fix: Set GROQ_API_KEY or DEEPSEEK_API_KEY, or change');
    expect(run.stdout + run.stderr).not.toMatch(/ANTHROPIC|OPENAI|GEMINI/);
    const after = await readFile(join(cwd, tasksPath), 'utf8');
    expect(after.replace(/"updatedAt": ".*"/, '')).toBe(before.replace(/"updatedAt": ".*"/, ''));

    const made = await runCli(['new', '-'], { cwd, input: '# A thing\n\nIt works.\n' });
    expect(made.exitCode).toBe(5);
    expect(made.stderr).toContain('error[no-model] No model of the role «architect»');
    expect(made.stderr).toContain('fix: Set GROQ_API_KEY or DEEPSEEK_API_KEY, or change');
    const doctor = await runCli(['doctor'], { cwd });
    expect(doctor.exitCode).toBe(5);
    expect(doctor.stdout).toContain('fix: Set GROQ_API_KEY or DEEPSEEK_API_KEY');
  });
});

describe.concurrent('a link that leads out of the project', () => {
  test('as the features folder', async () => {
    const cwd = await createProject({ 'brief.md': '# A thing\n\nIt works.\n' });
    await symlink(join(cwd, '../home'), join(cwd, 'features'));
    for (const args of [['new', 'brief.md'], ['list'], ['init', '--yes']])
      await expectRefusal(
        args,
        { cwd },
        {
          code: 'config-features-dir-outside',
          says: ['leads out of', 'symbolic link'],
        },
      );
  });

  test('as a feature', async () => {
    const cwd = await createProject({ 'brief.md': '# A thing\n\nIt works.\n', 'features/x': '' });
    await symlink(join(cwd, '../home'), join(cwd, 'features/links'));
    for (const args of [
      ['new', 'brief.md', '--name', 'links'],
      ['run', 'links'],
      ['task', 'add', 'links', '--title', 'x'],
    ])
      await expectRefusal(
        args,
        { cwd },
        {
          code: 'path-leaves-folder',
          says: ['features/links', 'symbolic link'],
        },
      );
  });
});
