import * as z from 'zod';
import { emptyReport, reportOf, type TestOutcome, type TestReport } from './runner.ts';

/** The JSON report of jest, which vitest writes too. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string().nullish(),
          title: z.string(),
          failureMessages: z.array(z.string()).nullish(),
          location: z.object({ line: z.number() }).nullish(),
        }),
      ),
    }),
  ),
});

/** A report that is not there, or is none, is one that was cut off. */
export function readJestReport(
  text: string | null,
  relative: (path: string) => string | null,
): TestReport {
  const parsed = parse(text);
  if (parsed === null) return emptyReport;
  const tests = parsed.testResults.flatMap((suite): TestOutcome[] => {
    const file = relative(suite.name);
    const failure = (name: string, words: string, line: number | null): TestOutcome => ({
      outcome: 'failed',
      name,
      file,
      line: lineIn(words, suite.name) ?? line,
      text: ownFrames(words),
    });
    const ofSuite = suite.assertionResults.map((test): TestOutcome => {
      const name = test.fullName ?? test.title;
      const words = (test.failureMessages ?? []).join('\n');
      if (test.status === 'failed') return failure(name, words, test.location?.line ?? null);
      const outcome = test.status === 'passed' ? 'passed' : 'skipped';
      return { outcome, name, file, line: null, text: '' };
    });
    // The file could not be loaded, or a hook of it broke.
    const broke = suite.status === 'failed' && !ofSuite.some(({ outcome }) => outcome === 'failed');
    return broke ? [...ofSuite, failure('loading the file', suite.message ?? '', null)] : ofSuite;
  });
  return reportOf(tests, { complete: true });
}

function parse(text: string | null): z.infer<typeof reportSchema> | null {
  try {
    return text === null ? null : reportSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function lineIn(words: string, file: string): number | null {
  const at = words.indexOf(`${file}:`);
  const line = at === -1 ? null : /^\d+/.exec(words.slice(at + file.length + 1));
  return line === null ? null : Number(line[0]);
}

/** Without the runner's own stack frames, which say nothing of the work. */
function ownFrames(words: string): string {
  return words
    .split('\n')
    .filter(
      (line) => !/^\s+at .*(?:node_modules|node:|<Jasmine>|new Promise \(<anonymous>\))/.test(line),
    )
    .join('\n');
}
