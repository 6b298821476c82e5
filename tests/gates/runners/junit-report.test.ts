import { expect, test } from 'vitest';
import { bunReader } from '../../../src/gates/runners/bun.ts';
import { junitReader } from '../../../src/gates/runners/junit-report.ts';
import { fileOfClass, jvmReader } from '../../../src/gates/runners/jvm-tests.ts';
import { trxReader } from '../../../src/gates/runners/trx-report.ts';
import type { SandboxRun } from '../../../src/sandbox/sandbox.ts';
import { bunReport, phpunitReport, surefire, surefireSetUp, trx } from './reports.ts';
import { viewOfFiles } from './view.ts';

const plain = {
  fileOf: ({ file }: { file: string | null }) => file,
  nameOf: ({ className, name }: { className: string; name: string }) => `${className}::${name}`,
  foreign: null,
};
const ended = (stdout = ''): SandboxRun => ({
  end: { kind: 'exited', code: 0 },
  stdout,
  stderr: '',
  durationMs: 1,
});
const java = viewOfFiles({
  'core/src/test/java/a/AddTest.java': '',
  'core/src/main/java/a/Add.java': '',
  'app/src/test/java/a/AppTest.java': '',
});

test('Surefire: names, files by their classes, lines, words without the frames of the runner', async () => {
  const read = await jvmReader(java, '');
  const report = read(ended(), [surefire, surefireSetUp]);
  expect(report).toMatchObject({ complete: true, broken: null });
  const file = 'core/src/test/java/a/AddTest.java';
  expect(report.tests).toMatchObject([
    { name: 'a.AddTest.one(int)[1]', outcome: 'passed', file },
    {
      name: 'a.AddTest.adds',
      outcome: 'failed',
      file,
      line: 7,
      text: 'org.opentest4j.AssertionFailedError: expected: <3> but was: <-1>\n\tat a.AddTest.adds(AddTest.java:7)',
    },
    { name: 'a.AddTest.later', outcome: 'skipped', file },
    { name: 'a.AddTest$Inner.raises', outcome: 'failed', file, line: 10 },
    { name: 'loading a.AppTest', outcome: 'failed', file: 'app/src/test/java/a/AppTest.java' },
  ]);
});

test('what a compiler says is a failure of its file; a package that is not there is none of the work', async () => {
  const read = await jvmReader(java, '');
  const maven = '[ERROR] /work/core/src/main/java/a/Add.java:[2,5] cannot find symbol\n';
  const gradle = 'core/src/main/java/a/Add.java:3: error: cannot find symbol\n';
  const { failures } = read(ended(maven.repeat(2) + gradle), []);
  expect(failures).toMatchObject([
    { name: 'compiling', file: 'core/src/main/java/a/Add.java', line: 2 },
    { name: 'compiling', line: 3, text: 'cannot find symbol' },
  ]);
  const offline =
    '[ERROR] Cannot access central (https://x) in offline mode and the artifact a:b:jar:1 has not been downloaded from it before.';
  expect(read(ended(offline), []).broken).toMatch(/^Cannot access central .*a:b:jar:1/);
});

test('a process of tests that ended itself leaves a report that is not complete', async () => {
  const read = await jvmReader(java, '');
  const words = 'The forked VM terminated without properly saying goodbye.';
  expect(read(ended(words), [surefire]).complete).toBe(false);
  expect(read(ended(), []).complete).toBe(false);
});

test.each([
  ['a.AddTest', 'src/test/java/a/AddTest.java'],
  ['a.AddTest$Inner', 'src/test/java/a/AddTest.java'],
  ['b.deep.OtherSpec', 'src/test/kotlin/OtherSpec.kt'],
  ['c.AddTest', null],
  ['', null],
])('the file of class %s is %s', (name, file) => {
  const files = [
    'src/test/java/a/AddTest.java',
    'x/a/AddTest.java',
    'src/test/kotlin/OtherSpec.kt',
  ];
  expect(fileOfClass(name, files)).toBe(file);
});

