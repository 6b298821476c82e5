import { describe, expect, test } from 'vitest';
import { packagesIn } from '../../../src/repository/packages/packages-in.ts';
import {
  packageOf,
  type ProjectPackage,
} from '../../../src/repository/packages/project-package.ts';
import { viewOfFiles } from '../../gates/runners/view.ts';

const read = (files: Record<string, string>): Promise<ProjectPackage[]> =>
  packagesIn(viewOfFiles(files));

/** `folder name <- dependencies (workspace)`, short. */
async function shape(files: Record<string, string>): Promise<string[]> {
  return (await read(files)).map(({ folder, name, dependsOn, workspaceRoot, ecosystem }) => {
    const needs =
      dependsOn.length === 0 ? '' : ` <- ${dependsOn.map((one) => one || '.').join(' ')}`;
    const root = workspaceRoot === null ? '' : ` in ${workspaceRoot || '.'}`;
    return `${ecosystem} ${folder || '.'} ${name ?? '?'}${needs}${root}`;
  });
}

const json = JSON.stringify;

describe('npm', () => {
  test('workspaces by globs and negations; dependencies by name within, by path anywhere', async () => {
    const files = {
      'package.json': json({ name: 'root', workspaces: ['packages/*', '!packages/old', 'tools'] }),
      'packages/core/package.json': json({ name: '@a/core' }),
      'packages/app/package.json': json({
        name: '@a/app',
        dependencies: { '@a/core': 'workspace:*' },
        devDependencies: { tools: '*', '@a/old': '1', x: 'file:../../other/' },
      }),
      'packages/old/package.json': json({ name: '@a/old', dependencies: { '@a/core': '1' } }),
      'tools/package.json': json({ name: 'tools' }),
      'other/package.json': json({ name: 'other' }),
      'packages/core/fixtures/a/package.json': json({ name: 'fixture' }),
      'node_modules/x/package.json': json({ name: 'x' }),
    };
    expect(await shape(files)).toEqual([
      'npm . root in .',
      'npm other other',
      'npm packages/app @a/app <- other packages/core tools in .',
      'npm packages/core @a/core in .',
      'npm packages/old @a/old',
      'npm tools tools in .',
    ]);
  });

  test.each<[string, Record<string, string>]>([
    ['pnpm', { 'pnpm-workspace.yaml': 'packages:\n  - "libs/**"\n  - "!**/test/**"\n' }],
    [
      'pnpm, in one line',
      { 'pnpm-workspace.yaml': '\ufeff# all\npackages: ["libs/**", !**/test/**]\n' },
    ],
    [
      'pnpm, among other settings',
      {
        'pnpm-workspace.yaml':
          "catalog:\n  a: 1\npackages:\n# ours\n- libs/** # all\n- '!libs/a/test/*'\nonlyBuiltDependencies:\n  - esbuild\n",
      },
    ],
    ['yarn', { 'package.json': json({ workspaces: { packages: ['libs/**', '!**/test/**'] } }) }],
    ['lerna', { 'lerna.json': json({ packages: ['libs/**', '!libs/a/test/b'] }) }],
  ])('%s', async (_, files) => {
    const found = await shape({
      'libs/a/package.json': json({ name: 'a' }),
      'libs/a/test/b/package.json': json({ name: 'b' }),
      ...files,
    });
    expect(found.filter((one) => !one.startsWith('npm . '))).toEqual([
      'npm libs/a a in .',
      'npm libs/a/test/b b',
    ]);
  });

  test('scripts, runners, source roots and entry points', async () => {
    const [one] = await read({
      'package.json': `\ufeff${json({
        name: '@a/b',
        scripts: { test: 'node --test && vitest run', build: 'tsc', lint: 3, empty: ' ' },
        devDependencies: { '@playwright/test': '1' },
        bin: './cli.js',
        exports: { './x': './x.js', '.': { types: './d.d.ts', import: './dist/index.js' } },
      })}`,
      'src/a.ts': '',
    });
    expect(one).toEqual({
      folder: '',
      name: '@a/b',
      ecosystem: 'npm',
      manifest: 'package.json',
      workspaceRoot: null,
      dependsOn: [],
      scripts: { test: 'node --test && vitest run', build: 'tsc' },
      runners: ['vitest', 'playwright', 'node --test'],
      sourceRoots: ['src', ''],
      entryPoints: ['./dist/index.js', 'b: ./cli.js'],
      problem: null,
    });
  });

  test.each([
    ['comments', '{ // a\n "name": "a" }'],
    ['half a file', '{ "name": "a", "scr'],
    ['nothing', ''],
    ['a list', '[1]'],
    ['what is no JSON', '\0\0'],
  ])('%s: a package without a name', async (_, text) => {
    expect(await read({ 'package.json': text })).toMatchObject([
      { folder: '', name: null, scripts: {}, problem: 'it is no valid JSON' },
    ]);
  });

  test('fields of other kinds are passed over', async () => {
    const text = json({
      name: 3,
      workspaces: 'x',
      scripts: [],
      dependencies: null,
      bin: 7,
      main: {},
    });
    expect(await read({ 'package.json': text })).toMatchObject([{ name: null, problem: null }]);
  });
});

