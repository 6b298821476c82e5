import * as z from 'zod';
import { ModelError } from '../../domain/model-error.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { Worker } from '../../domain/route.ts';
import { toSingleLine } from '../../domain/text.ts';
import { askForObject, emitStep, type Work } from '../../supervisor/work.ts';
import { verifyPrompt, type AnswerKind } from './answer-prompts.ts';
import { verifierOf } from './solvers.ts';
import type { AnswerGroup } from './vote.ts';

/** What a verifier says of the answers. The points come first, so that the verdict follows from them. */
export const verificationSchema = z.strictObject({
  points: z.array(
    z.strictObject({
      of: z.string().describe('the answer that it is of, as A1'),
      point: z.string().describe('what was checked'),
      holds: z.boolean(),
      why: z.string(),
    }),
  ),
  reasons: z.string().describe('what decides, in two or three sentences'),
  right: z.string().describe('A1, A2, … or none'),
});

export interface Verification {
  /** The answer that was found right; null for none of them. */
  readonly right: AnswerGroup | null;
  /** What does not hold, and the reasons; for models and people. */
  readonly said: string;
  readonly reasons: string;
  readonly by: ModelIdentity;
  /** It shares its family with a solver: no other could be reached. */
  readonly sameFamily: boolean;
}

/**
 * Has the answers verified, their authors unnamed. Null where nobody can, or the reply cannot be used.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function verify(
  work: Work,
  kind: AnswerKind,
  groups: readonly AnswerGroup[],
  { workers, round }: { readonly workers: readonly Worker[]; readonly round: number },
): Promise<Verification | null> {
  const authors = groups.flatMap(({ solutions }) => solutions.map(({ author }) => author));
  const model = verifierOf(work, workers, authors);
  if (model === null) return null;
  const parts = verifyPrompt(kind, work.context, groups);
  const question = { role: 'verifier', stage: 'verify', parts, round } as const;
  const reply = await askForObject(work, model, question, 'verification', verificationSchema).catch(
    (error: unknown) => {
      if (!(error instanceof ModelError)) throw error;
      emitVerification(work, kind, 'failed', toSingleLine(error.message, 200), {});
      return null;
    },
  );
  if (reply === null) return null;
  const { points, reasons, right: label } = reply.object;
  const isNamed = (name: string, group: AnswerGroup): boolean =>
    name.trim().toUpperCase() === group.label;
  const named = groups.find((group) => isNamed(label, group)) ?? null;
  const wrong = points.filter(({ holds }) => !holds);
  // A verdict against its own points is none.
  const isContradicted = named !== null && wrong.some(({ of }) => isNamed(of, named));
  const right = isContradicted ? null : named;
  const by = reply.result.identity;
  const said = [
    ...wrong.map(({ point, why }) => `- ${toSingleLine(point)}: ${toSingleLine(why)}`),
    toSingleLine(reasons, 1_000),
  ].join('\n');
  emitVerification(work, kind, right === null ? 'revise' : 'passed', toSingleLine(reasons, 200), {
    by: formatModelRef(by.ref),
    right: right?.best.answer ?? null,
    points,
  });
  const sameFamily = authors.some(({ family }) => family === by.family);
  return { right, said, reasons: toSingleLine(reasons, 500), by, sameFamily };
}

function emitVerification(
  work: Work,
  kind: AnswerKind,
  outcome: string,
  detail: string,
  data: Record<string, unknown>,
): void {
  emitStep(work, { of: kind, step: 'verification', name: null, outcome, detail, data });
}
