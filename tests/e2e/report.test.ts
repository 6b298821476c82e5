import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBlueprint } from '../../src/library.ts';
import type { ReportDocument } from '../../src/report/work/document.ts';
import { findChromium, openPage } from '../helpers/chromium.ts';
import { debateReply, isDebate, proposal, threeVendors } from '../helpers/debate-models.ts';
import { runHere } from '../helpers/in-process.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import type { LoopbackServer } from '../helpers/loopback/server.ts';
import { jsonOf, projects, treeOf } from '../helpers/run-cli.ts';
import { trusted } from '../helpers/trusted.ts';
import { untested } from '../helpers/untested.ts';
import { adderReply, brief, fileReply, stageOf, taskOf } from './conversation.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();
const chromium = await findChromium();

const hostile = '</script></style><img src="//evil.example/x" onerror="alert(1)"><script>alert(1)';

describe('blueprint report', () => {
  let server: LoopbackServer;
  let cwd: string;
  let env: Record<string, string>;
  const blueprint = (...args: string[]) => runHere(args, { cwd, env });

  beforeAll(async () => {
    // The conversation of the adder, whose author writes what would run on a page.
    server = await startAnthropicServer((request) => {
      if (stageOf(request) !== 'execute' || taskOf(request) !== 'T1') return adderReply(request);
      return fileReply('docs/design.md', `# Design\n\n${hostile}\n`);
    });
    env = { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_BASE_URL: server.url };
    cwd = await createProject({ 'brief.md': brief });
    await blueprint('new', 'brief.md', '--name', 'adder');
    const run = await blueprint('run', 'adder', '--gates', 'paths,syntax');
    expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => server.close());

  test('writes one private page and changes nothing else', async () => {
    const before = await treeOf(cwd);
    const said = await blueprint('report');
    expect(said, said.stderr).toMatchObject({
      exitCode: 0,
      stdout: '.blueprint/reports/adder.html\n',
    });
    const path = '.blueprint/reports/adder.html';
    const after = await treeOf(cwd);
    expect(after).toEqual({ ...before, [path]: after[path] });
    const [file, folder] = [await stat(join(cwd, path)), await stat(join(cwd, '.blueprint'))];
    expect(file.mode & 0o777).toBe(0o600);
    expect(folder.mode & 0o077).toBe(0);

    const page = await readFile(join(cwd, path), 'utf8');
    for (const words of [
      'Write add',
      'add(&quot;1&quot;, 2) gives &quot;12&quot;',
      'Corrected by',
      '+export function add(a, b) {',
      'All tasks are settled',
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/<script|<img/);
    expect((await blueprint('report', 'adder')).exitCode).toBe(0);
  });

  test('gives the document with --json, and from code', async () => {
    const { report, path } = jsonOf(await blueprint('report', 'adder', '--json')) as {
      report: ReportDocument;
      path: string;
    };
    expect(path).toBe(join(cwd, '.blueprint/reports/adder.html'));
    expect(report.feature?.requirements.map(({ coverage }) => coverage)).toEqual(['met', 'met']);
    const t2 = report.feature?.tasks.find(({ id }) => id === 'T2');
    expect(t2?.attempts[0]?.rounds).toMatchObject([
      { review: { said: { verdict: 'revise' } } },
      { review: { said: { verdict: 'accept' } } },
    ]);
    expect(t2?.work).toMatchObject({ standing: 'approved', files: ['src/add.js'] });
    const all = { ...env, ...untested, ...trusted, PATH: process.env['PATH'] };
    const fromCode = await createBlueprint({ cwd, env: all }).report('adder');
    expect({ ...fromCode.document, made: '' }).toEqual({ ...report, made: '' });
    expect(fromCode.page).toContain('<!doctype html>');
  });

  test('writes over a report, and over nothing else without --force', async () => {
    const out = join(cwd, 'mine.html');
    await writeFile(out, '<p>my own page</p>');
    const refused = await blueprint('report', 'adder', '--out', 'mine.html');
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('error[out-exists]');
    expect(await readFile(out, 'utf8')).toBe('<p>my own page</p>');
    expect((await blueprint('report', 'adder', '--out', 'mine.html', '--force')).exitCode).toBe(0);
    expect((await blueprint('report', 'adder', '--out', 'mine.html')).exitCode).toBe(0);
    for (const [place, code] of [
      ['.', 'out-not-a-file'],
      ['features/r.html', 'out-in-work'],
      ['.blueprint/r.html', 'out-in-work'],
      ['new/place/r.html', 'out-no-folder'],
    ] as const)
      expect((await blueprint('report', 'adder', '--out', place, '--force')).stderr).toContain(
        `error[${code}]`,
      );
  });

  test.skipIf(chromium === null)(
    'in Chromium: readable, at rest, and within 400 px (needs chromium on PATH)',
    async () => {
      await blueprint('report', 'adder');
      const file = join(cwd, '.blueprint/reports/adder.html');
      for (const width of [1_200, 400]) {
        const page = await openPage(chromium ?? '', file, width);
        expect(page.complaints).toEqual([]);
        expect(page.requests).toEqual([]);
        expect(page.isStyled).toBe(true);
        expect(page.width).toBeLessThanOrEqual(width);
        for (const words of ['All tasks are settled', 'Write add', 'R2', hostile, 'Critical path'])
          expect(page.text).toContain(words);
      }
    },
  );
});

describe('what there is to report on', () => {
  test('a feature that was planned and not run', async () => {
    const cwd = await createProject(plannedFiles);
    const said = await runHere(['report', '--json'], { cwd });
    expect(said, said.stderr).toMatchObject({ exitCode: 0 });
    expect(jsonOf(said)).toMatchObject({
      report: { feature: { progress: { total: 4, settled: 0 }, bars: [], workedMs: 0 } },
    });
  });

  test('none, several, and one that is not there', async () => {
    const cwd = await createProject();
    const none = await runHere(['report'], { cwd });
    expect(none).toMatchObject({ exitCode: 2 });
    expect(none.stderr).toContain('error[feature-missing]');
    const two = await createProject({
      ...plannedFiles,
      'features/other/tasks.json': plannedFiles['features/links/tasks.json'],
    });
    expect((await runHere(['report'], { cwd: two })).stderr).toContain('several features');
    const wrong = await runHere(['report', 'linsk'], { cwd: two });
    expect(wrong.stderr).toMatch(/error\[feature-not-found\].*links/s);
    expect((await runHere(['report', '--debate', 'x'], { cwd: two })).stderr).toContain(
      'error[debate-not-found]',
    );
  });

  test('nothing is written through a link that leads out of the project', async () => {
    const cwd = await createProject(plannedFiles);
    const outside = await createProject();
    await symlink(outside, join(cwd, '.blueprint'));
    const said = await runHere(['report'], { cwd });
    expect(said).toMatchObject({ exitCode: 2 });
    expect(said.stderr).toContain('error[path-leaves-folder]');
    expect(await treeOf(outside)).toEqual({});
  });

  test('a debate of its own, and that of a feature’s spec', async () => {
    const vendors = await threeVendors((request) => {
      if (!isDebate(request)) throw new Error('a debate alone');
      return debateReply(request);
    });
    const cwd = await createProject({ ...plannedFiles, 'proposal.md': proposal });
    const blueprint = (...args: string[]) => runHere(args, { cwd, env: vendors.env });
    const began = await blueprint('debate', 'start', 'proposal.md', '--json');
    const { id } = jsonOf(began) as { id: string };
    await writeFile(join(cwd, 'features/links/spec.md'), proposal);
    const spec = await blueprint('debate', 'start', '--feature', 'links', '--name', 'links-spec');
    expect(spec, spec.stderr).toMatchObject({ exitCode: 0 });
    const alone = await blueprint('report', '--debate', id);
    expect(alone.stdout).toBe(`.blueprint/reports/debates/${id}.html\n`);
    const page = await readFile(join(cwd, alone.stdout.trim()), 'utf8');
    expect(page).toContain('CONDITIONAL');
    expect(page).toContain('Keep the old store for a week');
    const { report } = jsonOf(await blueprint('report', 'links', '--json')) as {
      report: ReportDocument;
    };
    expect(report.debates.map(({ about }) => about)).toEqual(['the spec of links']);
    expect(report.works.map(({ path }) => path)).toEqual([`.blueprint/debates/${id}`]);
    await vendors.close();
  });
});
