import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import type { TraceLine } from '../domain/trace.ts';
import { sha256 } from '../text/sha256.ts';
import { conventions, runSpan, spanOf } from './gen-ai.ts';
import type { OtlpSettings } from './otlp-settings.ts';

/** Spans that are sent together. */
const batchSize = 512;

interface Run {
  readonly folder: string;
  readonly run: string;
  start: string;
  end: string;
}

/**
 * Sends by OTLP as JSON. Ids are made from the calls, so that what is sent twice is the same; calls of one
 * command in one folder are one trace.
 */
export function createSpanSink(settings: OtlpSettings) {
  const exporter = new OTLPTraceExporter({
    url: settings.url,
    headers: { ...settings.headers },
    timeoutMillis: settings.timeoutMs,
  });
  let batch: ReadableSpan[] = [];
  let next = { trace: '', span: '' };
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ ...settings.resource }),
    // What happened has happened: nothing is left out by chance.
    sampler: new AlwaysOnSampler(),
    idGenerator: { generateTraceId: () => next.trace, generateSpanId: () => next.span },
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void batch.push(span),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  const tracer = provider.getTracer('blueprint', undefined, { schemaUrl: conventions });
  const runs = new Map<string, Run>();
  let sent = 0;

  const flush = async (): Promise<void> => {
    const spans = batch;
    batch = [];
    if (spans.length === 0) return;
    const { code, error } = await new Promise<{ code: number; error?: Error }>((resolve) =>
      exporter.export(spans, resolve),
    );
    if (code !== 0) throw notSent(settings.url, error);
  };
  const idsOf = (folder: string, run: string): { trace: string; span: string } => {
    const hash = sha256(JSON.stringify([folder, run]));
    return { trace: hash.slice(0, 32), span: hash.slice(32, 48) };
  };

  return {
    async add(line: TraceLine): Promise<void> {
      const span = spanOf(line);
      if (span === null) return;
      const { folder, run, id } = line;
      const ids = idsOf(folder, run);
      const key = `${folder} ${run}`;
      const known = runs.get(key) ?? { folder, run, start: span.start, end: span.end };
      if (span.start < known.start) known.start = span.start;
      if (span.end > known.end) known.end = span.end;
      runs.set(key, known);
      next = { trace: ids.trace, span: id };
      const parent = trace.setSpanContext(ROOT_CONTEXT, {
        traceId: ids.trace,
        spanId: ids.span,
        traceFlags: TraceFlags.SAMPLED,
      });
      const { name, attributes, fault } = span;
      const options = { kind: SpanKind.CLIENT, startTime: new Date(span.start), attributes };
      const started = tracer.startSpan(name, options, parent);
      if (fault !== null) started.setStatus({ code: SpanStatusCode.ERROR, message: fault });
      started.end(new Date(span.end));
      sent++;
      if (batch.length >= batchSize) await flush();
    },

    flush,

    async end(): Promise<number> {
      for (const { folder, run, start, end } of runs.values()) {
        next = idsOf(folder, run);
        const { name, attributes } = runSpan(folder, run);
        const options = { startTime: new Date(start), attributes };
        tracer.startSpan(name, options, ROOT_CONTEXT).end(new Date(end));
        if (batch.length >= batchSize) await flush();
      }
      await flush();
      await exporter.shutdown();
      return sent;
    },
  };
}

function notSent(url: string, cause: Error | undefined): BlueprintError {
  const { host } = new URL(url);
  return new BlueprintError({
    code: 'otlp-not-sent',
    message: `The spans could not be sent to ${host}: ${cause?.message ?? 'no reason was given'}`,
    target: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    fix: 'See that the collector runs and takes OTLP by HTTP there, and run the command again: what arrived twice has the same ids.',
    exitCode: ExitCode.unavailable,
    cause,
  });
}
