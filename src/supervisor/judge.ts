import type { Candidate } from '../domain/candidate.ts';
import { judgementSchema, type Judgement, type PairVerdict } from '../domain/judgement.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { contentKey } from '../text/content-key.ts';
import { fanOut } from './fan-out.ts';
import { judgePrompt } from './judge-prompt.ts';
import { workText } from './shown-work.ts';
import { askForObject, reachableModel, type Work } from './work.ts';

/** A piece of work as a judge sees it, and the families of models that it comes from. */
export interface JudgedText {
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
export async function judgeTexts(
  work: Work,
  first: JudgedText,
  second: JudgedText,
): Promise<PairVerdict> {
  if (first.text === second.text) return tie('The two are the same.');
  const avoidFamilies = [...new Set([...first.families, ...second.families])];
  const model = reachableModel(work, 'judge', { avoidFamilies });
  if (model === null) return tie('No model that could judge them is reachable.');
  const [asGiven, turned] = await fanOut(
    work,
    [
      [first.text, second.text],
      [second.text, first.text],
    ],
    ([shownAsA, shownAsB], shared) => askOnce(shared, model, shownAsA, shownAsB),
  );
  const verdict = verdictOf(asGiven, turned);
  const { task, attempt } = work.purpose;
  work.emit({
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
}

/**
 * The same for candidates: their whole files, without the notes in which authors praise their work; the
 * words of those that have no files.
 */
export function judgeCandidates(
  work: Work,
  first: Candidate,
  second: Candidate,
): Promise<PairVerdict> {
  return judgeTexts(work, judgedText(first), judgedText(second));
}

function judgedText(candidate: Candidate): JudgedText {
  const { changes, bundle, author } = candidate;
  return {
    text: workText(candidate, 'no notes'),
    content: contentKey(changes.size === 0 ? new Map([['', bundle.notes]]) : changes),
    families: [author.family],
  };
}

/** Which of the two was shown as A, and which as B. */
const places = {
  asGiven: { A: 'first', B: 'second' },
  turned: { A: 'second', B: 'first' },
} as const;

function said(order: Order, shown: Places) {
  return 'unusable' in order
    ? { outcome: null, said: order.unusable }
    : {
        outcome: outcomeOf(order.judgement, shown),
        said: toSingleLine(order.judgement.reasons, 800),
      };
}

type Order = { readonly judgement: Judgement } | { readonly unusable: string };

async function askOnce(
  work: Work,
  model: LanguageModel,
  shownAsA: string,
  shownAsB: string,
): Promise<Order> {
  try {
    const parts = judgePrompt(work.context, shownAsA, shownAsB);
    const { object } = await askForObject(
      work,
      model,
      { role: 'judge', stage: 'judge', parts },
      'judgement',
      judgementSchema,
    );
    return { judgement: object };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { unusable: toSingleLine(error.message, 300) };
  }
}

function verdictOf(asGiven: Order, turned: Order): PairVerdict {
  if ('unusable' in asGiven || 'unusable' in turned) {
    const reasons = [asGiven, turned].flatMap((order) =>
      'unusable' in order ? [order.unusable] : [],
    );
    return tie(
      reasons.length === 2
        ? `The judge gave no usable verdict. ${reasons[0]}`
        : `The judge gave a usable verdict in one order alone, which counts for nothing. ${reasons[0]}`,
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
