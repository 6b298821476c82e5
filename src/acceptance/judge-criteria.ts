import * as z from 'zod';
import { otherThan, type Candidate } from '../domain/candidate.ts';
import { asReplyFault } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import type { LanguageModel } from '../models/language-model.ts';
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

/** A criterion that a reader judges. */
export interface ToJudge extends HeldCriterion {
  /** A test of it was to be had, and shows too little: one reader is not enough. */
  readonly inDoubt: boolean;
}

/**
 * Has a model that did not write the work judge these criteria; one in doubt is met only where a second reader of
 * another family, if one can be reached, sees it as well. What nobody judged has no entry.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function judgeCriteria(
  work: Work,
  candidate: Candidate,
  criteria: readonly ToJudge[],
): Promise<ReadonlyMap<string, Judged>> {
  const others = otherThan(candidate);
  const first = criteria.length === 0 ? null : reachableModel(work, 'reviewer', others);
  if (first === null) return new Map();
  const judged = await read(work, candidate, criteria, 'reviewer', first);
  const again = criteria.filter(({ id, inDoubt }) => inDoubt && judged.get(id)?.verdict === 'met');
  const { family, ref } = first.identity;
  const second =
    again.length === 0
      ? null
      : reachableModel(work, 'critic', {
          avoidFamilies: [...others.avoidFamilies, family],
          avoidModels: [...others.avoidModels, formatModelRef(ref)],
        });
  if (second === null) return judged;
  for (const [id, { verdict, note }] of await read(work, candidate, again, 'critic', second)) {
    const notes = [judged.get(id)?.note, note].filter((part) => part !== undefined);
    judged.set(id, { verdict, note: notes.join('; ') });
  }
  return judged;
}

async function read(
  work: Work,
  candidate: Candidate,
  criteria: readonly ToJudge[],
  role: 'reviewer' | 'critic',
  model: LanguageModel,
): Promise<Map<string, Judged>> {
  const judged = new Map<string, Judged>();
  const parts = judgePrompt(work.context, filesText(candidate, 'no notes'), criteria);
  const question = { role, stage: 'criteria', parts } as const;
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
