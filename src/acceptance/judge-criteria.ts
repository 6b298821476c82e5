import * as z from 'zod';
import { otherThan, type Candidate } from '../domain/candidate.ts';
import { asReplyFault } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import { filesText } from '../supervisor/shown-work.ts';
import { askForObject, emitStep, reachableModel, type Work } from '../supervisor/work.ts';
import { isSameId } from '../text/same-id.ts';
import type { HeldCriterion } from './contract.ts';
import { judgePrompt } from './prompts.ts';

/** A reader's judgement of criteria that no test holds, or one in doubt. What was seen comes first. */
export const criteriaSchema = z.strictObject({
  criteria: z.array(
    z.strictObject({
      id: z.string(),
      seen: z.string().describe('what in the work shows it, with path:line'),
      met: z.enum(['yes', 'no', 'unsure']),
    }),
  ),
});

/** What a reader says of a criterion. */
export interface Judged {
  readonly verdict: 'met' | 'not_met' | 'unsure';
  readonly note: string;
}

/**
 * Has a model that did not write the work judge these criteria. What nobody judged has no entry.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function judgeCriteria(
  work: Work,
  candidate: Candidate,
  criteria: readonly HeldCriterion[],
): Promise<ReadonlyMap<string, Judged>> {
  const judged = new Map<string, Judged>();
  if (criteria.length === 0) return judged;
  const model = reachableModel(work, 'reviewer', otherThan(candidate));
  if (model === null) return judged;
  const parts = judgePrompt(work.context, filesText(candidate, 'no notes'), criteria);
  const question = { role: 'reviewer', stage: 'criteria', parts } as const;
  const reply = await askForObject(work, model, question, 'criteria', criteriaSchema).catch(
    (error: unknown) => {
      asReplyFault(error);
      return null;
    },
  );
  const by = formatModelRef(model.identity.ref);
  for (const { id } of criteria) {
    const said = reply?.object.criteria.find((one) => isSameId(one.id, id));
    if (said === undefined) continue;
    const seen = toSingleLine(said.seen, 300);
    // That it is met is shown, or it is not known.
    const isMet = said.met === 'yes' && seen !== '';
    const outcome = isMet ? 'met' : said.met === 'no' ? 'not_met' : 'unsure';
    judged.set(id, { verdict: outcome, note: `${by}: ${seen === '' ? said.met : seen}` });
    emitStep(work, {
      of: 'acceptance',
      step: 'judgement',
      name: id,
      outcome,
      detail: seen,
      data: { by, met: said.met },
    });
  }
  return judged;
}
