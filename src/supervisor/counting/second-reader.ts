import * as z from 'zod';
import { isMoneyFault } from '../../domain/errors.ts';
import { formatModelRef, isRules, type ModelIdentity } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import { isSameId } from '../../text/same-id.ts';
import type { LanguageModel } from '../../models/language-model.ts';
import { failureOf } from '../fan-out.ts';
import { askForObject, decisionOrNull, emitStep, type Work } from '../work.ts';
import { namesWork, type JudgedWork, type NamedFinding } from './judged-work.ts';
import { secondReadPrompt } from './second-read-prompt.ts';

export interface SecondRead {
  /** Why findings are refuted, by their ids. */
  readonly refuted: ReadonlyMap<string, string>;
  /** Who else has read them; null where nobody has. */
  readonly reader: string | null;
  /** What a person has to know of it. */
  readonly note: string | null;
}

/** Of the role: those whose models judge, the one that looks for faults first. */
const roles = ['critic', 'reviewer', 'judge', 'verifier'] as const;

/** Of nobody who wrote the work or found this: of another family than they where one is reachable. */
function secondReader(
  { router, emit, task }: Work,
  { authors }: JudgedWork,
  reviewers: readonly ModelIdentity[],
): { readonly model: LanguageModel; readonly role: (typeof roles)[number] } | null {
  const avoidModels = [...authors.avoidModels, ...reviewers.map(({ ref }) => formatModelRef(ref))];
  const avoidFamilies = familiesOf(authors.avoidFamilies, reviewers);
  const found = roles.flatMap((role) => {
    const decision = decisionOrNull(router, role, { avoidFamilies, avoidModels });
    if (decision === null || isRules(decision.chosen) || avoidModels.includes(decision.chosen))
      return [];
    const fallbacks = decision.fallbacks.filter((name) => !avoidModels.includes(name));
    const own = { ...decision, fallbacks };
    return [{ role, decision: own, model: router.model(own) }];
  });
  const isOther = ({ model }: (typeof found)[number]): boolean =>
    !avoidFamilies.includes(model.identity.family);
  const chosen = found.find(isOther) ?? found[0];
  if (chosen === undefined) return null;
  emit({ type: 'route-decide', task: task.id, decision: chosen.decision });
  return chosen;
}

function familiesOf(authors: readonly string[], reviewers: readonly ModelIdentity[]): string[] {
  return [...new Set([...authors, ...reviewers.map(({ family }) => family)])];
}

const verdict = z.strictObject({
  id: z.string().describe('of the finding, as F1'),
  verdict: z.enum(['holds', 'refuted', 'unsure']),
  reasons: z.string().describe('what in the work shows it; of refuted with path:line, or a quote'),
});

/** In the portable style; that a refutation says why is checked here. */
export const secondReadSchema = z.strictObject({
  findings: z.array(
    verdict.refine((said) => said.verdict !== 'refuted' || said.reasons.trim() !== '', {
      error: 'A finding is refuted by reasons that name what in the work contradicts it.',
      path: ['reasons'],
    }),
  ),
});
type Verdict = z.infer<typeof verdict>;

/**
 * Has findings that would block read once more, all in one call. One is refuted only by reasons that name
 * something of the work; where there is no usable answer, none is.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function readAgain(
  work: Work,
  judged: JudgedWork,
  findings: readonly NamedFinding[],
  { reviewers, round }: { readonly reviewers: readonly ModelIdentity[]; readonly round: number },
): Promise<SecondRead> {
  const chosen = secondReader(work, judged, reviewers);
  if (chosen === null) return unread('No second reader was reachable');
  const { model, role } = chosen;
  const name = formatModelRef(model.identity.ref);
  const parts = secondReadPrompt(work, judged, findings);
  const question = { role, stage: 'second-read', round, parts };
  try {
    const { object, result } = await askForObject(
      work,
      model,
      question,
      'second_read',
      secondReadSchema,
    );
    const reader = formatModelRef(result.identity.ref);
    const refuted = await refutedBy(object.findings, findings, judged, work);
    tell(work, reader, findings, object.findings, refuted);
    const avoided = familiesOf(judged.authors.avoidFamilies, reviewers);
    const note = avoided.includes(result.identity.family)
      ? 'The second reader is of the family of the author or of the reviewer: no other was reachable.'
      : null;
    return { refuted, reader, note };
  } catch (error) {
    const { error: fault, message } = failureOf(error);
    if (isMoneyFault(fault)) throw error;
    const why = toSingleLine(message, 200);
    emitStep(work, { ...step, name, outcome: 'failed', detail: why, data: { reader: name } });
    return unread(`The second reader ${name} gave nothing to go by (${why})`);
  }
}

const step = { of: 'review', step: 'second-reader' } as const;

function unread(why: string): SecondRead {
  const note = `${why}: findings are grounded by what they cite alone.`;
  return { refuted: new Map(), reader: null, note };
}

/** An id that is given twice is refuted only if both say so. */
async function refutedBy(
  said: readonly Verdict[],
  findings: readonly NamedFinding[],
  judged: JudgedWork,
  { base }: Work,
): Promise<Map<string, string>> {
  const refuted = new Map<string, string>();
  for (const { id } of findings) {
    const own = said.filter((each) => isSameId(each.id, id));
    const reasons = own.map((each) => each.reasons).join(' ');
    if (own.length === 0 || own.some((each) => each.verdict !== 'refuted')) continue;
    if (await namesWork(reasons, judged, base)) refuted.set(id, toSingleLine(reasons, 600));
  }
  return refuted;
}

function tell(
  work: Work,
  reader: string,
  findings: readonly NamedFinding[],
  said: readonly Verdict[],
  refuted: ReadonlyMap<string, string>,
): void {
  const ids = [...refuted.keys()].join(', ');
  emitStep(work, {
    ...step,
    name: reader,
    outcome: 'read',
    detail: `${findings.length} read, ${refuted.size === 0 ? 'none' : ids} refuted`,
    data: { reader, said, refuted: [...refuted.keys()] },
  });
}
