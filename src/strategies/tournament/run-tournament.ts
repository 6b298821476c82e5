import { needsReviewText } from '../../domain/needs-review.ts';
import { isMoneyFault, type BlueprintError } from '../../domain/errors.ts';
import { failedGates } from '../../domain/gate-result.ts';
import { replyFaults } from '../../domain/model-error.ts';
import type { PriceOf } from '../../domain/price.ts';
import { estimatePromptTokens, withoutControls } from '../../domain/text.ts';
import type { TournamentSettings } from '../../domain/tournament-settings.ts';
import { consolidate } from '../../supervisor/critics/consolidate.ts';
import { errorOfAll, failuresOf, withinDeadline } from '../../supervisor/fan-out.ts';
import { judgeCandidates } from '../../supervisor/judge.ts';
import { decide, emitStep, type Work } from '../../supervisor/work.ts';
import { jsonText } from '../../text/json-as.ts';
import type { StrategyInput } from '../strategy.ts';
import { createAssess, judgedIn, type Contestant } from './assess.ts';
import type { TournamentContext } from './context.ts';
import { enterAll, identityGate, type Entry } from './generate.ts';
import { leversOf } from './levers.ts';
import { createMeter } from './meter.ts';
import { isContestant, readUntilOneWins } from './read-vetoes.ts';
import { depthOf, isNearTie, ranked, runnerUpOf } from './rank.ts';
import { synthesize, type SynthesisRound } from './synthesis.ts';
import { tableText } from './table-text.ts';
import { tableOf, type TournamentTable } from './table.ts';
import { doubtsOn, type Doubt, type NearTie } from './verdict.ts';

export interface TournamentInput extends StrategyInput {
  readonly settings: TournamentSettings;
  readonly priceOf: PriceOf;
}

export interface TournamentResult {
  readonly winner: Contestant;
  readonly runnerUp: Contestant | null;
  readonly entries: readonly Entry[];
  readonly rounds: readonly SynthesisRound[];
  /** None: the winner is approved. */
  readonly doubts: readonly Doubt[];
  /** The budget's, when it ended the tournament before its time. */
  readonly stop: BlueprintError | null;
  readonly table: TournamentTable;
}

/**
 * Candidates, checks, critics, a winner, and its synthesis. Everything is asked in the same words each time,
 * so one that was cut off goes on from the calls that were finished.
 * @throws ModelError or BlueprintError of the budget when no candidate could be had. @throws InterruptedError
 */