test('PHPUnit: suites in suites; a test without assertions proves nothing', async () => {
  const report = (await junitReader(plain))([phpunitReport]);
  expect(report.tests).toMatchObject([
    { name: 'AddTest::testAdds', outcome: 'failed', file: '/work/tests/AddTest.php', line: 6 },
    { name: 'AddTest::testRisky', outcome: 'skipped', line: 9, text: '' },
    { name: 'AddTest::testSum with data set "two"', outcome: 'passed' },
  ]);
});

test('Bun: names from the outermost suite inwards', async () => {
  const report = (await bunReader((path) => path))([bunReport]);
  expect(report.tests).toMatchObject([
    { name: 'sums > later', outcome: 'skipped' },
    { name: 'sums > deep > 1 is 2', outcome: 'failed', file: 'add.test.ts', line: 4 },
  ]);
  expect(report.failures[0]?.text).toMatch(/^AssertionError: .*\n\nExpected: 2\nReceived: 1$/);
});

test('the addresses of objects are no part of a name', async () => {
  const xml = '<testsuite><testcase classname="A" name="adds(a.Point@1b2c3d4e)"/></testsuite>';
  expect((await junitReader(plain))([xml]).tests?.[0]?.name).toBe('A::adds(a.Point@…)');
});

test.each([
  ['half written', phpunitReport.slice(0, 700)],
  ['empty', ''],
  ['no XML', 'Segmentation fault'],
  ['too deep', '<a>'.repeat(50_000)],
  ['an entity of its own', '<!DOCTYPE a [<!ENTITY x "y">]><testsuite name="&x;"/>'],
  ['an entity that is a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "/etc/passwd">]><a>&x;</a>'],
])('a report that is %s is told and ends nothing', async (_what, text) => {
  const report = (await junitReader(plain))([bunReport, text]);
  expect(report.complete).toBe(false);
  const names = ['sums::later', 'deep > sums::1 is 2', 'loading the report'];
  expect(report.tests?.map(({ name }) => name)).toEqual(names);
  expect(report.failures.at(-1)?.text).toMatch(/^The runner's report is not whole: \w+/);
});

test('entities are not multiplied', async () => {
  const lines = Array.from(
    { length: 9 },
    (_, at) => `<!ENTITY a${at + 1} "${`&a${at};`.repeat(10)}">`,
  );
  const bomb = `<!DOCTYPE a [<!ENTITY a0 "ha">${lines.join('')}]><testsuite name="&a9;"/>`;
  expect((await junitReader(plain))([bomb]).failures[0]?.text).toContain('entity');
});

test('colours and broken characters that a test printed do not spoil the report', async () => {
  const words = '\u001b[31mred\u001b[0m &#27;[0m &#x0; \ud800 ok &lt;b&gt;';
  const xml = `<testsuite><testcase classname="A" name="a"><failure>${words}</failure></testcase></testsuite>`;
  const report = (await junitReader(plain))([xml]);
  expect(report.complete).toBe(true);
  expect(report.failures[0]?.text).toBe('\ufffd[31mred\ufffd[0m \ufffd[0m \ufffd \ufffd ok <b>');
});

test('TRX: outcomes, words, files by class or frame', async () => {
  const read = await trxReader({
    place: (path) => path.replace('/work/', ''),
    fileOfClass: (name) => (name === 'Acme.Tests.AddTests' ? 'tests/AddTests.cs' : null),
  });
  const report = read([trx]);
  expect(report).toMatchObject({ complete: true, passed: 1, failed: 1, skipped: 1 });
  expect(report.tests).toMatchObject([
    {
      name: 'Acme.Tests.AddTests.Adds(a: 1, b: 2)',
      outcome: 'failed',
      file: 'tests/AddTests.cs',
      line: 12,
      text: expect.stringMatching(
        /^Assert\.Equal\(\) Failure[^]*Actual: {3}-1\n {2}at Acme.*:line 12$/,
      ),
    },
    { name: 'Acme.Tests.AddTests.Later', outcome: 'skipped' },
    { name: 'Acme.Tests.AddTests.Zero', outcome: 'passed', file: 'tests/AddTests.cs' },
  ]);
  expect(
    read([trx.replace('outcome="Failed"><Counters', 'outcome="Aborted"><Counters')]).complete,
  ).toBe(false);
  expect(read([trx.slice(0, 900)])).toMatchObject({ complete: false, failed: 1 });
});
