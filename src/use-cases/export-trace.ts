import { throwIfAborted } from '../domain/errors.ts';
import type { SkippedLines } from '../domain/event.ts';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { traceLineSchema, type TraceLine } from '../domain/trace.ts';
import { firstLine } from '../files/new-lines-file.ts';
import { createEvidenceFold } from '../report/preferences/fold.ts';
import { createTraceFold } from '../report/trace/trace-fold.ts';
import { verdictsOf } from '../report/trace/verdicts.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { exportSources } from './export-sources.ts';
import { writeExports } from './export-place.ts';
import type { Program } from './program.ts';
import { traceLineOf } from './trace-line.ts';

export interface TraceSummary {
  readonly calls: number;
  /** Calls that have ended and whose reply is not kept any more, or cannot be read. */
  readonly withoutReply: number;
  /** Lines of the journals that were passed over. */
  readonly skippedLines: SkippedLines;
}

/**
 * Every call of one feature, or of all features, asks, tournaments and debates: in the order of the folders,
 * and there as they began. Nothing is written.
 * @returns when the last one was taken, the counts
 * @throws BlueprintError `feature-not-found` @throws InterruptedError
 */
export async function* traceLines(
  { feature }: { readonly feature: string | null },
  program: Program,
  signal: AbortSignal,
): AsyncGenerator<TraceLine, TraceSummary> {
  const skippedLines = { unreadable: 0, unknown: 0 };
  let calls = 0;
  let withoutReply = 0;
  for (const source of await exportSources(feature, program, signal)) {
    const trace = createTraceFold();
    const evidence = createEvidenceFold(source.kind === 'feature' ? 'feature' : 'ad-hoc');
    const passed = await source.readEvents((event) => {
      trace.follow(event);
      evidence.follow(event);
    });
    skippedLines.unreadable += passed.unreadable;
    skippedLines.unknown += passed.unknown;
    const verdicts = verdictsOf(evidence.attempts());
    for (const call of trace.calls()) {
      throwIfAborted(signal);
      const line = await traceLineOf(source, call);
      calls++;
      const hasEnded = line.outcome === 'finished' || line.outcome === 'kept';
      if (hasEnded && line.artefactSha256 === null) withoutReply++;
      yield program.redactor.deep({ ...line, verdict: verdicts.get(call.call) ?? null });
    }
  }
  return { calls, withoutReply, skippedLines };
}

export interface WriteTrace {
  /** Null: all work of the project. */
  readonly feature: string | null;
  /** Absolute; null: lines go to `print`. */
  readonly out: string | null;
  readonly force: boolean;
  /** Takes each line where there is no `out`; null: they are only counted. */
  readonly print: ((line: string) => Promise<void>) | null;
}

/** Writes the lines. @throws BlueprintError as `traceLines` and `writeExports` @throws InterruptedError */
export function writeTrace(
  { feature, out, force, print }: WriteTrace,
  program: Program,
  signal: AbortSignal,
): Promise<TraceSummary> {
  const places = out === null ? [] : [{ path: out, isOwn: () => isTrace(out) }];
  return writeExports(places, { force, program }, async ([file]) => {
    const source = traceLines({ feature }, program, signal);
    let next = await source.next();
    while (next.done !== true) {
      const text = jsonWithHiddenShown(JSON.stringify(next.value));
      await (file === undefined ? print?.(text) : file.write(text));
      next = await source.next();
    }
    await file?.end();
    return next.value;
  });
}

/**
 * Sends the calls to a collector, each as a span, but for replies that were kept from before.
 * @throws BlueprintError as `traceLines`, and `otlp-…` @throws InterruptedError
 */
export async function sendTrace(
  { feature }: { readonly feature: string | null },
  program: Program,
  signal: AbortSignal,
): Promise<TraceSummary & { readonly sent: number }> {
  const sink = await program.spans();
  const source = traceLines({ feature }, program, signal);
  let next = await source.next();
  while (next.done !== true) {
    await sink.add(next.value);
    next = await source.next();
  }
  return { ...next.value, sent: await sink.end() };
}

async function isTrace(path: string): Promise<boolean> {
  return parseJsonAs(await firstLine(path), traceLineSchema) !== null;
}
