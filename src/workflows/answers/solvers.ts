import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import { workersAs, type Worker } from '../../domain/route.ts';
import type { LanguageModel } from '../../models/language-model.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { otherThan } from '../../domain/candidate.ts';
import { decide, modelNamed, reachableModel, type Asking } from '../../supervisor/work.ts';

/** Independent solutions where nobody says how many. */
export const usualSolutions = 3;

/** One of those who are asked for a solution. */
export interface Solver {
  /** `S1`, `S2`, … */
  readonly label: string;
  readonly model: LanguageModel;
  /** Which way of going at the task it is given; null where no other solver is the same model. */
  readonly approach: number | null;
}

/**
 * So many solvers, at least: the route's, in turn, else the model of the role.
 * @throws BlueprintError `no-model` where rules alone are left, which answer no question
 */
export function solversOf(
  work: Asking,
  workers: readonly Worker[],
  what: string,
  least = usualSolutions,
): Solver[] {
  const named = workersAs(workers, 'solver');
  const names = named.length > 0 ? named : [ownSolver(work, what)];
  const count = Math.max(least, names.length);
  return Array.from({ length: count }, (_, at): Solver => {
    const name = names[at % names.length] ?? '';
    const isAlone = at < names.length && at + names.length >= count;
    return {
      label: `S${at + 1}`,
      model: modelNamed(work, 'solver', name, 'a solver of the route'),
      approach: isAlone ? null : at,
    };
  });
}

function ownSolver(work: Asking, what: string): string {
  const decision = decide(work, 'solver');
  if (!isRules(decision.chosen)) return decision.chosen;
  const reasons = decision.passedOver.map(({ model, reason }) => `${model}: ${reason}`);
  throw new BlueprintError({
    code: 'no-model',
    message: `A task of ${what} needs a model, and none can be asked: rules give no answers${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}`,
    target: 'roles.solver',
    fix: 'Set the key of a provider that roles.solver, or roles.coder, names; see blueprint doctor.',
    exitCode: ExitCode.unavailable,
  });
}

/** Who verifies: the route's, unless it solved itself, else a model of the role of another family where there is one. */
export function verifierOf(
  work: Asking,
  workers: readonly Worker[],
  authors: readonly ModelIdentity[],
): LanguageModel | null {
  const others = otherThan(...authors.map((author) => ({ author })));
  const named = workersAs(workers, 'verifier').find((name) => !others.avoidModels.includes(name));
  return named === undefined
    ? reachableModel(work, 'verifier', others)
    : modelNamed(work, 'verifier', named, 'the verifier of the route');
}
