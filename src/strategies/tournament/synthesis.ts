import type { Candidate } from '../../domain/candidate.ts';
import { isMoneyFault, type BlueprintError } from '../../domain/errors.ts';
import { failedOrErroredGates } from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { Blocker } from '../../supervisor/critics/consolidate.ts';
import { withinDeadline } from '../../supervisor/fan-out.ts';
import { askForRevision, emitStep, reachableModel } from '../../supervisor/work.ts';
import type { Assess, Contestant } from './assess.ts';
import type { TournamentContext } from './context.ts';
import { synthesisPrompt } from './prompts.ts';
import { readVetoes } from './read-vetoes.ts';

/** One round of synthesis. */
export interface SynthesisRound {
  readonly round: number;
  /** Null when there was no revision to assess. */
  readonly revision: Contestant | null;
  readonly accepted: boolean;
  readonly reason: string;
}

export interface Synthesis {
  readonly winner: Contestant;
  readonly rounds: readonly SynthesisRound[];
  /** The budget's, when a round could not be paid. */
  readonly stop: BlueprintError | null;
}

/**
 * Has the winner revised by what keeps it from approval, with the runner-up in view, until nothing does, a
 * round brings no gain, or the rounds are used up. A revision is taken only if it is no worse; what the
 * tool's checks found in one that was not taken goes into the next round.
 * @throws InterruptedError
 */
export async function synthesize(
  start: { winner: Contestant; runnerUp: Contestant | null; seen: readonly string[] },
  assess: Assess,
  context: TournamentContext,
): Promise<Synthesis> {
  const { settings, work } = context;
  const seen = new Set(start.seen);
  const rounds: SynthesisRound[] = [];
  let { winner } = start;
  let refused: readonly Blocker[] = [];
  let stop: BlueprintError | null = null;
  const end = (finished: SynthesisRound): void => {
    const { round, accepted, reason } = finished;
    rounds.push(finished);
    emitStep(work, {
      of: 'tournament',
      step: 'synthesis',
      name: `S${round}`,
      outcome: accepted ? 'taken' : 'not_taken',
      detail: reason,
      data: { round, accepted, content: finished.revision?.content ?? null },
    });
  };
  for (let round = 1; round <= settings.loops; round++) {
    if (winner.consolidated.blockers.length === 0) break;
    const next = await revise({ ...start, winner }, refused, round, context);
    if ('reason' in next) {
      stop = next.stop;
      end({ round, revision: null, accepted: false, reason: next.reason });
      break;
    }
    const judged = await assess(work, `S${round}`, next.candidate, []);
    const revision = await readVetoes(judged, context);
    stop = revision.stop;
    const { accepted, reason } = gainOf(winner, revision);
    const again = seen.has(revision.content);
    seen.add(revision.content);
    end({
      round,
      revision,
      accepted,
      reason: again ? 'it is work that was judged before' : reason,
    });
    if (accepted) {
      winner = revision;
      refused = [];
    } else {
      refused = revision.consolidated.blockers.filter(({ by }) => by === 'gate');
      if (refused.length === 0) break;
    }
    if (again || stop !== null) break;
  }
  return { winner, rounds, stop };
}

/** Whether a revision is taken in the winner's place: its checks no worse, its score no lower, a blocker less. */
export function gainOf(
  before: Pick<Contestant, 'gates' | 'depth' | 'consolidated'>,
  after: Pick<Contestant, 'gates' | 'depth' | 'consolidated'>,
): { readonly accepted: boolean; readonly reason: string } {
  const no = (reason: string) => ({ accepted: false, reason });
  if (after.depth < before.depth) return no('it fails a check that the winner passed');
  if (
    after.depth === before.depth &&
    failedOrErroredGates(after.gates).length > failedOrErroredGates(before.gates).length
  )
    return no('it passes fewer checks than the winner');
  const [was, is] = [before.consolidated, after.consolidated];
  const passes = after.depth === Number.POSITIVE_INFINITY;
  if (passes && !is.quorum) return no('too few critics have judged it');
  if (was.score !== null && (is.score ?? 0) < was.score - 1e-9)
    return no(`its score falls from ${was.score.toFixed(2)} to ${(is.score ?? 0).toFixed(2)}`);
  if (after.depth > before.depth) return { accepted: true, reason: 'it passes more checks' };
  if (is.blockers.length >= was.blockers.length)
    return no(`nothing gained: ${is.blockers.length} findings block it still`);
  const left = is.blockers.length === 0 ? 'none' : String(is.blockers.length);
  return {
    accepted: true,
    reason: `${left} of ${was.blockers.length} blocking findings left`,
  };
}

async function revise(
  { winner, runnerUp }: { winner: Contestant; runnerUp: Contestant | null },
  refused: readonly Blocker[],
  round: number,
  context: TournamentContext,
): Promise<{ candidate: Candidate } | { reason: string; stop: BlueprintError | null }> {
  const { work, deadline } = context;
  const model = reachableModel(work, 'synthesizer');
  if (model === null) return { reason: 'no model that could revise it is reachable', stop: null };
  const asked = {
    winner: winner.candidate,
    runnerUp: runnerUp?.candidate ?? null,
    blockers: winner.consolidated.blockers,
    actions: winner.consolidated.actions,
    refused,
  };
  const parts = synthesisPrompt(work.context, asked, work.codec);
  const question = { stage: 'synthesize', round, candidate: `S${round}`, parts };
  const limit = { name: formatModelRef(model.identity.ref), ...deadline };
  const outcome = await withinDeadline(work, limit, (timed) =>
    askForRevision(timed, model, { role: 'synthesizer', ...question }, winner.candidate),
  );
  if ('failure' in outcome) {
    const { message, error } = outcome.failure;
    return { reason: toSingleLine(message), stop: isMoneyFault(error) ? error : null };
  }
  if (outcome.value === null) return { reason: 'it took back all of the work', stop: null };
  return { candidate: outcome.value };
}
