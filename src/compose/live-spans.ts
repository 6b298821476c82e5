import { BlueprintError, messageOf } from '../domain/errors.ts';
import type { Emit, RunEvent } from '../domain/event.ts';
import { toSingleLine } from '../domain/text.ts';
import { createTraceFold, type TracedCall } from '../report/trace/trace-fold.ts';
import { namesCollector, otlpSettings, type OtlpSettings } from '../telemetry/otlp-settings.ts';
import { once } from '../text/once.ts';
import type { Redactor } from '../text/redact.ts';
import { traceLineOf, type TraceSource } from '../use-cases/trace-line.ts';

/** Calls that end within so many ms are sent together. */
const gatherMs = 1_000;
/** The end of a command waits no longer for its last spans, ms. */
const endMs = 1_500;

/** Sends the calls of one command in one folder, each when it has ended. Never throws and never blocks. */
export interface LiveSpans {
  /** Says where they go; before the first call. */
  begin(): void;
  follow(event: RunEvent): void;
  /** Sends what is left. Takes 1.5 s at most; what has not arrived by then is told. */
  end(): Promise<void>;
}

/** Opens them for a folder; a warning of theirs is an event of the command's. */
export type OpenLiveSpans = (source: TraceSource, emit: Emit) => LiveSpans;

/**
 * Spans to the collector that the usual variables of OpenTelemetry name; null where they name none, or turn
 * it off. What sends them is loaded with the first call that has ended.
 */
export function liveSpansOf({
  env,
  redactor,
  warn,
}: {
  readonly env: NodeJS.ProcessEnv;
  readonly redactor: Redactor;
  readonly warn: (message: string) => void;
}): OpenLiveSpans | null {
  if (!namesCollector(env)) return null;
  const settings = settingsOf(env);
  if (settings === null) return null;
  let said = false;
  const say = (): void => {
    if (!said) warn(greeting(settings));
    said = true;
  };
  return (source, emit) => {
    const begin = say;
    if ('problem' in settings)
      return { begin, follow: () => undefined, end: async () => undefined };
    return { begin, ...sending(settings, source, { redactor, emit }) };
  };
}

function sending(
  settings: OtlpSettings,
  source: TraceSource,
  { redactor, emit }: { readonly redactor: Redactor; readonly emit: Emit },
): Omit<LiveSpans, 'begin'> {
  const fold = createTraceFold();
  const sink = once(async () => {
    const { createSpanSink } = await import('../telemetry/otlp.ts');
    return createSpanSink(settings);
  });
  let isQuiet = false;
  const tell = (why: string): void => {
    if (isQuiet) return;
    isQuiet = true;
    const message = `${toSingleLine(why, 300)}; the work goes on, and \`blueprint export trace --otlp\` sends its calls afterwards`;
    emit({ type: 'warning', code: 'spans-not-sent', task: null, message });
  };
  const send = async (calls: readonly TracedCall[]): Promise<void> => {
    try {
      const { add, flush } = await sink();
      for (const call of calls)
        await add(redactor.deep({ ...(await traceLineOf(source, call)), verdict: null }));
      await flush();
    } catch (error) {
      tell(messageOf(error));
    }
  };

  let isUsed = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let isSending = false;
  let hasMore = false;
  let work: Promise<void> = Promise.resolve();
  const sendSoon = (): void => {
    hasMore = false;
    timer = setTimeout(() => {
      isSending = true;
      work = send(fold.ended()).then(() => {
        isSending = false;
        timer = undefined;
        if (hasMore && !isOver) sendSoon();
      });
    }, gatherMs).unref();
  };
  const sendLast = async (): Promise<void> => {
    await work;
    await send(fold.ended({ all: true }));
    await (await sink()).end().catch((error: unknown) => tell(messageOf(error)));
  };

  return {
    follow(event) {
      fold.follow(event);
      if (isOver || !isSent(event)) return;
      isUsed = true;
      hasMore = true;
      if (timer === undefined) sendSoon();
    },
    async end() {
      isOver = true;
      if (!isUsed) return;
      if (!isSending) clearTimeout(timer);
      if (!(await endsWithin(endMs, sendLast())))
        tell(`The last spans did not get to ${new URL(settings.url).host} in time`);
      isQuiet = true;
    },
  };
}

/** A reply that was kept from before was not asked for. */
function isSent(event: RunEvent): boolean {
  return event.type === 'call-fail' || (event.type === 'call-finish' && !event.stored);
}

async function endsWithin(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const ended = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

type Settings = OtlpSettings | { readonly problem: BlueprintError };

/** Null where the environment turns it off. */
function settingsOf(env: NodeJS.ProcessEnv): Settings | null {
  try {
    return otlpSettings(env);
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return error.code === 'otlp-disabled' ? null : { problem: error };
  }
}

function greeting(settings: Settings): string {
  if ('problem' in settings) {
    const { message, fix = '' } = settings.problem;
    return `warning: no spans are sent: ${toSingleLine(`${message} (${fix})`, 400)}`;
  }
  const { host } = new URL(settings.url);
  return `Spans of the calls, without prompts and replies, go to ${host}, as OTEL_EXPORTER_OTLP_ENDPOINT says.`;
}
