import type { FileChanges } from '../domain/bundle.ts';
import {
  authorsOf,
  otherThan,
  overlay,
  textOrNull,
  type Candidate,
  type ReadBase,
} from '../domain/candidate.ts';
import { failedGates, type GateResult } from '../domain/gate-result.ts';
import { asReplyFault } from '../domain/model-error.ts';
import { formatModelRef, isRules, type ModelIdentity } from '../domain/model-role.ts';
import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import type { LanguageModel, ModelRouter } from '../models/language-model.ts';
import { askForReview, type SignedReview } from './ask-review.ts';
import type { Checked } from './checks.ts';
import { doubtedLine } from './counting/doubted-line.ts';
import type { History } from './counting/history-part.ts';
import { judgedWork } from './counting/judged-work.ts';
import { createLedger } from './counting/ledger.ts';
import { settle } from './counting/settle.ts';
import { namedFiles } from './named-files.ts';
import { gateFindings } from './findings.ts';
import { correctPrompt } from './prompts.ts';
import type { StopReason, SuperviseInput } from './supervision.ts';
import { askForRevision, decide, decisionOrNull, emitGates, type Work } from './work.ts';

/** Why a step gave nothing to go on with. */
export interface Unusable {
  readonly stop: StopReason;
  readonly detail?: string;
}

/** The steps of a round. Each keeps and emits what it brought. */
export function createRound(
  work: Work,
  { check, verify, keep, files, tryTests, look = work.base }: SuperviseInput,
) {
  const { task, router, emit } = work;
  const { attempt } = work.purpose;
  const ledger = createLedger();
  /** The work that was reviewed last. */
  let reviewed: Candidate | null = null;

  /** What the error means for the work, which is there and a person's to judge; others are thrown on. */
  const unusable = async (
    error: unknown,
    of: 'review' | 'correction',
    round: number,
  ): Promise<Unusable> => {
    const { rawReply, message } = asReplyFault(error);
    if (rawReply !== undefined) await keep(round, { unusable: { of, rawReply } });
    return {
      stop: of === 'review' ? 'review_unusable' : 'correction_unusable',
      detail: toSingleLine(message, 600),
    };
  };

  const adopt = async (
    { review: said, reviewer }: SignedReview,
    candidate: Candidate,
    gates: readonly GateResult[],
    round: number,
  ): Promise<SignedReview> => {
    const judged = judgedWork(candidate, gates);
    const settling = { judged, reviewers: [reviewer], ledger, round, files, tryTests };
    const { findings, note } = await settle(work, said.findings, settling);
    const review = { ...said, findings, ...(note !== null && { note }) };
    reviewed = candidate;
    emit({
      type: 'review-finish',
      task: task.id,
      attempt,
      round,
      review,
      reviewer: formatModelRef(reviewer.ref),
      sameFamily: authorsOf(candidate).some(({ family }) => family === reviewer.family),
    });
    await keep(round, { review });
    return { review, reviewer };
  };

  const filesOf =
    ({ changes }: Candidate): ReadBase =>
    (path) =>
      textOrNull(path, overlay(changes, work.base));

  /** What the next reviewer is told; null for the first, and where every finding counts. */
  const historyOf = async (candidate: Candidate): Promise<History | null> => {
    if (reviewed === null || work.findings.mode === 'any') return null;
    const paths = [...reviewed.changes.keys(), ...candidate.changes.keys()];
    const [before, after] = await Promise.all(
      [reviewed, candidate].map((work) => textsOf(paths, filesOf(work))),
    );
    const diff = unifiedDiff(before ?? new Map(), after ?? new Map());
    return { findings: ledger.all(), diff };
  };

  return {
    /** Takes a review that was made elsewhere. */
    adopt,

    /** See `doubtedLine`. */
    doubtedLine: () => doubtedLine(ledger),

    async check(candidate: Candidate, round: number): Promise<Checked> {
      const checked = await check(candidate, round);
      const { gates, recorded } = checked;
      if (!recorded) emitGates(work, { attempt, round }, null, gates);
      await keep(round, { candidate, gates });
      return checked;
    },

    async verify(candidate: Candidate, round: number): Promise<GateResult[]> {
      const gates = await verify(candidate, round);
      emitGates(work, { attempt, round }, null, gates);
      await keep(round, { gates });
      return gates;
    },

    async review(
      candidate: Candidate,
      gates: readonly GateResult[],
      round: number,
    ): Promise<SignedReview | Unusable> {
      const decision = decide(work, 'reviewer', otherThan(candidate));
      if (isRules(decision.chosen)) return { stop: 'no_reviewer' };
      try {
        const model = router.model(decision);
        const history = await historyOf(candidate);
        const signed = await askForReview(work, model, { candidate, gates }, round, history);
        return await adopt(signed, candidate, gates, round);
      } catch (error) {
        return unusable(error, 'review', round);
      }
    },

    /** Who corrects what its author could not, where nobody has reviewed it. */
    other(candidate: Candidate): ModelIdentity {
      const decision = decisionOrNull(router, 'reviewer', otherThan(candidate));
      return decision === null || isRules(decision.chosen)
        ? candidate.author
        : router.model(decision).identity;
    },

    /**
     * The work with the correction in it; it may be what it was.
     * @param gates the corrector is shown the files in which they found something.
     */
    async correct(
      candidate: Candidate,
      findings: readonly Finding[],
      by: ModelIdentity,
      round: number,
      gates: readonly GateResult[] = [],
    ): Promise<Candidate | Unusable> {
      const model = correctorFor(router, by, round);
      const name = formatModelRef(model.identity.ref);
      emit({ type: 'correction-start', task: task.id, attempt, round, by: name });
      try {
        const failed = failedGates(gates).flatMap(gateFindings);
        const named = await namedFiles({ ...work, base: look }, candidate, failed);
        const parts = correctPrompt(work.context, candidate, findings, named, work.codec);
        const question = { role: 'corrector', stage: 'correct', round, parts } as const;
        const shown = named.map(({ path }) => path);
        const corrected = await askForRevision(work, model, question, candidate, shown);
        if (corrected !== null) {
          const [before, after] = [filesOf(candidate), filesOf(corrected)];
          await ledger.moved(before, after, corrected.bundle.notes);
        }
        const detail = 'It took back all of the work.';
        return corrected ?? { stop: 'correction_unusable', detail };
      } catch (error) {
        return unusable(error, 'correction', round);
      }
    },
  };
}

async function textsOf(paths: readonly string[], read: ReadBase): Promise<FileChanges> {
  const texts = new Map<string, string | null>();
  for (const path of paths) texts.set(path, await read(path));
  return texts;
}

/** The model asked for, then those of the role `corrector`; never rules in a model's place. */
function correctorFor(router: ModelRouter, by: ModelIdentity, round: number): LanguageModel {
  const chosen = formatModelRef(by.ref);
  const role = decisionOrNull(router, 'corrector');
  const others = role === null || isRules(role.chosen) ? [] : [role.chosen, ...role.fallbacks];
  return router.model({
    role: 'corrector',
    chosen,
    reason: round <= 1 ? 'the author corrects first' : 'another model corrects from round 2 on',
    passedOver: [],
    fallbacks: others.filter((other) => other !== chosen),
  });
}
