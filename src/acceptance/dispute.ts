import * as z from 'zod';
import { authorsOf, type Candidate } from '../domain/candidate.ts';
import { asReplyFault } from '../domain/model-error.ts';
import { formatModelRef, parseModelRef } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import { filesText } from '../supervisor/shown-work.ts';
import { recall, remember, type Step, type StepFiles } from '../supervisor/steps.ts';
import { askForObject, emitStep, modelNamed, reachableModel } from '../supervisor/work.ts';
import { disputeLines } from '../text/dispute-lines.ts';
import { isSameId } from '../text/same-id.ts';
import { sha256 } from '../text/sha256.ts';
import { contractSchema, testOf, type Contract, type FixedTest } from './contract.ts';
import { disputePrompt } from './prompts.ts';
import { runTests, type Verifying } from './run-tests.ts';
import { rewriteTest } from './write-tests.ts';

/** What an author says against a test. */
export interface Dispute {
  readonly criterion: string;
  readonly reason: string;
}

/** Lines of an author's notes that begin so say that a test is wrong: `Dispute R2.1: why`. */
export function disputesIn({ bundle }: Pick<Candidate, 'bundle'>, contract: Contract): Dispute[] {
  return disputeLines(bundle.notes).flatMap(({ criterion: named, reason }) => {
    const test = contract.tests.find(({ criterion }) => isSameId(named, criterion));
    return test === undefined ? [] : [{ criterion: test.criterion, reason }];
  });
}

/** A third model's decision. The reasons come first, so that it follows from them. */
export const disputeSchema = z.strictObject({
  reasons: z.string().describe('what decides, in two or three sentences'),
  right: z.enum(['test', 'author']),
});

const settledSchema = z.strictObject({
  /** Null where the test stays as it is. */
  contract: contractSchema.nullable(),
  /** For models and people. */
  said: z.string(),
});
export type Settled = z.infer<typeof settledSchema>;

export interface DisputeOf {
  readonly candidate: Candidate;
  readonly contract: Contract;
  readonly files: StepFiles;
  /** How many were settled before. */
  readonly before: number;
}

/**
 * Has a model that wrote neither decide; where it finds for the author, the test is made anew, and has to fail on
 * the project as it is again. Where nobody can decide, the test stays.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function settleDispute(
  dispute: Dispute,
  { candidate, contract, files, before }: DisputeOf,
  verifying: Verifying,
): Promise<Settled> {
  const test = testOf(contract, dispute.criterion);
  const criterion = contract.criteria.find(({ id }) => id === dispute.criterion);
  if (test === undefined || criterion === undefined) return { contract: null, said: '' };
  const key = sha256(JSON.stringify([dispute, test, [...candidate.changes]]));
  const step: Step<Settled> = {
    name: `disputes/${key.slice(0, 16)}.json`,
    key,
    schema: settledSchema,
    sealed: true,
  };
  const kept = await recall(files, step);
  if (kept !== null) return kept;
  const { work } = verifying;
  const authors = authorsOf(candidate).map(({ family, ref }) => [family, formatModelRef(ref)]);
  const verifier = contract.verifier ?? '';
  const model = reachableModel(work, 'judge', {
    avoidFamilies: authors.flatMap(([family = '']) => family),
    avoidModels: [...authors.flatMap(([, name = '']) => name), verifier],
  });
  const decided =
    model === null
      ? null
      : await askForObject(
          work,
          model,
          {
            role: 'judge',
            stage: 'dispute',
            candidate: dispute.criterion,
            parts: disputePrompt(work.context, {
              criterion,
              test,
              reason: dispute.reason,
              work: filesText(candidate, 'no notes'),
              output: await outputOf(test, candidate, verifying),
            }),
          },
          'dispute',
          disputeSchema,
        ).catch((error: unknown) => {
          asReplyFault(error);
          return null;
        });
  const said = toSingleLine(decided?.object.reasons ?? 'Nobody could decide on it.', 600);
  const isWrong = decided?.object.right === 'author' && parseModelRef(verifier) !== null;
  const settled: Settled = isWrong
    ? {
        said,
        contract: await rewriteTest(
          contract,
          { criterion: dispute.criterion, problem: `a third model found it wrong: ${said}` },
          3 + before,
          verifying,
          modelNamed(work, 'verifier', verifier, 'it wrote the test'),
        ),
      }
    : { said, contract: null };
  await remember(files, step, settled);
  emitStep(work, {
    of: 'acceptance',
    step: 'dispute',
    name: dispute.criterion,
    outcome: isWrong ? 'test_changed' : 'test_stays',
    detail: toSingleLine(said, 300),
    data: {
      reason: dispute.reason,
      by: decided === null ? null : formatModelRef(decided.result.identity.ref),
      before: sha256(test.content),
      after: sha256(testOf(settled.contract ?? contract, dispute.criterion)?.content ?? ''),
    },
  });
  return settled;
}

/** How the test comes out on the work, in words. */
async function outputOf(
  { path, content }: FixedTest,
  { changes }: Candidate,
  verifying: Verifying,
): Promise<string> {
  const tried = await runTests(verifying, { tests: new Map([[path, content]]), changes });
  if ('hindrance' in tried) return tried.hindrance.missing;
  return tried.files
    .flatMap(({ problem, tests: all }) => [
      ...(problem === null ? [] : [problem.text]),
      ...all.map(({ name, outcome, text }) => `${outcome}: ${name}\n${text}`),
    ])
    .join('\n');
}
