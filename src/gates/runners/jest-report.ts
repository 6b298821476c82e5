import * as z from 'zod';
import { emptyReport, type TestFailure, type TestReport } from './runner.ts';

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
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const files = new Set<string>();
  const failures: TestFailure[] = [];
  for (const suite of parsed.testResults) {
    const file = relative(suite.name);
    if (file !== null && suite.assertionResults.length > 0) files.add(file);
    for (const test of suite.assertionResults) {
      const outcome =
        test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      counts[outcome] += 1;
      if (outcome !== 'failed') continue;
      const words = (test.failureMessages ?? []).join('\n');
      const line = lineIn(words, suite.name) ?? test.location?.line ?? null;
      failures.push({ name: test.fullName ?? test.title, file, line, text: ownFrames(words) });
    }
    // The file could not be loaded, or a hook of it broke.
    if (
      suite.status === 'failed' &&
      !suite.assertionResults.some(({ status }) => status === 'failed')
    ) {
      counts.failed += 1;
      if (file !== null) files.add(file);
      const words = suite.message ?? '';
      failures.push({
        name: 'loading the file',
        file,
        line: lineIn(words, suite.name),
        text: ownFrames(words),
      });
    }
  }
  return { ...emptyReport, complete: true, ...counts, files, failures };
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
    .filter((line) => !/^\s+at .*(?:node_modules|node:|new Promise \(<anonymous>\))/.test(line))
    .join('\n');
}
