import type { ResolvedConfig, ResolvedTournament } from '../config/resolved-config.ts';
import type { EnsemblePlan } from '../domain/ensemble.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { StrategyName } from '../domain/strategy-names.ts';
import type { Task } from '../domain/task.ts';
import type { Effort } from '../executor/estimate.ts';
import { roleOfType } from '../executor/prompts.ts';
import { createPrices } from '../models/prices.ts';
import { planEnsemble } from '../strategies/ensemble/plan.ts';
import { ensembleStrategy } from '../strategies/ensemble/strategy.ts';
import { single } from '../strategies/single.ts';
import type { Strategy, StrategyInput } from '../strategies/strategy.ts';
import type { JudgePair } from '../strategies/tournament/context.ts';
import type { TournamentSettings } from '../domain/tournament-settings.ts';
import { tournamentStrategy } from '../strategies/tournament/tournament.ts';
import { createCandidateJudge } from '../supervisor/judge.ts';
import { ensembleTools } from './ensemble-tools.ts';
import type { ModelPool } from './model-pool.ts';

const planFor =
  (config: ResolvedConfig, pool: ModelPool) =>
  ({ task, role }: Pick<StrategyInput, 'task' | 'role'>): EnsemblePlan =>
    planEnsemble({
      task,
      mode: null,
      models: [],
      pool: { primaries: pool.primaries(role), validators: pool.validators() },
      settings: config.ensemble,
    });

const one: Effort = { drafts: 1, judged: 0, judgements: 0, revisions: 0 };

/** The calls that the strategy of a task makes. */
export function effortOf(config: ResolvedConfig, pool: ModelPool): (task: Task) => Effort {
  const plan = planFor(config, pool);
  return (task) => {
    const name = strategyFor(config.strategy, task);
    if (name === 'tournament') {
      const { k, critics, loops } = config.tournament;
      return { drafts: k, judged: k, judgements: critics.length, revisions: loops };
    }
    if (name === 'single') return one;
    try {
      const { primaries, validators } = plan({ task, role: roleOfType[task.type] });
      const drafts = primaries.length;
      // What they make is merged where it differs, and judged as one.
      return { drafts, judged: 1, judgements: validators.length, revisions: drafts > 1 ? 1 : 0 };
    } catch (error) {
      // Whoever needs the models says why there are none.
      if (error instanceof BlueprintError) return one;
      throw error;
    }
  };
}

/** Each task by the strategy that the config names for it. */
export function strategiesOf(config: ResolvedConfig, pool: ModelPool, now: () => Date): Strategy {
  const byName: Record<StrategyName, Strategy> = {
    single,
    ensemble: ensembleStrategy(
      planFor(config, pool),
      ensembleTools({
        timeoutMs: config.ensemble.timeoutMs,
        mayBeText: false,
        clock: () => now().getTime(),
      }),
    ),
    tournament: tournamentStrategy({
      settings: tournamentSettings(config.tournament),
      priceOf: createPrices(config),
      judgeFor: judgeOf,
    }),
  };
  return (input) => byName[strategyFor(config.strategy, input.task)](input);
}

/** A task's category decides before its type. */
export function strategyFor(
  { default: other, types, categories }: ResolvedConfig['strategy'],
  { type, category }: Pick<Task, 'type' | 'category'>,
): StrategyName {
  return categories[category] ?? types[type] ?? other;
}

/** The settings of the config; all checks that block count, and none must have passed. */
export function tournamentSettings(config: ResolvedTournament): TournamentSettings {
  return { ...config, mustPass: [] };
}

/** The judge of near ties, who knows what the authors knew. */
export function judgeOf(input: StrategyInput): JudgePair {
  const { router, purpose, maxOutputTokens, salt, emit } = input;
  return createCandidateJudge({
    router,
    context: input.parts.filter(({ role }) => role !== 'system'),
    purpose,
    maxOutputTokens,
    salt,
    emit,
  });
}
