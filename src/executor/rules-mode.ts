import { formatModelRef } from '../domain/model-role.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { MayPass } from './selection.ts';

/**
 * With no model at all, scaffolds may stand on scaffolds, so that a person sees the whole outline at once.
 * With a model, unapproved work holds back what depends on it.
 */
export function scaffoldsPass(router: ModelRouter): MayPass {
  const rules = rulesInsteadOfModels(router);
  return ({ status, result }) =>
    rules !== null && status === 'needs_review' && result?.author === rules;
}

/** The name of the rule-based author, where no model can be reached; else null. */
function rulesInsteadOfModels(router: ModelRouter): string | null {
  try {
    const { identity } = router.model(router.decide('coder'));
    return identity.rules ? formatModelRef(identity.ref) : null;
  } catch {
    // Whoever needs the model says why there is none.
    return null;
  }
}
