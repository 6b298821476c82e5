import { renderFencedBundle } from '../text/bundle/fenced.ts';
import { wholeBundle, type Candidate } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { CallPurpose, Emit } from '../domain/event.ts';
import { judgementSchema, type Judgement, type PairVerdict } from '../domain/judgement.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef, isRules } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import { contentKey } from '../text/content-key.ts';
import { generateObject } from '../models/generate-object.ts';
import type { LanguageModel, MessagePart, ModelRouter } from '../models/language-model.ts';
import { judgePrompt } from './judge-prompt.ts';

export interface JudgeOptions {
  readonly router: ModelRouter;
  /** What the authors knew: the task, its requirements, files. Without their instructions. */
  readonly context: readonly MessagePart[];
  readonly purpose: CallPurpose;
  readonly maxOutputTokens: number;
  readonly salt: string | undefined;
  readonly emit: Emit;
}

/** A piece of work as a judge sees it, and the families of models that it comes from. */
export interface Judged {
  readonly text: string;
  /** Hash of the work: equal for the same. */
  readonly content: string;
  readonly families: readonly string[];
}

/**
 * Says which of two pieces of work is better. Both orders are asked at once under the labels A and B; only
 * what holds in both is a verdict, all else is a tie: a verdict that flips with the order, one order
 * without a usable reply, no judge that can be reached.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export function createJudge(options: JudgeOptions) {
  return async (first: Judged, second: Judged, signal: AbortSignal): Promise<PairVerdict> => {
    if (first.text === second.text) return tie('The two are the same.');
    const model = judgeFor(first, second, options);
    if (model === null) return tie('No model that could judge them is reachable.');
    // The other order ends with the one that cannot go on, as when the budget is reached.
    const stop = new AbortController();
    const ask = (a: Judged, b: Judged) =>
      askOnce(model, a, b, AbortSignal.any([signal, stop.signal]), options).catch(
        (error: unknown) => {
          stop.abort();
          throw error;
        },
      );
    const [asGiven, turned] = await bothOrders(ask(first, second), ask(second, first));
    const verdict = verdictOf(asGiven, turned);
    const { task, attempt } = options.purpose;
    options.emit({
      type: 'judge-finish',
      task,
      attempt,
      judge: formatModelRef(model.identity.ref),
      first: first.content,
      second: second.content,
      orders: [said(asGiven, places.asGiven), said(turned, places.turned)],
      outcome: verdict.outcome,
      flipped: verdict.flipped,
    });
    return verdict;
  };
}

/** Which of the two was shown as A, and which as B. */
const places = {
  asGiven: { A: 'first', B: 'second' },
  turned: { A: 'second', B: 'first' },
} as const;

function said(order: Order, shown: Places) {
  return 'fault' in order
    ? { outcome: null, said: order.fault }
    : {
        outcome: outcomeOf(order.judgement, shown),
        said: toSingleLine(order.judgement.reasons, 800),
      };
}

/**
 * The same for candidates: their whole files, without the notes in which authors praise their work; the
 * words of those that have no files.
 */
export function createCandidateJudge(options: JudgeOptions) {
  const judge = createJudge(options);
  const shown = ({ changes, bundle, author }: Candidate): Judged => ({
    text:
      changes.size === 0
        ? bundle.notes
        : renderFencedBundle(wholeBundle(changes, { ...bundle, notes: '' })),
    content: contentKey(changes.size === 0 ? new Map([['', bundle.notes]]) : changes),
    families: [author.family],
  });
  return (first: Candidate, second: Candidate, signal: AbortSignal): Promise<PairVerdict> =>
    judge(shown(first), shown(second), signal);
}

type Order = { readonly judgement: Judgement } | { readonly fault: string };

function judgeFor(
  first: Judged,
  second: Judged,
  { router, emit, purpose }: JudgeOptions,
): LanguageModel | null {
  try {
    const avoidFamilies = [...new Set([...first.families, ...second.families])];
    const decision = router.decide('judge', { avoidFamilies });
    emit({ type: 'route-decide', task: purpose.task, decision });
    return isRules(decision.chosen) ? null : router.model(decision);
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'no-model') return null;
    throw error;
  }
}

async function askOnce(
  model: LanguageModel,
  shownAsA: Judged,
  shownAsB: Judged,
  signal: AbortSignal,
  { context, purpose, maxOutputTokens, salt }: JudgeOptions,
): Promise<Order> {
  try {
    const { object } = await generateObject(
      model,
      {
        role: 'judge',
        purpose: { ...purpose, stage: 'judge' },
        parts: judgePrompt(context, shownAsA.text, shownAsB.text),
        maxOutputTokens,
        signal,
        ...(salt !== undefined && { salt }),
      },
      'judgement',
      judgementSchema,
    );
    return { judgement: object };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { fault: toSingleLine(error.message, 300) };
  }
}

/** Both, or the fault that ended them: not the interruption of the one that was ended with it. */
async function bothOrders(asGiven: Promise<Order>, turned: Promise<Order>) {
  const settled = await Promise.allSettled([asGiven, turned]);
  const faults = settled.flatMap((order) => (order.status === 'rejected' ? [order.reason] : []));
  const [fault] = [...faults.filter((error) => !isInterruption(error)), ...faults];
  if (fault !== undefined) throw fault;
  return Promise.all([asGiven, turned]);
}

function isInterruption(error: unknown): boolean {
  return error instanceof BlueprintError && error.code === 'interrupted';
}

function verdictOf(asGiven: Order, turned: Order): PairVerdict {
  if ('fault' in asGiven || 'fault' in turned) {
    const faults = [asGiven, turned].flatMap((order) => ('fault' in order ? [order.fault] : []));
    return tie(
      faults.length === 2
        ? `The judge gave no usable verdict. ${faults[0]}`
        : `The judge gave a usable verdict in one order alone, which counts for nothing. ${faults[0]}`,
    );
  }
  const one = outcomeOf(asGiven.judgement, places.asGiven);
  const other = outcomeOf(turned.judgement, places.turned);
  const said = toSingleLine(asGiven.judgement.reasons, 800);
  if (one === other) return { outcome: one, flipped: false, reasons: said };
  const flipped = one !== 'tie' && other !== 'tie';
  const turnedSaid = toSingleLine(turned.judgement.reasons, 800);
  return {
    outcome: 'tie',
    flipped,
    reasons: `${flipped ? 'The verdict turned with the order' : 'One order was judged a tie'}. As given: ${said} Turned round, so that A is the second: ${turnedSaid}`,
  };
}

type Places = Readonly<Record<'A' | 'B', 'first' | 'second'>>;

function outcomeOf({ better }: Judgement, shown: Places): PairVerdict['outcome'] {
  return better === 'tie' ? 'tie' : shown[better];
}

function tie(reasons: string): PairVerdict {
  return { outcome: 'tie', flipped: false, reasons };
}