export async function runTournament(input: TournamentInput): Promise<TournamentResult> {
  const { settings, role, prompt, files } = input;
  const meter = createMeter(input.priceOf);
  const work: Work = { ...input.work, router: meter.around(input.work.router) };
  const checks = { ...input.checks, blocking: new Set([identityGate, ...input.checks.blocking]) };
  const deadline = { ms: settings.deadlineMs, fix: 'Raise tournament.deadlineMs in the config.' };
  const context: TournamentContext = { ...input, work, checks, meter, deadline };
  const decision = decide(work, role, { contentTokens: estimatePromptTokens(prompt) });
  const levers = leversOf(settings.k, 1 + decision.fallbacks.length);
  const assess = createAssess(context);
  const entered = await enterAll(levers, decision, assess, context);
  const { entries, stop: unread } = await readUntilOneWins(entered, context);
  const contestants = entries.filter(isContestant);
  const byRank = ranked<Contestant>(contestants);
  const [best] = byRank;
  if (best === undefined)
    // What a fresh attempt may mend goes before what waits for a provider.
    throw errorOfAll(failuresOf(entries), replyFaults);

  const { first, second, nearTie, stop: unjudged } = await settleNearTie(best, byRank, context);
  const stops = [
    ...failuresOf(entries).map(({ error }) => (isMoneyFault(error) ? error : null)),
    ...contestants.map((contestant) => contestant.stop),
    unread,
    unjudged,
  ];
  const order = [first, ...byRank.filter((other) => other !== first)];
  emitStep(work, {
    of: 'tournament',
    step: 'rank',
    name: null,
    outcome: first.id,
    detail: order.map(rankText).join(', '),
    data: {
      order: order.map(({ id, consolidated: { score, blockers } }) => ({
        candidate: id,
        score,
        blockers: blockers.length,
      })),
      runnerUp: second?.id ?? null,
      reason: nearTie?.reasons ?? '',
    },
  });
  const halted = stops.find((stop) => stop !== null) ?? null;
  const synthesis =
    halted === null
      ? await synthesize(
          { winner: first, runnerUp: second, seen: contestants.map(({ content }) => content) },
          assess,
          context,
        )
      : { winner: first, rounds: [], stop: null };
  const winner = await verified(synthesis.winner, context);
  const stop = halted ?? synthesis.stop;
  const doubts = [
    ...doubtsOn(winner, winner.id === first.id ? nearTie : null, checks.blocking, settings),
    ...(stop === null ? [] : [{ reason: 'budget_hit' as const, detail: stop.message }]),
  ];
  // What is approved stands, whatever else could not be paid.
  const open = doubts.every(({ reason }) => reason === 'budget_hit') ? [] : doubts;
  const found = {
    winner,
    runnerUp: second,
    entries,
    rounds: synthesis.rounds,
    doubts: open,
    stop: open.length === 0 ? null : stop,
  };
  const table = tableOf({ ...found, nearTie }, context);
  await files.write('table.json', jsonText(table));
  await files.write('table.md', withoutControls(tableText(table)));
  const needsReview = [...new Set(open.map(({ reason }) => reason))];
  emitStep(work, {
    of: 'tournament',
    step: 'finish',
    name: winner.id,
    outcome: open.length === 0 ? 'approved' : 'needs_review',
    detail: needsReview.map((reason) => needsReviewText[reason]).join('; '),
    data: { winner: winner.id, approved: open.length === 0, needsReview },
  });
  return { ...found, table };
}

function rankText({ id, consolidated: { score, blockers } }: Contestant): string {
  const shown = score === null ? 'no score' : score.toFixed(2);
  return `${id} ${shown}${blockers.length === 0 ? '' : `, ${blockers.length} blocking`}`;
}

/** The first two, after the judge's word where they are too close; a tie is broken by checks, then score. */
async function settleNearTie(
  best: Contestant,
  byRank: readonly Contestant[],
  context: TournamentContext,
): Promise<{
  first: Contestant;
  second: Contestant | null;
  nearTie: NearTie | null;
  stop: BlueprintError | null;
}> {
  const next = runnerUpOf(byRank);
  const { work, settings, deadline } = context;
  if (next === null || !isNearTie(best, next, settings.margin))
    return { first: best, second: next, nearTie: null, stop: null };
  const asked = await withinDeadline(work, { name: 'The judge', ...deadline }, (timed) =>
    judgeCandidates(timed, best.candidate, next.candidate),
  );
  const verdict =
    'value' in asked
      ? asked.value
      : { outcome: 'tie' as const, flipped: false, reasons: asked.failure.message };
  const stop = 'failure' in asked && isMoneyFault(asked.failure.error) ? asked.failure.error : null;
  const turned =
    verdict.outcome === 'second' ||
    (verdict.outcome === 'tie' && failedGates(next.gates).length < failedGates(best.gates).length);
  const [first, second] = turned ? [next, best] : [best, next];
  return { first, second, nearTie: { between: [best.id, next.id], ...verdict }, stop };
}

/** Nothing is approved by checks that an earlier process has made: they are made again, and cost nothing. */
async function verified(winner: Contestant, context: TournamentContext): Promise<Contestant> {
  if (!winner.recorded) return winner;
  const { work, checks, settings } = context;
  const own = winner.gates.filter(({ gate }) => gate === identityGate);
  const gates = [...own, ...(await checks.run(winner.candidate, work.signal))];
  const judged = judgedIn(context, gates, winner.candidate);
  const consolidated = consolidate(judged, checks.blocking, winner.opinions, settings);
  const depth = depthOf(gates, checks.blocking);
  return { ...winner, gates, consolidated, depth, recorded: false };
}
