import { describe, expect, test } from 'vitest';
import { createKnownRuns } from '../../../src/gates/known-runs.ts';
import type { Sandbox, SandboxJob, SandboxRun } from '../../../src/sandbox/sandbox.ts';
import { plain } from '../../helpers/sandboxes.ts';
import { limits } from '../checked.ts';
import { tried, type Files } from './tried.ts';

type Took = (job: SandboxJob) => number;

/** A sandbox in which each run takes its time, tells nothing, and is ended by its limit. */
function taking(took: Took) {
  const jobs: SandboxJob[] = [];
  const sandbox: Sandbox = {
    ...plain,
    has: () => Promise.resolve(true),
    run: (job): Promise<SandboxRun> => {
      jobs.push(job);
      const durationMs = took(job);
      const end =
        durationMs > job.limits.wallMs
          ? ({ kind: 'limit', limit: 'time' } as const)
          : ({ kind: 'exited', code: 0 } as const);
      return Promise.resolve({ end, stdout: '', stderr: '', durationMs });
    },
  };
  return { sandbox, given: () => jobs.map((job) => job.limits.wallMs), jobs };
}

async function problemOf(path: string, text: string, project: Files, took: Took) {
  const { sandbox, given, jobs } = taking(took);
  const gate = { sandbox: () => Promise.resolve(sandbox), knownRuns: createKnownRuns(null) };
  const files = await tried({ [path]: text }, project, { gate });
  return { kind: files[path]?.problem?.kind, given: given(), jobs };
}

const nodeTest = "import { test } from 'node:test';\ntest('R1', () => {});\n";
const slowProject = { 'src/a.js': '', 'test/own.test.js': nodeTest };

describe('a trial that takes longer than a minute', () => {
  test('is given the time that the project’s own tests take', async () => {
    const { kind, given } = await problemOf('test/r1.test.js', nodeTest, slowProject, () => 70_000);
    expect(kind).toBe('silent');
    expect(given).toEqual([60_000, limits.wallMs, limits.wallMs]);
  });

  test('does not end, where these take less', async () => {
    const took: Took = ({ limits: { wallMs } }) => (wallMs === 60_000 ? 61_000 : 5_000);
    const { kind, given } = await problemOf('test/r1.test.js', nodeTest, slowProject, took);
    expect(kind).toBe('endless');
    expect(given).toEqual([60_000, limits.wallMs]);
  });
});

const rustTest = '#[test]\nfn r1() { assert_eq!(m::one(), 1); }\n';
const javaTest =
  'import org.junit.jupiter.api.Test;\n\nclass R1Test {\n  @Test\n  void r1() {}\n}\n';
const goTest = 'package m\n\nimport "testing"\n\nfunc TestR1(t *testing.T) {}\n';
const compiled: readonly (readonly [string, string, string, Files])[] = [
  ['cargo', 'tests/r1.rs', rustTest, { 'Cargo.toml': '[package]\nname = "m"\n', 'src/lib.rs': '' }],
  ['go', 'r1_test.go', goTest, { 'go.mod': 'module m\n', 'm.go': 'package m\n' }],
  ['mvn', 'src/test/java/R1Test.java', javaTest, { 'pom.xml': '<project/>', 'src/A.java': '' }],
  ['gradle', 'src/test/java/R1Test.java', javaTest, { 'build.gradle': '', 'src/A.java': '' }],
];

for (const [program, path, text, project] of compiled)
  test(`what ${program} compiles does not count for the time of the tests`, async () => {
    const compiling = /--no-run|-exec=true|test-compile|testClasses/;
    const isCompiling = ({ command }: SandboxJob): boolean => compiling.test(command.join(' '));
    const { kind, given, jobs } = await problemOf(path, text, project, (job) =>
      isCompiling(job) ? 100_000 : 20_000,
    );
    expect(kind).not.toBe('endless');
    expect(jobs.map(isCompiling)).toEqual([true, false]);
    expect(given).toEqual([limits.wallMs, 60_000]);
  });
