import * as z from 'zod';
import { otherThan, type Candidate } from '../domain/candidate.ts';
import { asReplyFault } from '../domain/model-error.ts';
import { formatModelRef, parseModelRef } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import type { TriedFile } from '../gates/gate.ts';
import { filesText } from '../supervisor/shown-work.ts';
import { recall, remember, type Step, type StepFiles } from '../supervisor/steps.ts';
import { askForObject, emitStep, modelNamed, reachableModel } from '../supervisor/work.ts';
import { disputeLines } from '../text/dispute-lines.ts';
import { isSameId } from '../text/same-id.ts';
import { sha256 } from '../text/sha256.ts';
import { contractSchema, testOf, type Contract } from './contract.ts';
import { disputePrompt } from './prompts.ts';
import { runTests, type Verifying } from './run-tests.ts';
import { rewriteTests } from './write-tests.ts';

/** A test that may be wrong. */
export interface Dispute {
  readonly criterion: string;
  /** What an author says against it; null where work fails it and nobody has said why. */
  readonly reason: string | null;
}

/** Lines of an author's notes that begin so say that a test is wrong: `Dispute R2.1: why`. */
export function disputesIn({ bundle }: Pick<Candidate, 'bundle'>, contract: Contract): Dispute[] {
  return disputeLines(bundle.notes).flatMap(({ criterion: named, reason }) => {
    const test = contract.tests.find(({ criterion }) => isSameId(named, criterion));
    return test === undefined ? [] : [{ criterion: test.criterion, reason }];
  });
}

/** A third model's decisions. The reasons come first, so that the decision follows from them. */
export const disputeSchema = z.strictObject({
  tests: z.array(
    z.strictObject({
      id: z.string().describe('of the criterion'),
      reasons: z.string().describe('what decides, in two or three sentences'),
      right: z.enum(['test', 'work']),
    }),
  ),
});

const decisionSchema = z.strictObject({
  criterion: z.string(),
  /** The test stays as it is. */
  stays: z.boolean(),
  /** Why, for models and people. */
  said: z.string(),
});
export type Decision = Readonly<z.infer<typeof decisionSchema>>;

const settledSchema = z.strictObject({
  /** Null where all tests stay as they are. */
  contract: contractSchema.nullable(),
  decisions: z.array(decisionSchema),
});
export type Settled = z.infer<typeof settledSchema>;

export interface DisputeOf {
  readonly candidate: Candidate;
  readonly contract: Contract;
  readonly files: StepFiles;
  /** How many times somebody had to decide before. */
  readonly before: number;
}

/**
 * Has a model that wrote neither decide on all of them in one call. Tests that it finds wrong are made anew, and
 * have to fail on the project as it is again. What nobody can decide stays.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function settleDisputes(
  disputes: readonly Dispute[],
  about: DisputeOf,
  verifying: Verifying,
): Promise<Settled> {
  const { candidate, contract, files, before } = about;
  const { work } = verifying;
  const disputed = contract.tests.filter(({ criterion }) =>
    disputes.some((dispute) => dispute.criterion === criterion),
  );
  const key = sha256(JSON.stringify([disputes, disputed, [...candidate.changes]]));
  const step: Step<Settled> = {
    name: `disputes/${key.slice(0, 16)}.json`,
    key,
    schema: settledSchema,
    sealed: true,
  };
  const kept = await recall(files, step);
  if (kept !== null) return kept;
  const { by, reply } = await decide(disputes, about, verifying);
  const verifier = contract.verifier ?? '';
  const decisions = disputed.map(({ criterion }) => {
    const decided = reply?.tests.find(({ id }) => isSameId(id, criterion));
    const said = toSingleLine(decided?.reasons ?? 'Nobody could decide on it.', 600);
    const stays = decided?.right !== 'work' || parseModelRef(verifier) === null;
    return { criterion, stays, said };
  });
  const wrong = decisions.filter(({ stays }) => !stays);
  const changed =
    wrong.length === 0
      ? null
      : await rewriteTests(
          contract,
          wrong.map(({ criterion, said }) => {
            return { criterion, problem: `a third model found it wrong: ${said}` };
          }),
          3 + before,
          verifying,
          modelNamed(work, 'verifier', verifier, 'it wrote the test'),
        );
  const settled: Settled = { contract: changed, decisions };
  await remember(files, step, settled);
  const hashIn = (of: Contract, criterion: string): string =>
    sha256(testOf(of, criterion)?.content ?? '');
  for (const { criterion, stays, said } of decisions)
    emitStep(work, {
      of: 'acceptance',
      step: 'dispute',
      name: criterion,
      outcome: stays ? 'test_stays' : 'test_changed',
      detail: toSingleLine(said, 300),
      data: {
        reason: disputes.find((dispute) => dispute.criterion === criterion)?.reason ?? null,
        by,
        before: hashIn(contract, criterion),
        after: hashIn(changed ?? contract, criterion),
      },
    });
  return settled;
}

interface Decided {
  /** `provider/model`; null where nobody could be asked, or gave an answer. */
  readonly by: string | null;
  readonly reply: z.infer<typeof disputeSchema> | null;
}

async function decide(
  disputes: readonly Dispute[],
  { candidate, contract, before }: DisputeOf,
  verifying: Verifying,
): Promise<Decided> {
  const { work } = verifying;
  const nobody = { by: null, reply: null };
  const { avoidFamilies, avoidModels } = otherThan(candidate);
  const verifier = contract.verifier ?? '';
  const model = reachableModel(work, 'judge', {
    avoidFamilies,
    avoidModels: [...avoidModels, verifier],
  });
  if (model === null) return nobody;
  const asked = disputes.map(({ criterion }) => criterion);
  const outputs = new Map(
    (await triedTests(contract, asked, candidate, verifying)).map((file) => [
      file.path,
      outputOf(file),
    ]),
  );
  const parts = disputePrompt(work.context, {
    work: filesText(candidate, 'no notes'),
    disputes: disputes.flatMap(({ criterion, reason }) => {
      const test = testOf(contract, criterion);
      const { text = '' } = contract.criteria.find(({ id }) => id === criterion) ?? {};
      return test === undefined
        ? []
        : [{ id: criterion, text, test, reason, output: outputs.get(test.path) ?? '' }];
    }),
  });
  const question = { role: 'judge', stage: 'dispute', round: before + 1, parts } as const;
  const answer = await askForObject(work, model, question, 'dispute', disputeSchema).catch(
    (error: unknown) => {
      asReplyFault(error);
      return null;
    },
  );
  if (answer === null) return nobody;
  return { by: formatModelRef(answer.result.identity.ref), reply: answer.object };
}

/** How the tests of these criteria come out on the work; nothing where they cannot be run. */
export async function triedTests(
  contract: Contract,
  criteria: readonly string[],
  { changes }: Candidate,
  verifying: Verifying,
): Promise<readonly TriedFile[]> {
  const tests = contract.tests.filter(({ criterion }) => criteria.includes(criterion));
  if (tests.length === 0) return [];
  const tried = await runTests(verifying, {
    tests: new Map(tests.map(({ path, content }) => [path, content])),
    changes,
  });
  return 'unavailable' in tried ? [] : tried.files;
}

function outputOf({ problem, tests }: TriedFile): string {
  return [
    ...(problem === null ? [] : [problem.text]),
    ...tests.map(({ name, outcome, text }) => `${outcome}: ${name}\n${text}`),
  ].join('\n');
}
