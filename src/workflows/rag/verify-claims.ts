import * as z from 'zod';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef, type ModelIdentity } from '../../domain/model-role.ts';
import { workersAs, type Worker } from '../../domain/route.ts';
import { toSingleLine } from '../../domain/text.ts';
import { instructionsPart, userPart, type MessagePart } from '../../models/language-model.ts';
import { fenced, fenceRule } from '../../text/fence.ts';
import { askForObject, emitStep, type Work } from '../../supervisor/work.ts';
import { verifierOf } from '../answers/solvers.ts';
import type { Claim } from './claims.ts';

export const claimVerdictsSchema = z.strictObject({
  claims: z.array(
    z.strictObject({
      number: z.int(),
      why: z.string(),
      follows: z.boolean().describe('whether the quotes alone bear the statement out'),
    }),
  ),
});

const instructions = `You check claims against the quotes that they rest on. The quotes were read in their sources and are there; whether they say what the claim says is yours to judge.

- A claim follows when its quotes alone bear it out. What is plausible, or known from elsewhere, does not follow.
- One entry for each claim, by its number.
- ${fenceRule}`;

export function verifyClaimsPrompt(claims: readonly Claim[], question: string): MessagePart[] {
  const shown = claims.map(({ statement, citations }, at) => {
    const quotes = citations.map(({ quote = '' }) => fenced(quote)).join('\n');
    return `Claim ${at + 1}:\n${fenced(statement)}\nIts quotes:\n${quotes}`;
  });
  return [
    instructionsPart(instructions),
    userPart('task', `# The question\n\n${fenced(question)}`),
    userPart('claims', shown.join('\n\n')),
  ];
}

export interface ClaimVerdicts {
  readonly claims: readonly Claim[];
  /** Statements that do not follow from their quotes. */
  readonly dropped: readonly string[];
  readonly by: ModelIdentity;
}

/** Has a verifier of the route say which claims follow from their quotes; null where there is none. */
export async function verifyClaims(
  work: Work,
  claims: readonly Claim[],
  author: ModelIdentity,
  workers: readonly Worker[],
): Promise<ClaimVerdicts | null> {
  if (workersAs(workers, 'verifier').length === 0 || claims.length === 0) return null;
  const model = verifierOf(work, workers, [author]);
  if (model === null) return null;
  const { title, description } = work.task;
  const parts = verifyClaimsPrompt(claims, `${title}\n\n${description}`.trim());
  const question = { role: 'verifier', stage: 'verify', parts } as const;
  try {
    const { object, result } = await askForObject(
      work,
      model,
      question,
      'claim_verdicts',
      claimVerdictsSchema,
    );
    const follows = (at: number): boolean =>
      object.claims.some((verdict) => verdict.number === at + 1 && verdict.follows);
    const kept = claims.filter((_, at) => follows(at));
    const dropped = claims.filter((_, at) => !follows(at)).map(({ statement }) => statement);
    emitStep(work, {
      of: 'rag_qa',
      step: 'verification',
      name: null,
      outcome: dropped.length === 0 ? 'passed' : 'revise',
      detail: `${kept.length} of ${claims.length} claims follow from their quotes`,
      data: { by: formatModelRef(result.identity.ref), claims: object.claims },
    });
    return { claims: kept, dropped, by: result.identity };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const detail = toSingleLine(error.message, 200);
    emitStep(work, {
      of: 'rag_qa',
      step: 'verification',
      name: null,
      outcome: 'failed',
      detail,
      data: {},
    });
    return null;
  }
}
