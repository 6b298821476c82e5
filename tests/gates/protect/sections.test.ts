import { expect, test } from 'vitest';
import { sectionsOf } from '../../../src/gates/protect/sections.ts';

const restore = (path: string, before: string | null, proposed: string, scripts: string[] = []) =>
  sectionsOf(path, scripts)?.restore(before, proposed, true);

const manifest = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

test('what decides nothing is taken as it is written, to the letter', async () => {
  const proposed = '{"name":"a",\n\n "dependencies":{"b":"1"}}';
  expect(await restore('package.json', '{"name":"x"}', proposed)).toEqual({
    content: proposed,
    changed: [],
  });
});

test('scripts and parts of package.json come back as they were, the rest is new', async () => {
  const before = manifest({ scripts: { test: 'jest', build: 'tsc' }, jest: { bail: 1 } });
  const proposed = manifest({
    scripts: { test: 'true', build: 'tsc -b' },
    version: '2',
    mocha: {},
  });
  const restored = await restore('package.json', before, proposed);
  expect(restored?.changed).toEqual(['scripts.test', 'jest', 'mocha']);
  expect(JSON.parse(restored?.content ?? '')).toEqual({
    scripts: { test: 'jest', build: 'tsc -b' },
    version: '2',
    jest: { bail: 1 },
  });
});

test('a script that the check runs counts too, also when it is gone', async () => {
  const before = manifest({ scripts: { lint: 'eslint .' } });
  const restored = await restore('package.json', before, manifest({ name: 'a' }), ['lint']);
  expect(restored?.changed).toEqual(['scripts.lint']);
  expect(JSON.parse(restored?.content ?? '')).toEqual({ name: 'a', scripts: { lint: 'eslint .' } });
});

test('a new file keeps none of them', async () => {
  const restored = await restore('package.json', null, manifest({ scripts: { test: 'true' } }));
  expect(JSON.parse(restored?.content ?? '')).toEqual({ scripts: {} });
});

test('parts of TOML files', async () => {
  const before = '[project]\nname = "a"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n';
  const proposed =
    '[project]\nname = "b"\n\n[tool.pytest.ini_options]\naddopts = "--collect-only"\n';
  const restored = await restore('pyproject.toml', before, proposed);
  expect(restored?.changed).toEqual(['tool.pytest']);
  expect(restored?.content).toContain('name = "b"');
  expect(restored?.content).toContain('addopts = "-q"');
  const cargo = await restore(
    'Cargo.toml',
    '[package]\nname = "a"\n',
    '[package]\nname = "a"\nbuild = "x.rs"\n',
  );
  expect(cargo?.changed).toEqual(['package.build']);
});

test('parts of setup.cfg', async () => {
  const before = '[metadata]\nname = a\n[tool:pytest]\naddopts = -q\n';
  const proposed =
    '[metadata]\nname = b\n[tool:pytest]\naddopts = --collect-only\n[tox]\nskip = 1\n';
  expect(await restore('setup.cfg', before, proposed)).toEqual({
    content: '[metadata]\nname = b\n[tool:pytest]\naddopts = -q\n',
    changed: ['tool:pytest', 'tox'],
  });
});

const surefire = (more: string): string =>
  `<project><build><plugins><plugin><artifactId>maven-surefire-plugin</artifactId>${more}</plugin></plugins></build></project>`;

test.each<[string, string, string, string[]]>([
  [
    'pom.xml',
    surefire(''),
    surefire('<configuration><skip>true</skip></configuration>'),
    ['maven-surefire-plugin'],
  ],
  [
    'pom.xml',
    '<project/>',
    '<project><properties><skipTests>true</skipTests></properties></project>',
    ['skipTests'],
  ],
  ['pom.xml', surefire(''), surefire('').replace('<build>', '<version>2</version><build>'), []],
  [
    'build.gradle',
    'test {\n  useJUnitPlatform()\n}\n',
    'test {\n  filter { exclude "x" }\n}\n',
    ['test'],
  ],
  ['build.gradle.kts', '', 'tasks.withType<Test> {\n  enabled = false\n}\n', ['test']],
  ['build.gradle', 'dependencies {\n}\n', 'dependencies {\n  implementation "a:b:1"\n}\n', []],
  [
    'a.Tests.csproj',
    '<Project/>',
    '<Project><IsTestProject>false</IsTestProject></Project>',
    ['IsTestProject'],
  ],
  [
    'composer.json',
    '{"scripts":{"test":"phpunit"}}',
    '{"scripts":{"test":"true"}}',
    ['scripts.test'],
  ],
  [
    'deno.json',
    '{ // the tests\n "test": {"include":["a"]}, }',
    '{"test":{"include":[]}}',
    ['test'],
  ],
  ['bunfig.toml', '', '[test]\nroot = "x"\n', ['test']],
  [
    'Makefile',
    'test: build\n\tpytest\nbuild:\n\tcc\n',
    'test: build\n\ttrue\nbuild:\n\tcc\n',
    ['test'],
  ],
  [
    'Makefile',
    'test: build\n\tpytest\nbuild:\n\tcc\n',
    'test: build\n\tpytest\nbuild:\n\trm -r tests\n',
    ['build'],
  ],
  [
    'Makefile',
    'FLAGS = -q\ntest:\n\tpytest $(FLAGS)\n',
    'FLAGS = -k x\ntest:\n\tpytest $(FLAGS)\n',
    ['$FLAGS'],
  ],
  ['Makefile', 'test:\n\tpytest\nlint:\n\truff\n', 'test:\n\tpytest\nlint:\n\ttrue\n', []],
  ['Makefile', '', 'test:\n\tpytest\n', []],
])('parts of %s: %j and %j', async (path, before, proposed, changed) => {
  expect((await restore(path, before, proposed))?.changed).toEqual(changed);
});

test('a build file comes back whole where a part of it differs; a new one comes without it', async () => {
  const pom = surefire('');
  const proposed = surefire('<configuration/>').replace('<build>', '<version>2</version><build>');
  expect((await restore('pom.xml', pom, proposed))?.content).toBe(pom);
  expect((await restore('pom.xml', null, '<a><skipTests>true</skipTests></a>'))?.content).toBe(
    '<a></a>',
  );
});

test('parts that were not there may stand where they sway nothing', async () => {
  const proposed = manifest({ scripts: { test: 'vitest' }, jest: {} });
  const before = manifest({ jest: { bail: 1 } });
  const restored = await sectionsOf('package.json', [])?.restore(before, proposed, false);
  expect(restored?.changed).toEqual(['jest']);
  expect(JSON.parse(restored?.content ?? '')).toMatchObject({ scripts: { test: 'vitest' } });
});

test('what cannot be read is judged as a whole, and other files have no parts', async () => {
  expect(await restore('package.json', '{}', '{ broken')).toBeNull();
  expect(await restore('pyproject.toml', null, '[[[')).toBeNull();
  expect(sectionsOf('src/a.js', [])).toBeNull();
});
