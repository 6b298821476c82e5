import * as z from 'zod';
import { markedLines, reportOf, type TestOutcome, type TestReport } from './runner.ts';

/** What our own reporters print, one JSON object a line behind the mark. */
const eventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('test'),
    outcome: z.enum(['passed', 'failed', 'skipped']),
    name: z.string(),
    file: z.string().nullable(),
    line: z.number().nullable(),
    text: z.string(),
  }),
  /** A file that could not be loaded, or that ended before its tests did. */
  z.object({
    event: z.literal('broken-file'),
    name: z.string(),
    file: z.string().nullable(),
    line: z.number().nullable(),
    text: z.string(),
  }),
  z.object({ event: z.literal('broken'), text: z.string() }),
  z.object({ event: z.literal('begin') }),
  z.object({ event: z.literal('end') }),
]);

/** @param relative turns a path of the sandbox into one of the project; null for one outside. */
export function readMarkedReport(
  stdout: string,
  mark: string,
  relative: (path: string) => string | null,
): TestReport {
  const tests: TestOutcome[] = [];
  let begun = 0;
  let ended = 0;
  let broken: string | null = null;
  for (const line of markedLines(stdout, mark)) {
    const { data: event } = eventSchema.safeParse(line);
    if (event?.event === 'begin') begun += 1;
    else if (event?.event === 'end') ended += 1;
    else if (event?.event === 'broken') broken = event.text;
    else if (event !== undefined) {
      const file = event.file === null ? null : relative(event.file);
      tests.push({ outcome: 'failed', ...event, file });
    }
  }
  // Runners of one run only say their end.
  return reportOf(tests, { complete: ended > 0 && ended >= begun, broken });
}
