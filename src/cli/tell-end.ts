import { messageOf } from '../domain/errors.ts';
import type { ExitCode } from '../domain/errors.ts';
import type { RunEvent } from '../domain/event.ts';
import { noticeOutcome, type Notice, type NoticeOutcome } from '../domain/notice.ts';
import { toSingleLine } from '../domain/text.ts';
import { countedCost } from '../use-cases/counted-cost.ts';
import type { Notifier } from '../use-cases/ports.ts';
import type { Caller } from '../use-cases/program.ts';
import type { CommandContext } from './command.ts';
import { faultOf } from './report-error.ts';
import { runCostLines } from './views/cost-view.ts';
import { createLiveView } from './views/live.ts';

/** What a person is told of. */
export interface LongWork {
  /** As `run`. */
  readonly command: string;
  /** Without it the work is named by the folder that it is done in. */
  readonly feature?: string;
}

/** What it takes to tell somebody of the end. */
export type Telling = Pick<CommandContext, 'screen' | 'signal' | 'beforeEnd' | 'program'>;

/**
 * Does long work with its live view; then, as `tellEnd`, tells those who looked away.
 * @param inWords what came of it, in a sentence
 */
export async function doLongWork<Outcome extends { readonly exitCode: ExitCode }>(
  about: LongWork,
  context: Telling,
  work: (caller: Caller) => Promise<Outcome>,
  inWords: (outcome: Outcome) => string,
): Promise<Outcome> {
  const { listen, close } = createLiveView(context.screen);
  const caller = { listen, signal: context.signal };
  return tellEnd(about, context, (heard) => work(heard).finally(close), inWords, caller);
}

/**
 * Does long work and has the person told how it ended, also where it failed or was interrupted: as the config
 * says, and not where nothing was begun. Nobody waits for that but the end of the process, and it never fails.
 */
export async function tellEnd<Outcome extends { readonly exitCode: ExitCode }>(
  about: LongWork,
  { screen, signal, beforeEnd, program: programOf }: Telling,
  work: (caller: Caller) => Promise<Outcome>,
  inWords: (outcome: Outcome) => string,
  caller: Caller,
): Promise<Outcome> {
  const program = await programOf();
  const notifiers = await program.notifiers();
  if (notifiers.length === 0) return work(caller);

  const { heard, seen } = followed(caller);
  const { counted, report } = await countedCost(heard, program);
  const started = program.now().getTime();
  const tell = (exitCode: ExitCode, sentence: string): void => {
    const { begun, id } = seen();
    if (!begun) return;
    const ms = program.now().getTime() - started;
    const cost = report();
    const { calls, usd, unpriced } = cost.total;
    const title = `${about.command} ${about.feature ?? id ?? ''}`.trim();
    const notice = program.redactor.deep<Notice>({
      command: about.command,
      feature: about.feature ?? null,
      id: about.feature === undefined ? id : null,
      outcome: noticeOutcome(exitCode),
      exitCode,
      message: noticeText(title, noticeOutcome(exitCode), [
        toSingleLine(program.redactor.all(sentence), 200),
        ...runCostLines(cost),
      ]),
      cost: { calls, usd, unpriced },
    });
    const told = notifiers.filter(({ afterMs }) => ms >= afterMs);
    const warnings = told.map(async (notifier) => {
      const problem = await problemIn(notifier, notice, signal);
      if (problem === null) return;
      const line = toSingleLine(program.redactor.all(problem), 400);
      screen.note(`warning: nobody was told by ${notifier.key}: ${line}`);
    });
    beforeEnd(Promise.all(warnings).then(() => undefined));
  };

  let outcome: Outcome;
  try {
    outcome = await work(counted);
  } catch (error) {
    const { exitCode, diagnostic } = faultOf(error, caller.signal.aborted);
    tell(exitCode, diagnostic.message);
    throw error;
  }
  tell(outcome.exitCode, inWords(outcome));
  return outcome;
}

/** Events that only work itself brings, not what is found before it. */
const beginnings: ReadonlySet<RunEvent['type']> = new Set(['task-start', 'call-start']);

/** The caller; whether work was begun that it heard of, and the name of the folder where calls were made. */
function followed(caller: Caller) {
  let begun = false;
  let id: string | null = null;
  const heard: Caller = {
    ...caller,
    listen(event) {
      if (beginnings.has(event.type)) begun = true;
      if (event.type === 'call-start' || event.type === 'call-finish') id ??= event.purpose.feature;
      caller.listen?.(event);
    },
  };
  return { heard, seen: () => ({ begun, id }) };
}

const outcomeWords: Readonly<Record<NoticeOutcome, string>> = {
  done: 'done',
  failed: 'failed',
  'needs-review': 'needs your review',
  budget: 'stopped, as the budget is reached',
  unavailable: 'stopped, as something it needs cannot be had',
  interrupted: 'interrupted',
};

/** `run shop: done. 5 of 5 tasks settled. Cost of this run: $0.12 in 9 calls` */
function noticeText(title: string, outcome: NoticeOutcome, sentences: readonly string[]): string {
  const [first = ''] = sentences;
  const words = outcomeWords[outcome];
  const says = first.toLowerCase().startsWith(words) ? sentences : [words, ...sentences];
  const said = says.flatMap((text) => (text === '' ? [] : text.replace(/\.$/, '')));
  return toSingleLine(`${title}: ${said.join('. ')}`);
}

async function problemIn(
  notifier: Notifier,
  notice: Notice,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await notifier.tell(notice, signal);
  } catch (error) {
    return messageOf(error);
  }
}
