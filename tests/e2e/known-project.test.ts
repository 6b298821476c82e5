import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { jsonOf, projects, type CliResult } from '../helpers/run-cli.ts';
import { accepted, fileReply, planned } from './conversation.ts';

const createProject = projects();

const spec = `# Discounts

## Requirements

### R1: A total takes a discount

- \`totalOf(['ab'], 1)\` gives 1.
`;
const task = planned({
  id: 'T1',
  title: 'Discount in totalOf',
  type: 'code',
  requirements: ['R1'],
  files: ['src/cart.js', 'src/discount.js'],
});
const lost = { ...task, files: ['lib/cart.js'] };
const always = (when: object, reply: object) => ({ when, reply, times: null });
const script = [
  { script: 1 },
  always({ stage: 'clarify' }, { json: { questions: [], files: ['src/price.js', '.env'] } }),
  always({ stage: 'spec' }, { text: spec }),
  always({ stage: 'plan' }, { json: { requirements: [], tasks: [lost] } }),
  always(
    { stage: 'plan-fix', contains: ['nearest: src/cart.js'] },
    { json: { requirements: [], tasks: [task] } },
  ),
  always({ stage: 'refine' }, { json: { tasks: [task], removed: [], notes: [] } }),
  always(
    { stage: 'execute', contains: ['imported by src/cart.js', 'uses src/cart.js'] },
    { text: fileReply('src/discount.js', 'export const none = 0;\n') },
  ),
  always({ stage: 'review', contains: ['uses src/cart.js'] }, { json: accepted }),
].map((entry) => JSON.stringify(entry));

const files = {
  'brief.md': '# Discounts\n\nTotals of a cart take a discount.\n',
  'src/cart.js':
    "import { priceOf } from './price.js';\n\nexport const totalOf = (items) => items.reduce((sum, item) => sum + priceOf(item), 0);\n",
  'src/price.js': 'export function priceOf(item) {\n  return item.length;\n}\n',
  'src/shop.js': "import { totalOf } from './cart.js';\n\nconsole.log(totalOf(['a']));\n",
  'src/ignored.js': 'export const hidden = "cart discount total";\n',
  '.env': 'TOKEN=not-for-models\n',
  '.gitignore': 'script.jsonl\n.env\n',
  '.blueprintignore': 'src/ignored.js\n',
};

async function repository(): Promise<string> {
  const cwd = await createProject({ ...files, 'script.jsonl': script.join('\n') });
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-C', cwd, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'base');
  return cwd;
}

const statusOf = (cwd: string): string =>
  execFileSync('git', ['-C', cwd, 'status', '--porcelain'], { encoding: 'utf8' });

const settings = {
  gates: { tests: { whenNone: 'accept' } },
};

test('a project is planned and worked on by what it holds, and none of its secrets leave it', async () => {
  const cwd = await repository();
  await writeFile(join(cwd, 'blueprint.config.json'), JSON.stringify(settings));
  const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };
  const blueprint = (...args: string[]): Promise<CliResult> => runHere(args, { cwd, env });

  const made = await blueprint(
    'new',
    'brief.md',
    '--name',
    'discounts',
    '--record',
    '../all.jsonl',
    '--json',
  );
  expect(jsonOf(made)).toMatchObject({
    warnings: [],
    paths: {
      T1: [
        { path: 'src/cart.js', mark: 'exists' },
        { path: 'src/discount.js', mark: 'new' },
      ],
    },
  });
  expect(made.stderr).toContain('.env is not shown: by its name it holds keys or passwords');

  const shown = await blueprint('show', 'discounts', 'T1', '--prompt');
  expect(shown.stderr.split('\n')).toEqual(
    expect.arrayContaining([
      'shows src/cart.js: named by the task',
      'shows src/price.js: imported by src/cart.js',
      'shows src/shop.js: uses src/cart.js',
    ]),
  );
  expect((await blueprint('show', 'discounts', 'T1')).stdout).toContain('src/discount.js (new)');

  const run = await blueprint('run', 'discounts', '--record', '../all.jsonl');
  expect(run).toMatchObject({ exitCode: 0 });
  const recorded = await readFile(join(cwd, '../all.jsonl'), 'utf8');
  expect(recorded).toContain('function priceOf');
  expect(recorded).not.toContain('not-for-models');
  expect(recorded).not.toContain('cart discount total');
});

test('map shows what models see, keeps what it read, and leaves no trace in git', async () => {
  const cwd = await repository();
  const before = statusOf(cwd);
  const index = join(cwd, '.blueprint/index/files.bin');
  const blueprint = (...args: string[]): Promise<CliResult> => runHere(args, { cwd });
  for (const args of [['list'], ['--help'], ['doctor', '--no-tests'], ['status']]) {
    await blueprint(...args);
    expect(existsSync(index)).toBe(false);
  }
  const whole = await blueprint('map');
  expect(whole).toMatchObject({ exitCode: 0, stderr: '' });
  expect(whole.stdout).toContain('Languages: JavaScript');
  expect(whole.stdout).toContain('3: const totalOf = (items)');
  expect(existsSync(index)).toBe(true);
  const asked = jsonOf(await blueprint('map', 'the', 'price', 'of', 'an', 'item', '--json'));
  expect(asked).toMatchObject({ query: 'the price of an item', remarks: [] });
  expect((asked['files'] as { path: string }[])[0]?.path).toBe('src/price.js');
  expect(JSON.stringify(asked)).not.toContain('ignored.js');
  expect(statusOf(cwd)).toBe(before);
  expect(await blueprint('map', '--tokens', '7')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--tokens must be a whole number from 100 on'),
  });
});

test('--no-repository leaves all of it out', async () => {
  const cwd = await repository();
  const plain = [
    { script: 1 },
    always({ stage: 'spec' }, { text: spec }),
    always({ stage: 'plan' }, { json: { requirements: [], tasks: [lost] } }),
    always({ stage: 'refine' }, { json: { tasks: [lost], removed: [], notes: [] } }),
  ];
  await writeFile(
    join(cwd, 'script.jsonl'),
    plain.map((entry) => JSON.stringify(entry)).join('\n'),
  );
  const env = { BLUEPRINT_SCRIPT: 'script.jsonl' };
  const args = ['new', 'brief.md', '--name', 'd', '--no-repository', '--record', '../all.jsonl'];
  expect(await runHere(args, { cwd, env })).toMatchObject({ exitCode: 0 });
  expect(await readFile(join(cwd, '../all.jsonl'), 'utf8')).not.toContain('priceOf');
  expect(existsSync(join(cwd, '.blueprint'))).toBe(false);
});
