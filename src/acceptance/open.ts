import type { AcceptanceSettings } from '../domain/acceptance.ts';
import { isThere, overlay, type Candidate, type ReadBase } from '../domain/candidate.ts';
import { criteriaOf } from '../domain/criteria.ts';
import { toSingleLine } from '../domain/text.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import { emitStep, type Work } from '../supervisor/work.ts';
import { authorPart } from './author-part.ts';
import {
  contractKey,
  keepContract,
  recallContract,
  testOf,
  testsOf,
  type Contract,
} from './contract.ts';
import type { Verifying } from './run-tests.ts';
import { openCriteria, proveCriteria, type Proof } from './prove.ts';
import { settlingOf, type Settling } from './settling.ts';
import { writeTests } from './write-tests.ts';

/** What holds the work on a task to its criteria, from before its author begins to its approval. */
export interface Acceptance extends Omit<Settling, 'contract' | 'upheld'> {
  /** What its author is told; null for nothing. */
  readonly part: MessagePart | null;
  /** The tests by path, as they stand now. */
  readonly tests: () => ReadonlyMap<string, string>;
  /** The project with the tests in it. */
  readonly look: ReadBase;
  /** Who has seen each criterion hold. @param isApproved by gates and review @throws as `proveCriteria` */
  readonly prove: (candidate: Candidate, isApproved: boolean) => Promise<Proof>;
}

export interface AcceptanceInput extends Omit<Verifying, 'criteria'> {
  readonly settings: AcceptanceSettings;
  /** Files of the attempt. */
  readonly files: StepFiles;
  /** Files that all attempts at the task share. */
  readonly kept: StepFiles;
  /** Files of work that a person sent back: what they made of a test holds. */
  readonly sentBack: ReadonlyMap<string, string | null> | null;
}

/**
 * Fixes what the work on a task is held to, unless an earlier attempt did. Null where it has no criteria.
 * @throws as `writeTests`
 */
export async function openAcceptance(input: AcceptanceInput): Promise<Acceptance | null> {
  const { work, document, files, kept, sentBack, settings } = input;
  const { task, purpose } = work;
  const criteria = criteriaOf(task, document.requirements);
  if (criteria.length === 0) return null;
  const verifying: Verifying = { ...input, criteria };
  const key = contractKey(task, document);
  let contract = await recallContract(kept, key, purpose.attempt);
  if (contract === null) {
    contract = await writeTests(verifying);
    await keepContract(kept, key, purpose.attempt, contract);
    tell(contract, work);
  }
  contract = await withPersons(contract, sentBack, work);
  const part = authorPart(contract, settings.tests);
  const settling = settlingOf(contract, verifying, {
    files,
    hidden: settings.tests !== 'shown',
    keep: (changed) => keepContract(kept, key, purpose.attempt + 1, changed),
  });
  return {
    ...settling,
    part,
    tests: () => testsOf(settling.contract()),
    look: (path) => overlay(testsOf(settling.contract()), work.base)(path),
    prove(candidate, isApproved) {
      const now = settling.contract();
      if (!isApproved) return Promise.resolve(openCriteria(now));
      const doubting = { mutants: settings.mutants, disputed: settling.upheld() };
      return proveCriteria(now, candidate, doubting, verifying);
    },
  };
}

/** Tells how each criterion is held. */
function tell(contract: Contract, work: Work): void {
  const { criteria, verifier } = contract;
  for (const { id, by, why } of criteria) {
    const { path = null, failed = null } = testOf(contract, id) ?? {};
    const detail = toSingleLine(path === null ? why : `${path}: ${why}`, 300);
    const data = { verifier, path, failed };
    emitStep(work, { of: 'acceptance', step: 'criterion', name: id, outcome: by, detail, data });
  }
}

/** A person's own wording of a test is fixed as it is; one that they took out is left to a reader. */
async function withPersons(
  contract: Contract,
  sentBack: AcceptanceInput['sentBack'],
  { task, base }: Work,
): Promise<Contract> {
  if (sentBack === null) return contract;
  const proposed = new Set(task.result?.files.map(({ path }) => path));
  const out = new Set<string>();
  for (const { path } of contract.tests)
    if (proposed.has(path) && !sentBack.has(path) && !(await isThere(path, base))) out.add(path);
  const isOut = (id: string): boolean =>
    contract.tests.some(({ criterion, path }) => criterion === id && out.has(path));
  return {
    ...contract,
    criteria: contract.criteria.map((one) =>
      isOut(one.id) ? { ...one, by: 'reader', why: 'a person took its test out' } : one,
    ),
    tests: contract.tests
      .filter(({ path }) => !out.has(path))
      .map((test) => ({ ...test, content: sentBack.get(test.path) ?? test.content })),
  };
}
