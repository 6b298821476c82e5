import { isRules } from '../domain/model-role.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { MayPass } from './selection.ts';

/**
 * With no model at all, scaffolds may stand on scaffolds, so that a person sees the whole outline at once.
 * With a model, unapproved work holds back what depends on it.
 */
export function scaffoldsPass(router: ModelRouter): MayPass {
  const byRules = rulesInsteadOfModels(router);
  return ({ status, result }) =>
    byRules && status === 'needs_review' && isRules(result?.author ?? '');
}

function rulesInsteadOfModels(router: ModelRouter): boolean {
  try {
    return isRules(router.decide('coder').chosen);
  } catch {
    // Not even rules: the task that needs a model reports it.
    return false;
  }
}
