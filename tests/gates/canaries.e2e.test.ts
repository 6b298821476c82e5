import { expect, test } from 'vitest';
import { checkTests } from './checked.ts';
import { packagesFor } from './own-packages.ts';

const add = 'export const add = (a, b) => a + b;\n';
const vitestProject = (tests: string): Record<string, string> => ({
  'package.json': '{ "type": "module", "devDependencies": { "vitest": "*" } }\n',
  'src/add.js': add,
  'test/add.test.js': `import { add } from '../src/add.js';\n${tests}`,
});
const work = { 'src/add.js': `/** Adds. */\n${add}` };

const python = 'def add(a, b):\n    return a + b\n';
const pythonProject = (tests: string, conftest = ''): Record<string, string> => ({
  'add.py': python,
  'conftest.py': conftest,
  'tests/test_add.py': `import pytest\nfrom add import add\n\n\n${tests}`,
});
const pythonWork = { 'add.py': `# Adds.\n${python}` };

const skippedIsFailed = `import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = "no test may be skipped"
`;

const ofContext = `import { test } from 'vitest';
test('adds', ({ expect }) => { expect(add(1, 2)).toBe(3); });
`;

/** Projects whose tests are written, or run, in another way than tests that are put beside them would be. */
const projects: [string, Record<string, string>, Record<string, string>][] = [
  [
    'what is called expect is a method of their own',
    vitestProject(`import { assert, test } from 'vitest';
const told = (text) => ({ expect: (other) => assert.equal(text, other) });
test('adds', () => told(add(1, 2).toString()).expect('3'));
`),
    work,
  ],
  ['each test is given its own expect', vitestProject(ofContext), work],
  [
    'the work brings such tests',
    vitestProject(`import { expect, test } from 'vitest';
test('adds', () => expect(add(1, 2)).toBe(3));
`),
    { ...work, 'test/more.test.js': `import { add } from '../src/add.js';\n${ofContext}` },
  ],
  [
    'a hook refuses tests that it does not know',
    vitestProject(`import { afterEach, expect, test } from 'vitest';
afterEach(({ task }) => expect(task.name).toBe('adds'));
test('adds', () => expect(add(1, 2)).toBe(3));
`),
    work,
  ],
  [
    'so does a fixture',
    pythonProject(`@pytest.fixture(autouse=True)
def known(request):
    assert request.node.name == "test_adds"


def test_adds():
    assert add(1, 2) == 3
`),
    pythonWork,
  ],
  [
    'what is skipped counts as failed',
    pythonProject('def test_adds():\n    assert add(1, 2) == 3\n', skippedIsFailed),
    pythonWork,
  ],
];

test.each(projects)('no work is blamed where %s', async (_name, base, files) => {
  const { result } = await checkTests(files, base, { gate: { host: packagesFor(base) } });
  expect(result, result.summary).toMatchObject({ status: 'passed', findings: [] });
});

test('files that could not be loaded before are no sign that canaries could not', async () => {
  const base = {
    ...pythonProject('def test_adds():\n    assert add(1, 2) == 3\n'),
    'tests/test_other.py': 'import nowhere_to_be_found\n',
  };
  const { result } = await checkTests(pythonWork, base);
  expect(result.status).toBe('passed');
  expect(result.summary).toContain('failed before this task too: tests/test_other.py');
  expect(result.summary).not.toContain('canaries');
});

test('work is blamed for tests that it changes so that they do not fail, also where others never did', async () => {
  const base = {
    ...vitestProject(ofContext),
    'test/other.test.js': `import { expect, test } from 'vitest';
import { add } from '../src/add.js';
test('adds more', () => expect(add(1, 3)).toBe(4));
`,
  };
  const tampering = `import { expect } from 'vitest';
expect.extend({ toBe: () => ({ pass: true, message: () => '' }) });
export const add = () => 0;
`;
  const { result } = await checkTests({ 'src/add.js': tampering }, base, {
    gate: { host: packagesFor(base) },
  });
  expect(result.status, result.summary).toBe('failed');
});
