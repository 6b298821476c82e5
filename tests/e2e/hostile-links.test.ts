import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../helpers/in-process.ts';
import { projects, treeOf, writeFiles } from '../helpers/run-cli.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();

const secret = 'TOP-SECRET-WORDS';
const at = '2026-01-31T12:00:00.000Z';
const started = { type: 'warning', code: secret, message: secret, task: null };

/** Of somebody else: each is what state of that name would hold, so that it would be taken for it. */
const outside = {
  'journal.jsonl': `${JSON.stringify({ at, run: 'r', version: 2, ...started })}\n`,
  'tasks.json': plannedFiles['features/links/tasks.json'].replace('Link checker', secret),
  'spec.md': `# ${secret}\n\n## Requirements\n\n### R1: It finds broken links.\n\n- ${secret}\n`,
  'brief.md': `# ${secret}\n`,
  'record.json': `{"schemaVersion":1,"at":"${secret}","files":[],"folders":[]}\n`,
  'workspace.json': '{"schemaVersion":1,"deletions":["src/links.js"],"base":[]}\n',
  'intent.json': '{"schemaVersion":1,"writes":["src/links.js"],"removals":[]}\n',
  manifest: '{"schemaVersion":1,"deletions":[],"base":[]}\n',
  '0': `${secret}\n`,
  'src/links.js.draft': `${secret}\n`,
  '1/outcome.json': `{"version":2,"about":"${secret}"}\n`,
  '1/record.json': `{"schemaVersion":1,"at":"${secret}","files":[],"folders":[]}\n`,
  'T1.json': `{"pid":1,"note":"${secret}"}\n`,
  'T1.fence': '7\n',
  'x/journal.jsonl': `${JSON.stringify({ at, run: 'r', version: 2, ...started })}\n`,
  'links/tasks.json': plannedFiles['features/links/tasks.json'].replace('Link checker', secret),
  '.tasks.json.999999999-1.tmp': 'left\n',
  'written.json': '{}\n',
} as const;

/** What a repository can hold links in the place of: path, what it leads to below that folder, who meets it. */
const links: readonly (readonly [path: string, target: string, commands: readonly string[]])[] = [
  ['features/links', '.', ['list', 'show links', 'cost', 'run links', 'rm links --yes']],
  ['features/links/tasks.json', 'tasks.json', ['list', 'status links', 'next links']],
  ['features/links/spec.md', 'spec.md', ['show links', 'run links']],
  ['features/links/journal.jsonl', 'journal.jsonl', ['status links', 'cost links', 'undo links']],
  ['features/links/calls/parts', '.', ['run links']],
  ['features/links/partial/T1/1', '1', ['show links', 'run links']],
  ['features/links/leases/T1.json', 'T1.json', ['run links', 'approve links T1 --yes']],
  ['features/links/leases/T1.fence', 'T1.fence', ['run links', 'approve links T1 --yes']],
  ['features/links/workspace.json', 'workspace.json', ['diff links', 'apply links']],
  ['features/links/workspace.pending/intent.json', 'intent.json', ['diff links', 'apply links']],
  ['features/links/applied', '.', ['status links', 'apply links', 'undo links']],
  ['features/links/applied/1', '1', ['status links', 'apply links --check', 'undo links']],
  ['features/links/applied/1/record.json', 'record.json', ['status links', 'undo links']],
  ['features/links/applied.pending', '.', ['status links', 'apply links', 'undo links']],
  ['features/links/applied.undoing', '.', ['apply links', 'undo links']],
  ['features/.archive', '.', ['list --archived', 'archive links']],
  ['.blueprint', '.', ['ask What? --json', 'cost']],
  ['.blueprint/asks', '.', ['ask What? --json', 'cost', 'run links']],
  ['.gitignore', 'brief.md', ['init --yes']],
];

describe.concurrent('a link in the place of', () => {
  test.for(links)('%s leads nobody out of the project', async ([path, target, commands]) => {
    const cwd = await createProject(plannedFiles);
    const elsewhere = join(cwd, '../elsewhere');
    await writeFiles(elsewhere, outside);
    const before = await treeOf(elsewhere);
    const place = join(cwd, path);
    await mkdir(dirname(place), { recursive: true });
    await rm(place, { recursive: true, force: true });
    await symlink(join(elsewhere, target), place);
    for (const command of commands) {
      const { exitCode, stdout, stderr } = await runHere(command.split(' '), { cwd });
      const said = `${command} (${exitCode}):\n${stdout}${stderr}`;
      expect(said).not.toContain(secret);
      expect(said).not.toMatch(/\n {4}at |internal|\[object/);
      expect(await treeOf(elsewhere), said).toEqual(before);
    }
  });
});

describe.concurrent('what is refused says where, and how to mend it', () => {
  const refusals = [
    ['features/links/applied', 'undo links', 'path-unsafe'],
    ['features/links/journal.jsonl', 'cost links', 'path-leaves-folder'],
    ['.blueprint', 'ask What?', 'path-leaves-folder'],
    ['.gitignore', 'init --yes', 'path-leaves-folder'],
  ] as const;
  test.for(refusals)('%s', async ([path, command, code]) => {
    const cwd = await createProject(plannedFiles);
    await symlink(join(cwd, '../home'), join(cwd, path));
    const { exitCode, stderr } = await runHere(command.split(' '), { cwd });
    expect(stderr).toContain(`error[${code}] `);
    expect(stderr).toContain(path.replace('features/', ''));
    expect(stderr).toMatch(/\n {2}fix: \S/);
    expect(exitCode).toBe(2);
  });
});
