import { isRules } from '../../domain/model-role.ts';
import { workersAs, type Worker } from '../../domain/route.ts';
import type { ModelRouter } from '../../models/language-model.ts';

/** The router, but files are written by the route's solver; the models of the role come after it. */
export function preferring(router: ModelRouter, workers: readonly Worker[]): ModelRouter {
  const [solver] = workersAs(workers, 'solver');
  if (solver === undefined) return router;
  return {
    decide(role, need = {}) {
      const decision = router.decide(role, need);
      const { chosen, passedOver, fallbacks } = decision;
      const isAvoided = need.avoidModels?.includes(solver) === true;
      if (role !== 'coder' || chosen === solver || isAvoided || isRules(chosen)) return decision;
      return {
        ...decision,
        chosen: solver,
        reason: 'the solver of the route',
        passedOver: [...passedOver, { model: chosen, reason: 'the route names another solver' }],
        fallbacks: [chosen, ...fallbacks.filter((name) => name !== solver)],
      };
    },
    model: (decision) => router.model(decision),
  };
}