describe('Python', () => {
  test('a workspace of uv, source layouts, dependencies by name and path', async () => {
    const files = {
      'pyproject.toml':
        '[project]\nname = "root"\n[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/old"]\n',
      'packages/core/pyproject.toml':
        '[project]\nname = "acme_core"\n[project.scripts]\nrun = "acme.cli:main"\n',
      'packages/core/src/acme/__init__.py': '',
      'packages/core/tests/test_a.py': '',
      'packages/app/pyproject.toml':
        '[project]\nname = "acme-app"\ndependencies = ["acme-core>=1"]\n[tool.pytest.ini_options]\n',
      'packages/app/acme_app/__init__.py': '',
      'packages/old/setup.py':
        'from setuptools import setup\nsetup(\n  name="old",\n  package_dir={"": "lib"},\n)\n',
      'packages/old/lib/old.py': '',
      'scripts/requirements.txt': 'requests\n',
      'tests/fixtures/x/pyproject.toml': '[project]\nname = "x"\n',
    };
    expect(await shape(files)).toEqual([
      'python . root in .',
      'python packages/app acme-app <- packages/core in .',
      'python packages/core acme_core in .',
      'python packages/old old',
    ]);
    const packages = await read(files);
    expect(packages.map(({ sourceRoots }) => sourceRoots)).toEqual([
      [''],
      ['packages/app'],
      ['packages/core/src', 'packages/core'],
      ['packages/old/lib', 'packages/old'],
    ]);
    expect(packages.map(({ runners }) => runners)).toEqual([[], ['pytest'], ['unittest'], []]);
    expect(packages[2]?.entryPoints).toEqual(['run: acme.cli:main']);
  });

  test('poetry, setup.cfg, requirements alone, broken ones', async () => {
    const files = {
      'a/pyproject.toml':
        '[tool.poetry]\nname = "pa"\npackages = [{ include = "pa", from = "python" }]\n[tool.poetry.dependencies]\npb = { path = "../b" }\n',
      'a/python/pa/__init__.py': '',
      'b/setup.cfg': '[metadata]\nversion = 1\nname = pb\n[options]\npackage_dir =\n    = source\n',
      'b/source/pb.py': '',
      'c/requirements.txt': '-e ../a\n',
      'd/pyproject.toml': '[project\nname = ',
    };
    expect(await shape(files)).toEqual([
      'python a pa <- b',
      'python b pb',
      'python c ? <- a',
      'python d ?',
    ]);
    expect(
      (await read(files)).map(({ sourceRoots, problem }) => [sourceRoots[0], problem]),
    ).toEqual([
      ['a/python', null],
      ['b/source', null],
      ['c', null],
      ['d', 'it is no valid TOML'],
    ]);
  });
});

describe('Go', () => {
  test('modules, workspaces, replacements', async () => {
    const files = {
      'go.work': 'go 1.22\nuse (\n\t./api // the server\n\t"./lib"\n)\nuse ./tool\n',
      'api/go.mod':
        'module example.com/api\n\nrequire (\n\texample.com/lib v1.0.0\n\tgithub.com/x/y v1.2.3 // indirect\n)\n',
      'api/main.go': '',
      'api/cmd/x/main.go': '',
      'lib/go.mod': 'module "example.com/lib"\n',
      'lib/a_test.go': '',
      'tool/go.mod': 'module example.com/tool\nrequire example.com/lib v1.0.0\n',
      'alone/go.mod': '\ufeffmodule example.com/alone\nreplace example.com/lib => ../lib\n',
      'vendor/x/go.mod': 'module x\n',
      'broken/go.mod': 'modul',
    };
    expect(await shape(files)).toEqual([
      'go alone example.com/alone <- lib',
      'go api example.com/api <- lib in .',
      'go broken ?',
      'go lib example.com/lib in .',
      'go tool example.com/tool <- lib in .',
    ]);
    const packages = await read(files);
    expect(packageOf('api/x.go', packages)).toMatchObject({
      entryPoints: ['cmd/x/main.go', 'main.go'],
    });
    expect(packageOf('lib/x.go', packages)).toMatchObject({ runners: ['go test'] });
  });
});

test('Cargo: workspaces, dependencies by path and from the workspace', async () => {
  const files = {
    'Cargo.toml':
      '[workspace]\nmembers = ["crates/*"]\nexclude = ["fuzz"]\n[workspace.dependencies]\ncore = { path = "crates/core" }\n',
    'crates/core/Cargo.toml': '[package]\nname = "core"\n',
    'crates/core/src/lib.rs': '',
    'crates/app/Cargo.toml':
      '[package]\nname = "app"\n[dependencies]\ncore.workspace = true\nserde = "1"\n[dev-dependencies]\nhelp = { path = "../help" }\n',
    'crates/app/src/main.rs': '',
    'crates/help/Cargo.toml': '[package]\nname = "help"\n',
    'fuzz/Cargo.toml': '[package]\nname = "fuzz"\n',
    'bad/Cargo.toml': '[package\n',
  };
  expect(await shape(files)).toEqual([
    'cargo bad ? in .',
    'cargo crates/app app <- crates/core crates/help in .',
    'cargo crates/core core in .',
    'cargo crates/help help in .',
    'cargo fuzz fuzz',
  ]);
  const packages = await read(files);
  expect(packageOf('crates/app/src/x.rs', packages)).toMatchObject({
    entryPoints: ['src/main.rs'],
    sourceRoots: ['crates/app/src'],
  });
});

