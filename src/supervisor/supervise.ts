import { exactKey } from '../text/content-key.ts';
import { throwIfAborted } from '../domain/errors.ts';
import type { Candidate } from '../domain/candidate.ts';
import {
  erroredGates,
  failedGates,
  gateSummaries,
  type GateResult,
} from '../domain/gate-result.ts';
import { isRules } from '../domain/model-role.ts';
import { allFindings, blockingFindings, findingsKey, fromPerson } from './findings.ts';
import { createRound } from './round.ts';
import {
  stopped,
  type Evidence,
  type StopReason,
  type SuperviseInput,
  type Supervision,
} from './supervision.ts';
import type { Work } from './work.ts';

/**
 * Gates → review → correction, again until the work is approved or a stop rule ends it. No revision is
 * approved that was not itself checked and reviewed; what a gate has refused is corrected without a review, which
 * could only cost. Where nothing is approved, the best revision is handed on, not the last.
 * @throws ModelError when no model could be reached. @throws BlueprintError `no-model`
 * @throws InterruptedError
 */
export async function supervise(work: Work, input: SuperviseInput): Promise<Supervision> {
  const { blockingGates, maxIterations } = input;
  const steps = createRound(work, input);
  const keyOf = (revision: Candidate): string =>
    `${exactKey(revision.changes)} ${input.brings?.(revision) ?? ''}`;
  let candidate = input.candidate;
  if (input.feedback !== null) {
    const asked = [fromPerson(input.feedback)];
    const corrected = await steps.correct(candidate, asked, candidate.author, 0);
    if ('stop' in corrected) return stopped(corrected.stop, candidate, 0, corrected);
    candidate = corrected;
  }
  let best: Round | null = null;
  const seenWork = new Set<string>();
  const seenFindings = new Set<string>();
  for (let round = 1; ; round++) {
    throwIfAborted(work.signal);
    seenWork.add(keyOf(candidate));
    const checked = await steps.check(candidate, round);
    let { gates } = checked;
    if (isRules(candidate.author.ref)) return stopped('rules_only', candidate, round, { gates });

    // A review of what a gate has refused would be paid for nothing; one that was made is taken all the same.
    const refused = failedGates(gates, blockingGates).length > 0;
    const given = candidate === input.candidate ? input.approval : undefined;
    const reviewed =
      given !== undefined
        ? await steps.adopt(given, candidate, gates, round)
        : refused
          ? null
          : await steps.review(candidate, gates, round);
    if (reviewed !== null && 'stop' in reviewed)
      return handOn(reviewed.stop, { candidate, round, gates, blocking: 0 }, reviewed.detail);

    let blocking = blockingFindings(gates, blockingGates, reviewed?.review);
    if (blocking.length === 0 && checked.recorded) {
      gates = await steps.verify(candidate, round);
      blocking = blockingFindings(gates, blockingGates, reviewed?.review);
    }
    const last: Round = { candidate, round, gates, blocking: blocking.length, ...reviewed };
    if (blocking.length === 0) {
      const errored = erroredGates(gates, blockingGates);
      const doubted = steps.doubtedLine();
      if (errored.length === 0 && doubted !== null)
        return handOn('doubtful_findings', last, `It is ${doubted}.`);
      if (errored.length === 0) return stopped('approved', candidate, round, last);
      return handOn('gate_errored', last, gateSummaries(errored));
    }
    if (round >= maxIterations) return handOn('round_cap', last);
    const corrector =
      round === 1 ? candidate.author : (reviewed?.reviewer ?? steps.other(candidate));
    // The same test may fail again after its author's correction; another model may still mend it.
    const by = reviewed === null && round === 1 ? 'author' : 'other';
    const key = `${by}\n${findingsKey(blocking)}`;
    if (seenFindings.has(key)) return handOn('no_progress', last);
    seenFindings.add(key);

    const asked = allFindings(gates, blockingGates, reviewed?.review);
    const corrected = await steps.correct(candidate, asked, corrector, round, gates);
    if ('stop' in corrected) return handOn(corrected.stop, last, corrected.detail);
    if (seenWork.has(keyOf(corrected))) return handOn('no_progress', last);
    if (best === null || isBetter(last, best)) best = last;
    candidate = corrected;
  }

  /** Nothing was approved: what comes nearest to it is handed on. */
  function handOn(stop: StopReason, last: Round, detail?: string): Supervision {
    const chosen = best === null || isBetter(last, best) ? last : best;
    const kept =
      chosen === last
        ? undefined
        : `Kept is the work of round ${chosen.round}, the best of ${last.round}.`;
    const words = [detail, kept].filter((part) => part !== undefined).join(' ');
    const evidence = { ...chosen, ...(words !== '' && { detail: words }) };
    return stopped(stop, chosen.candidate, last.round, evidence);
  }

  function isBetter(one: Round, other: Round): boolean {
    const failed = ({ gates }: Round): number => failedGates(gates, blockingGates).length;
    const difference = failed(one) - failed(other);
    return difference === 0 ? one.blocking <= other.blocking : difference < 0;
  }
}

/** A revision with what was found on it. */
interface Round extends Evidence {
  readonly candidate: Candidate;
  readonly round: number;
  readonly gates: readonly GateResult[];
  /** How many findings block. */
  readonly blocking: number;
}
