import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FeatureDocument } from '../../src/domain/task.ts';
import { runHere as runCli } from '../helpers/in-process.ts';
import { projects, treeOf } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';
import { expectRefusal, type Refusal } from './refusal.ts';

const createProject = projects();

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
    broken: (text) => text.replace('"schemaVersion": 2', '"schemaVersion": 3'),
    code: 'tasks-file-newer-version',
    says: ['schemaVersion 3', 'Upgrade'],
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
