import { overlay, revised, type Candidate } from '../../domain/candidate.ts';
import { BlueprintError } from '../../domain/errors.ts';
import { failedOrErroredGates } from '../../domain/gate-result.ts';
import { isRules } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import { generateBundle } from '../../models/generate-bundle.ts';
import type { Assess, Contestant } from './assess.ts';
import type { Blocker } from './consolidate.ts';
import { withDeadline, type TournamentContext } from './context.ts';
import { synthesisPrompt } from './prompts.ts';

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
  const { settings, emit, task } = context;
  const seen = new Set(start.seen);
  const rounds: SynthesisRound[] = [];
  let { winner } = start;
  let refused: readonly Blocker[] = [];
  let stop: BlueprintError | null = null;
  const end = (made: SynthesisRound): void => {
    const { round, accepted, reason } = made;
    rounds.push(made);
    emit({
      type: 'step-finish',
      task: task.id,
      of: 'tournament',
      step: 'synthesis',
      name: `S${round}`,
      outcome: accepted ? 'taken' : 'not_taken',
      detail: reason,
      data: { round, accepted, content: made.revision?.content ?? null },
    });
  };
  for (let round = 1; round <= settings.loops; round++) {
    if (winner.consolidated.blockers.length === 0) break;
    const made = await revise({ ...start, winner }, refused, round, context);
    if ('reason' in made) {
      stop = made.stop;
      end({ round, revision: null, accepted: false, reason: made.reason });
      break;
    }
    const revision = await assess(`S${round}`, made.candidate, []);
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
      refused = revision.consolidated.blockers.filter(({ from }) =>
        revision.gates.some(({ gate }) => gate === from),
      );
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
  const { router, emit, task, settings, signal } = context;
  const id = `S${round}`;
  const decision = synthesizerFor(context);
  if (decision === null)
    return { reason: 'no model that could revise it is reachable', stop: null };
  emit({ type: 'route-decide', task: task.id, decision });
  const made = await withDeadline(
    async (until) => {
      const revision = await generateBundle(
        context.meter.of(id, router.model(decision)),
        {
          role: 'synthesizer',
          purpose: { ...context.purpose, stage: 'synthesize', round, candidate: id },
          parts: synthesisPrompt(
            context.parts.filter(({ role }) => role !== 'system'),
            {
              winner: winner.candidate,
              runnerUp: runnerUp?.candidate ?? null,
              blockers: winner.consolidated.blockers,
              actions: winner.consolidated.actions,
              refused,
            },
            context.codec,
          ),
          maxOutputTokens: context.maxOutputTokens,
          signal: until,
          ...(context.salt !== undefined && { salt: context.salt }),
        },
        overlay(winner.candidate.changes, context.base),
        context.codec,
        { mayChangeNothing: true },
      );
      return revised(winner.candidate, revision, context.base);
    },
    { signal, deadlineMs: settings.deadlineMs, model: decision.chosen },
  );
  if ('fault' in made) {
    const { kind, message, error } = made.fault;
    return { reason: toSingleLine(message), stop: kind === 'budget' ? error : null };
  }
  if (made.value === null) return { reason: 'it took back all of the work', stop: null };
  return { candidate: made.value };
}

function synthesizerFor({ router }: TournamentContext) {
  try {
    const decision = router.decide('synthesizer');
    return isRules(decision.chosen) ? null : decision;
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'no-model') return null;
    throw error;
  }
}
