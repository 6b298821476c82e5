import type { Criterion } from '../domain/criteria.ts';
import { asReplyFault } from '../domain/model-error.ts';
import { formatModelRef, roleOfType, type ModelIdentity } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';
import type { LanguageModel, MessagePart } from '../models/language-model.ts';
import { askForObject, decisionOrNull, reachableModel, type Work } from '../supervisor/work.ts';
import { otherThan } from '../domain/candidate.ts';
import { testOf, type Contract, type FixedTest, type HeldCriterion } from './contract.ts';
import {
  acceptanceSchema,
  takeReply,
  testsIn,
  tryDrafts,
  type AcceptanceReply,
  type Draft,
  type Drafts,
} from './drafts.ts';
import type { Verifying } from './run-tests.ts';
import { mendPrompt, writePrompt } from './prompts.ts';
import type { TestProblem } from './test-problems.ts';

/**
 * Has a verifier write a test for each criterion before the author begins, and tries them on the project as it is.
 * What cannot stay goes back once, and is then left to a reader, with the reason.
 * @throws BlueprintError of the budget. @throws ModelError of a provider. @throws InterruptedError
 */
export async function writeTests(verifying: Verifying): Promise<Contract> {
  const { work, criteria, gates, view } = verifying;
  if (!gates.blockingGates.has('tests')) return untested(criteria, 'the config has no tests run');
  const layout = await gates.testLayout(work.task, view, work.signal);
  if (layout.unavailable !== null) return untested(criteria, layout.unavailable.missing);
  const author = authorOf(work);
  const model = reachableModel(work, 'verifier', author === null ? {} : otherThan({ author }));
  if (model === null) return untested(criteria, 'no model that could write tests can be reached');
  const drafts: Drafts = new Map();
  const uses = new Set<string>();
  const parts = writePrompt(work.context, criteria, layout);
  try {
    addUses(uses, take(drafts, await ask(work, model, parts, 1), criteria));
    const problems = await tryDrafts(drafts, [...uses], verifying, 'tried-1');
    await mend(problems, { drafts, uses, parts, model, round: 2 }, verifying);
  } catch (error) {
    const words = replyFault(error);
    return untested(criteria, `the verifier gave no tests: ${words}`);
  }
  return contractOf(criteria, drafts, [...uses], {
    verifier: formatModelRef(model.identity.ref),
    sameFamily: author?.family === model.identity.family,
  });
}

/**
 * The contract with some tests made anew by who wrote them; one that does not fail on the project as it is goes
 * to a reader.
 * @param round of the call, from 3 on. @throws as `writeTests`
 */
export async function rewriteTests(
  contract: Contract,
  problems: readonly TestProblem[],
  round: number,
  verifying: Verifying,
  model: LanguageModel,
): Promise<Contract> {
  const { work, criteria, gates, view } = verifying;
  const layout = await gates.testLayout(work.task, view, work.signal);
  const drafts: Drafts = new Map(
    contract.criteria.map(({ id, by, why, leftOut }) => {
      const test = testOf(contract, id);
      const draft: Draft = { by, why, ...(leftOut && { leftOut }) };
      return [id, test === undefined ? draft : { ...draft, test, failed: test.failed }];
    }),
  );
  const uses = new Set(contract.uses);
  const parts = writePrompt(work.context, criteria, layout);
  try {
    await mend(problems, { drafts, uses, parts, model, round }, verifying);
  } catch (error) {
    const why = `its test was found wrong, and the verifier gave no other: ${replyFault(error)}`;
    for (const { criterion } of problems)
      drafts.set(criterion, { by: 'reader', why, leftOut: true });
  }
  return contractOf(criteria, drafts, [...uses], contract);
}

interface Mending {
  readonly drafts: Drafts;
  readonly uses: Set<string>;
  /** What the verifier was asked first. */
  readonly parts: readonly MessagePart[];
  readonly model: LanguageModel;
  readonly round: number;
}

/** Sends back what cannot stay, once; what cannot then either is left to a reader. */
async function mend(
  problems: readonly TestProblem[],
  { drafts, uses, parts, model, round }: Mending,
  verifying: Verifying,
): Promise<void> {
  if (problems.length === 0) return;
  const criteria = verifying.criteria.filter(({ id }) =>
    problems.some(({ criterion }) => criterion === id),
  );
  const again = mendPrompt(parts, testsIn(drafts), problems);
  addUses(uses, take(drafts, await ask(verifying.work, model, again, round), criteria));
  const tried = await tryDrafts(drafts, [...uses], verifying, `tried-${round}`);
  for (const { criterion, problem } of tried) {
    const why = `its test was left out: ${problem}`;
    drafts.set(criterion, { by: 'reader', why, leftOut: true });
  }
}

function take(
  drafts: Drafts,
  reply: AcceptanceReply,
  criteria: readonly Criterion[],
): AcceptanceReply {
  takeReply(drafts, reply, criteria);
  return reply;
}

function addUses(uses: Set<string>, reply: AcceptanceReply): void {
  for (const line of reply.uses) uses.add(toSingleLine(line, 300));
}

async function ask(
  work: Work,
  model: LanguageModel,
  parts: readonly MessagePart[],
  round: number,
): Promise<AcceptanceReply> {
  const question = { role: 'verifier', stage: 'acceptance', parts, round } as const;
  return (await askForObject(work, model, question, 'acceptance', acceptanceSchema)).object;
}

/** Who is to write the work, as far as it is decided. */
function authorOf({ router, task }: Work): ModelIdentity | null {
  const decision = decisionOrNull(router, roleOfType[task.type]);
  return decision === null ? null : router.model(decision).identity;
}

/** In a line, why a reply could not be used. @throws what is no such fault */
function replyFault(error: unknown): string {
  return toSingleLine(asReplyFault(error).message, 200);
}

function contractOf(
  criteria: readonly Criterion[],
  drafts: Drafts,
  uses: readonly string[],
  by: Pick<Contract, 'verifier' | 'sameFamily'>,
): Contract {
  return {
    version: 1,
    verifier: by.verifier,
    sameFamily: by.sameFamily,
    uses: [...uses],
    criteria: criteria.map(({ id, text }): HeldCriterion => {
      const draft: Draft = drafts.get(id) ?? { by: 'reader', why: 'nothing was written for it' };
      const { by: holder, why, leftOut } = draft;
      return { id, text, by: holder, why, ...(leftOut && { leftOut }) };
    }),
    tests: testsIn(drafts).map((test): FixedTest => {
      return { ...test, failed: drafts.get(test.criterion)?.failed ?? '' };
    }),
  };
}

/** All left to a reader. */
function untested(criteria: readonly Criterion[], why: string): Contract {
  const drafts: Drafts = new Map(criteria.map(({ id }) => [id, { by: 'reader', why }]));
  return contractOf(criteria, drafts, [], { verifier: null, sameFamily: false });
}
