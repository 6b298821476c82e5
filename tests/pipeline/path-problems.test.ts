import { describe, expect, it } from 'vitest';
import { pathMarker, pathProblems } from '../../src/pipeline/path-problems.ts';
import type { PackageReach } from '../../src/repository/project.ts';
import { task } from '../state/fixtures.ts';

const paths = [
  'README.md',
  'packages/api/package.json',
  'packages/api/src/Server.ts',
  'packages/api/src/routes/users.ts',
  'packages/web/package.json',
  'packages/web/src/app.ts',
  'src/parser.ts',
].sort();
const reach = (folder: string, dependsOn: string[] = []): PackageReach => ({
  folder,
  name: folder,
  ecosystem: 'npm',
  dependsOn,
  runners: [],
});
const project = { paths, packages: [] };

describe('pathMarker', () => {
  const markOf = pathMarker(project, []);
  it.each([
    ['src/parser.ts', 'exists'],
    ['src/lexer.ts', 'new'],
    ['src/deep/er/lexer.ts', 'new'],
    ['Makefile', 'new'],
    ['packages/api/src/routes/orders.ts', 'new'],
    ['packages/api/src/server.ts', 'doubtful'],
    ['packages/API/src/orders.ts', 'doubtful'],
    ['lib/parser.ts', 'doubtful'],
    ['app/routes/users.ts', 'doubtful'],
    ['src/parser.ts/index.ts', 'doubtful'],
    ['packages/api/source/routes/users.ts', 'doubtful'],
    ['packages/api/source/routes/orders.ts', 'new'],
    ['packages/api', 'doubtful'],
  ])('says of %s: %s', (path, mark) => {
    expect(markOf(path).mark).toBe(mark);
  });

  it('names real paths that may be meant', () => {
    expect(markOf('packages/api/src/server.ts').nearest).toEqual(['packages/api/src/Server.ts']);
    expect(markOf('lib/parser.ts').nearest).toEqual(['src/parser.ts']);
    expect(markOf('packages/API/src/orders.ts').nearest).toEqual(['packages/api/src/orders.ts']);
    expect(markOf('routes/users.ts').nearest?.[0]).toBe('packages/api/src/routes/users.ts');
  });

  it('takes a new folder at the root for meant where words or several files say so', () => {
    const described = task('T1', {
      files: ['tools/run.ts'],
      description: 'Add tools/ for scripts.',
    });
    expect(pathMarker(project, [described])('tools/run.ts').mark).toBe('new');
    const single = task('T1', { files: ['tools/run.ts'] });
    const other = task('T2', { files: ['tools/go.ts'] });
    expect(pathMarker(project, [single])('tools/run.ts').mark).toBe('doubtful');
    expect(pathMarker(project, [single, other])('tools/run.ts').mark).toBe('new');
  });

  it('takes everything for new where there is nothing', () => {
    expect(pathMarker({ paths: [], packages: [] }, [])('any/where.ts').mark).toBe('new');
  });
});

describe('pathProblems', () => {
  it('says that nobody is to make a folder', () => {
    const list = [task('T1', { files: ['lib/lexer.ts'] })];
    expect(pathProblems(list, project).map(({ message }) => message)).toEqual([
      'Task T1: lib/lexer.ts neither exists nor lies in a folder of the project, and nothing says that lib/ is to be made',
    ]);
    const misspelled = [task('T1', { files: ['lib/parsr.ts'] })];
    expect(pathProblems(misspelled, project)[0]?.message).toMatch(/; nearest: src\/parser\.ts$/);
  });

  it('says per task what is doubtful, with the nearest paths', () => {
    const list = [task('T1', { files: ['src/parser.ts', 'lib/parser.ts'] })];
    expect(pathProblems(list, project).map(({ message }) => message)).toEqual([
      'Task T1: lib/parser.ts lies in a folder that is not there, and a file of that name is elsewhere; nearest: src/parser.ts',
    ]);
  });

  const inApi = task('T1', { files: ['packages/api/src/orders.ts'] });
  const inWeb = task('T2', { dependsOn: ['T1'], files: ['packages/web/src/orders.ts'] });
  it('says where a package builds on one that it does not ask for', () => {
    const apart = [reach('packages/api'), reach('packages/web')];
    expect(
      pathProblems([inApi, inWeb], { paths, packages: apart }).map(({ message }) => message),
    ).toEqual([
      'Task T2 in packages/web/ builds on T1 in packages/api/, which packages/web/ does not ask for: no task adds it to the manifest there',
    ]);
  });

  it.each([
    [
      'asks for it',
      [reach('packages/api'), reach('packages/web', ['packages/api'])],
      [inApi, inWeb],
    ],
    [
      'asks for it through another',
      [
        reach('packages/api'),
        reach('packages/mid', ['packages/api']),
        reach('packages/web', ['packages/mid']),
      ],
      [inApi, inWeb],
    ],
    [
      'is made to ask for it',
      [reach('packages/api'), reach('packages/web')],
      [inApi, { ...inWeb, files: [...inWeb.files, 'packages/web/package.json'] }],
    ],
    [
      'speaks another language',
      [reach('packages/api'), { ...reach('packages/web'), ecosystem: 'python' }],
      [inApi, inWeb],
    ],
  ])('says nothing where it %s', (_, packages, tasks) => {
    expect(pathProblems(tasks, { paths, packages })).toEqual([]);
  });
});
