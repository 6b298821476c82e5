import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { rm } from '../files/disk.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { SandboxEnd } from '../sandbox/sandbox.ts';
import type { TestOutcome, TestReport } from './runners/runner.ts';

/** One run of a suite, as it is compared with another. */
export interface TestRun {
  readonly end: SandboxEnd;
  readonly report: TestReport;
  readonly durationMs: number;
  /** Tests and settings that the run itself changed. */
  readonly rewritten: readonly string[];
  /** How often the suite was run, and the tests whose outcome was not the same each time, by `testKey`. */
  readonly runs: number;
  readonly flaky: readonly string[];
}

/** Runs of suites, each by a key of all that it depends on. */
export interface KnownRuns {
  get(key: string): Promise<TestRun | null>;
  /** Never throws: what cannot be kept is run again. */
  put(key: string, run: TestRun): Promise<void>;
}

/** Raised where a file is written otherwise, or the tests of a report get other names. */
const readAs = 3;

const outcomeSchema = z.object({
  outcome: z.enum(['passed', 'failed', 'skipped']),
  name: z.string(),
  file: z.string().nullable(),
  line: z.number().nullable(),
  text: z.string(),
}) satisfies z.ZodType<TestOutcome>;

const runSchema = z.object({
  version: z.literal(readAs),
  end: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('exited'), code: z.number() }),
    z.object({ kind: z.literal('killed'), signal: z.string() }),
    z.object({
      kind: z.literal('limit'),
      limit: z.enum(['time', 'memory', 'processes', 'output', 'disk']),
    }),
  ]),
  durationMs: z.number(),
  runs: z.number(),
  flaky: z.array(z.string()),
  rewritten: z.array(z.string()),
  report: z.object({
    complete: z.boolean(),
    passed: z.number(),
    failed: z.number(),
    skipped: z.number(),
    counted: z.boolean(),
    files: z.array(z.string()).nullable(),
    tests: z.array(outcomeSchema).nullable(),
    broken: z.string().nullable(),
    tail: z.string().exactOptional(),
  }),
});

const mostKept = 60;
/** Characters of a failure's words: a person sees those of the work's run. */
const mostWords = 2_000;

/**
 * @param folder of this user alone, absolute: whoever can write there decides what passed before the work.
 * Null: nothing outlives the process.
 */
export function createKnownRuns(folder: string | null): KnownRuns {
  const here = new Map<string, TestRun>();
  return {
    async get(key) {
      const known =
        here.get(key) ?? (folder === null ? null : await readRun(join(folder, `${key}.json`)));
      if (known !== null) here.set(key, known);
      return known;
    },
    async put(key, run) {
      here.set(key, run);
      if (folder === null) return;
      try {
        await makeFolder(folder);
        await writeFileAtomic(join(folder, `${key}.json`), textOf(run));
        await removeOldest(folder);
      } catch {
        // A cache: the command goes on without it.
      }
    },
  };
}

function textOf({ end, durationMs, rewritten, runs, flaky, report }: TestRun): string {
  const { complete, passed, failed, skipped, counted, tests, files, broken, tail } = report;
  const short = (test: TestOutcome): TestOutcome => ({
    ...test,
    text: test.text.slice(0, mostWords),
  });
  const kept: z.infer<typeof runSchema> = {
    version: readAs,
    end,
    durationMs,
    runs,
    flaky: [...flaky],
    rewritten: [...rewritten],
    report: {
      complete,
      passed,
      failed,
      skipped,
      counted,
      broken,
      ...(tail !== undefined && { tail }),
      files: files === null ? null : [...files],
      tests: tests === null ? null : tests.map(short),
    },
  };
  return `${JSON.stringify(kept)}\n`;
}

async function readRun(path: string): Promise<TestRun | null> {
  try {
    const { report, ...rest } = runSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const files = report.files === null ? null : new Set(report.files);
    const failures = (report.tests ?? []).filter(({ outcome }) => outcome === 'failed');
    return { ...rest, report: { ...report, files, failures } };
  } catch {
    return null;
  }
}

async function removeOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  if (names.length <= mostKept) return;
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = dated.sort((a, b) => b.at - a.at).slice(mostKept);
  for (const { name } of old) await rm(join(folder, name), { force: true });
}
