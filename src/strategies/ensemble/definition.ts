import type { EnsemblePlan } from '../../domain/ensemble.ts';
import { BlueprintError } from '../../domain/errors.ts';
import type { ModelRole } from '../../domain/model-role.ts';
import type { Task } from '../../domain/task.ts';
import { oneCall } from '../single.ts';
import type { StrategyDefinition, StrategyParts } from '../strategy.ts';
import { planEnsemble } from './plan.ts';
import { ensembleStrategy } from './strategy.ts';

/** Several models answer; what they made is merged where it differs, and judged as one. */
export const ensemble: StrategyDefinition = {
  create: (parts) =>
    ensembleStrategy(({ work, role }) => planFor(parts, work.task, role), {
      timeoutMs: parts.ensemble.timeoutMs,
      mayBeText: false,
      clock: () => parts.now().getTime(),
    }),
  expectedCalls(parts, task, role) {
    try {
      const { primaries, validators } = planFor(parts, task, role);
      const drafts = primaries.length;
      return { drafts, judged: 1, judgements: validators.length, revisions: drafts > 1 ? 1 : 0 };
    } catch (error) {
      // No model: the run reports it.
      if (error instanceof BlueprintError) return oneCall;
      throw error;
    }
  },
};

function planFor(
  { pool, ensemble: settings }: StrategyParts,
  task: Task,
  role: ModelRole,
): EnsemblePlan {
  return planEnsemble({
    task,
    mode: null,
    models: [],
    pool: { primaries: pool.primaries(role), validators: pool.validators() },
    settings,
  });
}
