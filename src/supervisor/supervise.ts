import { exactKey } from '../text/content-key.ts';
import { throwIfAborted } from '../domain/errors.ts';
import { erroredGates, gateSummaries } from '../domain/gate-result.ts';
import { isRules } from '../domain/model-role.ts';
import { allFindings, blockingFindings, findingsKey, fromPerson } from './findings.ts';
import { createRound } from './round.ts';
import { stopped, type SuperviseInput, type Supervision } from './supervision.ts';
import type { Work } from './work.ts';

/**
 * Gates → review → correction, again until the work is approved or a stop rule ends it. No revision is
 * approved that was not itself checked and reviewed.
 * @throws ModelError when no model could be reached. @throws BlueprintError `no-model`
 * @throws InterruptedError
 */
export async function supervise(work: Work, input: SuperviseInput): Promise<Supervision> {
  const { blockingGates, maxIterations } = input;
  const steps = createRound(work, input);
  let candidate = input.candidate;
  if (input.feedback !== null) {
    const asked = [fromPerson(input.feedback)];
    const corrected = await steps.correct(candidate, asked, candidate.author, 0);
    if ('stop' in corrected) return stopped(corrected.stop, candidate, 0, corrected);
    candidate = corrected;
  }
  const seenWork = new Set<string>();
  const seenFindings = new Set<string>();
  for (let round = 1; ; round++) {
    throwIfAborted(work.signal);
    seenWork.add(exactKey(candidate.changes));
    const checked = await steps.check(candidate, round);
    let { gates } = checked;
    if (isRules(candidate.author.ref)) return stopped('rules_only', candidate, round, { gates });

    const reviewed =
      candidate === input.candidate && input.approval !== undefined
        ? await steps.adopt(input.approval, candidate, round)
        : await steps.review(candidate, gates, round);
    if ('stop' in reviewed) return stopped(reviewed.stop, candidate, round, { gates, ...reviewed });
    const { review, reviewer } = reviewed;

    let blocking = blockingFindings(gates, blockingGates, review);
    if (blocking.length === 0 && checked.recorded) {
      gates = await steps.verify(candidate, round);
      blocking = blockingFindings(gates, blockingGates, review);
    }
    const evidence = { gates, review, reviewer };
    if (blocking.length === 0) {
      const errored = erroredGates(gates, blockingGates);
      if (errored.length === 0) return stopped('approved', candidate, round, evidence);
      const detail = gateSummaries(errored);
      return stopped('gate_errored', candidate, round, { ...evidence, detail });
    }
    if (round >= maxIterations) return stopped('round_cap', candidate, round, evidence);
    const key = findingsKey(blocking);
    if (seenFindings.has(key)) return stopped('no_progress', candidate, round, evidence);
    seenFindings.add(key);

    const corrector = round === 1 ? candidate.author : reviewer;
    const asked = allFindings(gates, blockingGates, review);
    const corrected = await steps.correct(candidate, asked, corrector, round);
    if ('stop' in corrected)
      return stopped(corrected.stop, candidate, round, { ...evidence, ...corrected });
    if (seenWork.has(exactKey(corrected.changes)))
      return stopped('no_progress', candidate, round, evidence);
    candidate = corrected;
  }
}
