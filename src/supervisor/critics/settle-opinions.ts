import type { Candidate } from '../../domain/candidate.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import { formatModelRef, type ModelIdentity } from '../../domain/model-role.ts';
import { isSevere, type Finding } from '../../domain/review.ts';
import { doubtedLine } from '../counting/doubted-line.ts';
import { judgedWork } from '../counting/judged-work.ts';
import { createLedger } from '../counting/ledger.ts';
import { settle } from '../counting/settle.ts';
import type { StepFiles } from '../steps.ts';
import { emitStep, type Work } from '../work.ts';
import type { Opinion } from './consolidate.ts';

export interface SettledOpinions {
  readonly opinions: readonly Opinion[];
  /** A line about which two findings are in doubt, as `path:line`. */
  readonly doubted: string | null;
}

/** A candidate with what its critics say. */
export interface OpinionsOn {
  readonly id: string;
  readonly candidate: Candidate;
  readonly gates: readonly GateResult[];
  readonly opinions: readonly Opinion[];
  readonly reviewer: ModelIdentity | null;
}

/**
 * Says of each failure that would block how it stands, by the rule for a reviewer’s findings.
 * @param by.asks whether a second reader is asked; otherwise what cites something that is there is grounded.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function settleOpinions(
  work: Work,
  { id, candidate, gates, opinions, reviewer }: OpinionsOn,
  { asks, files }: { readonly asks: boolean; readonly files: StepFiles },
): Promise<SettledOpinions> {
  const found = opinions.flatMap(findingsOf);
  if (work.findings.mode === 'any' || !found.some(isSevere)) return { opinions, doubted: null };
  const ledger = createLedger();
  const { findings } = await settle(work, found, {
    judged: judgedWork(candidate, gates),
    reviewers: reviewer === null ? [] : [reviewer],
    ledger,
    round: work.purpose.round,
    files,
    asks,
  });
  const by = reviewer === null ? null : formatModelRef(reviewer.ref);
  tell(work, { candidate: id, by }, findings);
  let from = 0;
  const settled = opinions.map((opinion): Opinion => {
    if (!('critique' in opinion)) return opinion;
    const { critic, critique } = opinion;
    const own = findings.slice(from, (from += critique.failures.length));
    return { critic, critique: { ...critique, failures: own } };
  });
  return { opinions: settled, doubted: doubtedLine(ledger) };
}

/** As a reviewer would have said it: the category says whether it blocks. */
function findingsOf(opinion: Opinion): Finding[] {
  if (!('critique' in opinion)) return [];
  const { critic, critique } = opinion;
  return critique.failures.map(({ category, evidence, location, fixHint, cites = null }) => {
    const severity = critic.blocking.includes(category) ? 'blocker' : 'minor';
    return { category, severity, evidence, location, fixHint, cites };
  });
}

function tell(
  work: Work,
  of: { readonly candidate: string; readonly by: string | null },
  findings: readonly Finding[],
): void {
  const severe = findings.filter(isSevere);
  emitStep(work, {
    of: 'tournament',
    step: 'findings',
    name: of.candidate,
    outcome: 'settled',
    detail: severe.map(({ id, standing }) => `${id} ${standing}`).join(', '),
    data: { ...of, findings: severe },
  });
}
