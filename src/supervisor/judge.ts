import { otherThan, type Candidate } from '../domain/candidate.ts';
import { judgementSchema, type PairVerdict } from '../domain/judgement.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import type { LanguageModel, MessagePart } from '../models/language-model.ts';
import { proposalKey } from '../text/content-key.ts';
import { fanOut } from './fan-out.ts';
import { judgePrompt } from './judge-prompt.ts';
import { workText } from './shown-work.ts';
import { askForObject, reachableModel, type Asking, type Work } from './work.ts';

/**
 * Says which of two candidates is better: their whole files, without the notes in which authors praise
 * their work; the words of those that have no files. Both orders are asked at once under the labels A and
 * B; only what holds in both is a verdict, all else is a tie: a verdict that flips with the order, one
 * order without a usable reply, no judge that can be reached.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function judgeCandidates(
  work: Work,
  first: Candidate,
  second: Candidate,
): Promise<PairVerdict> {
  const texts = { first: workText(first, 'no notes'), second: workText(second, 'no notes') };
  if (texts.first === texts.second) return tie('The two are the same.');
  const model = reachableModel(work, 'judge', otherThan(first, second));
  if (model === null) return tie('No model that could judge them is reachable.');
  return judgeBothOrders(work, model, {
    texts,
    hashes: { first: proposalKey(first), second: proposalKey(second) },
    prompt: (shownAsA, shownAsB) => judgePrompt(work.context, shownAsA, shownAsB),
  });
}

type Pair<T> = Readonly<Record<'first' | 'second', T>>;

/** Two texts that are compared, and how they are shown. */
export interface JudgedTexts {
  readonly texts: Pair<string>;
  /** What the journal names them by. */
  readonly hashes: Pair<string>;
  readonly prompt: (shownAsA: string, shownAsB: string) => readonly MessagePart[];
  /** Of the calls; `judge` where it is absent. */
  readonly stage?: string;
  /** Whether a failed call counts as no verdict on its order; all do where it is absent. */
  readonly countsAsNone?: (error: ModelError) => boolean;
}

/** Asks a judge about two texts in both orders at once; see `judgeCandidates` for what is a verdict. */
export async function judgeBothOrders(
  work: Asking,
  model: LanguageModel,
  pair: JudgedTexts,
): Promise<PairVerdict> {
  const asGiven = { A: 'first', B: 'second' } as const;
  const turned = { A: 'second', B: 'first' } as const;
  const orders = await fanOut(work, [asGiven, turned], (shown, shared) =>
    askOnce(shared, model, pair, shown),
  );
  const verdict = verdictOf(...orders);
  const { task, attempt } = work.purpose;
  work.emit({
    type: 'judge-finish',
    task,
    attempt,
    judge: formatModelRef(model.identity.ref),
    ...pair.hashes,
    orders,
    outcome: verdict.outcome,
    flipped: verdict.flipped,
  });
  return verdict;
}

/** What the judge said of one order; no outcome where the reply could not be used. */
interface OrderVerdict {
  readonly outcome: PairVerdict['outcome'] | null;
  readonly said: string;
}

/** @param shown which of the two is shown as A, and which as B. */
async function askOnce(
  work: Asking,
  model: LanguageModel,
  { texts, prompt, stage = 'judge', countsAsNone = () => true }: JudgedTexts,
  shown: Readonly<Record<'A' | 'B', 'first' | 'second'>>,
): Promise<OrderVerdict> {
  const parts = prompt(texts[shown.A], texts[shown.B]);
  const question = { role: 'judge', stage, parts } as const;
  try {
    const { object } = await askForObject(work, model, question, 'judgement', judgementSchema);
    const outcome = object.better === 'tie' ? 'tie' : shown[object.better];
    return { outcome, said: toSingleLine(object.reasons, 800) };
  } catch (error) {
    if (!(error instanceof ModelError) || !countsAsNone(error)) throw error;
    return { outcome: null, said: toSingleLine(error.message, 300) };
  }
}

function verdictOf(asGiven: OrderVerdict, turned: OrderVerdict): PairVerdict {
  const [unusable, another] = [asGiven, turned].filter(({ outcome }) => outcome === null);
  if (another !== undefined) return tie(`The judge gave no usable verdict. ${asGiven.said}`);
  if (asGiven.outcome === null || turned.outcome === null)
    return tie(
      `The judge gave a usable verdict in one order alone, which counts for nothing. ${unusable?.said}`,
    );
  if (asGiven.outcome === turned.outcome)
    return { outcome: asGiven.outcome, flipped: false, reasons: asGiven.said };
  const flipped = asGiven.outcome !== 'tie' && turned.outcome !== 'tie';
  const reason = flipped ? 'The verdict turned with the order' : 'One order was judged a tie';
  return {
    outcome: 'tie',
    flipped,
    reasons: `${reason}. As given: ${asGiven.said} Turned round, so that A is the second: ${turned.said}`,
  };
}

function tie(reasons: string): PairVerdict {
  return { outcome: 'tie', flipped: false, reasons };
}