test('Maven: modules at any depth, groups inherited or written', async () => {
  const pom = (body: string): string => `<?xml version="1.0"?><project xmlns="x">${body}</project>`;
  const files = {
    'pom.xml': pom(
      '<groupId>g</groupId><artifactId>all</artifactId><modules><module>core</module><module>web/</module></modules>',
    ),
    'core/pom.xml': pom(
      '<parent><groupId>g</groupId><artifactId>all</artifactId></parent><artifactId>core</artifactId>',
    ),
    'core/src/main/java/A.java': '',
    'core/src/test/java/ATest.java': '',
    'web/pom.xml': pom(
      '<parent><groupId>g</groupId></parent><artifactId>web</artifactId><modules><module>ui</module></modules><dependencies><dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId></dependency><dependency><groupId>org.other</groupId><artifactId>ui</artifactId></dependency></dependencies>',
    ),
    'web/ui/pom.xml': pom('<groupId>g</groupId><artifactId>ui</artifactId>'),
    'alone/pom.xml': '<project><artifactId>a',
  };
  expect(await shape(files)).toEqual([
    'maven . all in .',
    'maven alone ?',
    'maven core core in .',
    'maven web web <- core in .',
    'maven web/ui ui in .',
  ]);
  expect(packageOf('core/src/main/java/A.java', await read(files))).toMatchObject({
    sourceRoots: ['core/src/main/java', 'core/src/test/java'],
    runners: ['maven'],
  });
});

test('Gradle: both languages of its settings, moved projects, dependencies on projects', async () => {
  const files = {
    'settings.gradle.kts':
      'rootProject.name = "all"\n// include(":gone")\n/* include(":gone2") */\ninclude(":app", ":libs:core-api")\ninclude("moved")\nproject(":moved").projectDir = file("other/place")\n',
    'build.gradle.kts': '',
    'app/build.gradle.kts':
      'dependencies { implementation(project(":libs:core-api"))\n implementation(projects.moved) // project(":none")\n}',
    'libs/core-api/build.gradle': '',
    'libs/core-api/src/test/kotlin/A.kt': '',
    'other/place/A.java': '',
    'groovy/settings.gradle': "include ':one',\n  ':two'\nrootProject.name = 'groovy'",
    'groovy/one/build.gradle': "dependencies { implementation project(path: ':two') }",
    'groovy/two/build.gradle': '',
    'alone/build.gradle': '',
  };
  expect(await shape(files)).toEqual([
    'gradle . all in .',
    'gradle alone alone',
    'gradle app app <- libs/core-api other/place in .',
    'gradle groovy groovy in groovy',
    'gradle groovy/one one <- groovy/two in groovy',
    'gradle groovy/two two in groovy',
    'gradle libs/core-api core-api in .',
    'gradle other/place moved in .',
  ]);
});

test('a file belongs to the innermost package around it', async () => {
  const packages = await read({
    'package.json': '{}',
    'packages/a/package.json': '{}',
    'packages/a/go.mod': 'module a\n',
    'packages/ab/go.mod': 'module ab\n',
  });
  const of = (path: string): string | undefined => packageOf(path, packages)?.manifest;
  expect(of('x.ts')).toBe('package.json');
  expect(of('packages/x.ts')).toBe('package.json');
  expect(of('packages/a/deep/x.ts')).toBe('packages/a/package.json');
  expect(of('packages/ab/x.ts')).toBe('packages/ab/go.mod');
  expect(packageOf('x.ts', [])).toBeNull();
});

test('a project without manifests has no packages', async () => {
  expect(await read({ 'a.ts': '', 'README.md': '' })).toEqual([]);
});

test('manifests that are made to take for ever do not', async () => {
  const long = (text: string): string => text.repeat(Math.ceil(300_000 / text.length));
  const hostile = [
    'include ',
    '/*',
    '\n',
    ' ',
    'require (',
    'setup(',
    'name',
    '[metadata]\n',
    '{',
    '"',
    "include 'a' ",
    'project(',
    '[',
    '- ',
    '../',
    '<a>',
    'name = "',
  ];
  const names = [
    'package.json',
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
    'go.mod',
    'go.work',
    'Cargo.toml',
    'pom.xml',
    'settings.gradle',
    'build.gradle',
    'pnpm-workspace.yaml',
  ];
  const files = Object.fromEntries(
    hostile.flatMap((text, index) => names.map((name) => [`f${index}/${name}`, long(text)])),
  );
  expect((await read(files)).length).toBeGreaterThan(0);
});
