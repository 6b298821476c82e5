import type { AcceptanceSettings } from '../domain/acceptance.ts';
import { isThere, overlay, type Candidate, type ReadBase } from '../domain/candidate.ts';
import { criteriaOf } from '../domain/criteria.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { toSingleLine } from '../domain/text.ts';
import type { TriedFile } from '../gates/gate.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import { emitStep, type Work } from '../supervisor/work.ts';
import { withoutLine } from '../text/finding-key.ts';
import { authorPart } from './author-part.ts';
import {
  contractKey,
  keepContract,
  recallContract,
  testOf,
  testsOf,
  type Contract,
} from './contract.ts';
import { disputesIn, settleDisputes, triedTests, type Decision, type Dispute } from './dispute.ts';
import type { Verifying } from './run-tests.ts';
import { openCriteria, proveCriteria, type Proof } from './prove.ts';
import { writeTests } from './write-tests.ts';

/** What holds the work on a task to its criteria, from before its author begins to its approval. */
export interface Acceptance {
  /** What its author is told; null for nothing. */
  readonly part: MessagePart | null;
  /** The tests by path, as they stand now. */
  readonly tests: () => ReadonlyMap<string, string>;
  /** The project with the tests in it. */
  readonly look: ReadBase;
  /** What a candidate says against tests, beside what was settled of that: a new word is progress. */
  readonly brings: (candidate: Candidate) => string;
  /** Settles what a candidate says against tests. @throws as `settleDisputes` */
  readonly settle: (candidate: Candidate) => Promise<void>;
  /**
   * Has a third model look at hidden tests that work fails for the first time: either may be wrong. True where a
   * test was made anew or given up, so that the work is to be checked again. @throws as `settleDisputes`
   */
  readonly examine: (candidate: Candidate, gates: readonly GateResult[]) => Promise<boolean>;
  /** What gates found, with what was decided of the tests that they name. */
  readonly decided: (gates: readonly GateResult[]) => GateResult[];
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
  let now = contract;
  let sittings = 0;
  /** By criterion: what was decided of what an author said. */
  const settled = new Map<string, Decision>();
  /** By criterion: what was decided when work failed its test, and nobody had said why. */
  const examined = new Map<string, Decision>();
  const fresh = (candidate: Candidate): Dispute[] =>
    disputesIn(candidate, now).filter(({ criterion }) => !settled.has(criterion));
  const decide = async (
    disputes: readonly Dispute[],
    candidate: Candidate,
    into: Map<string, Decision>,
  ): Promise<boolean> => {
    if (disputes.length === 0) return false;
    const about = { candidate, contract: now, files, before: sittings++ };
    const { contract: changed, decisions } = await settleDisputes(disputes, about, verifying);
    for (const decision of decisions) into.set(decision.criterion, decision);
    if (changed === null) return false;
    now = changed;
    await keepContract(kept, key, purpose.attempt + 1, now);
    return true;
  };
  return {
    part,
    tests: () => testsOf(now),
    look: (path) => overlay(testsOf(now), work.base)(path),
    brings: (candidate) =>
      [...settled.keys(), ...fresh(candidate).map(({ criterion }) => criterion)].sort().join(' '),
    async settle(candidate) {
      await decide(fresh(candidate), candidate, settled);
    },
    async examine(candidate, gates) {
      const failed = gates.some(({ gate, status }) => gate === 'tests' && status === 'failed');
      // Who saw the tests could have said what is wrong with them.
      if (!failed || settings.tests === 'shown') return false;
      const unseen = now.tests.flatMap(({ criterion }) =>
        settled.has(criterion) || examined.has(criterion) ? [] : criterion,
      );
      const failing = (await triedTests(now, unseen, candidate, verifying)).filter(
        failsByAssertion,
      );
      const disputes = now.tests
        .filter(({ path }) => failing.some((file) => file.path === path))
        .map(({ criterion }): Dispute => ({ criterion, reason: null }));
      return decide(disputes, candidate, examined);
    },
    decided: (gates) => gates.map((gate) => withDecisions(gate, now, settled, examined)),
    prove: (candidate, isApproved) =>
      isApproved
        ? proveCriteria(
            now,
            candidate,
            { mutants: settings.mutants, disputed: upheld(settled) },
            verifying,
          )
        : Promise.resolve(openCriteria(now)),
  };
}

/** Criteria whose tests stayed against what was said. */
function upheld(settled: ReadonlyMap<string, Decision>): ReadonlySet<string> {
  return new Set([...settled.values()].flatMap(({ criterion, stays }) => (stays ? criterion : [])));
}

/** It was run, and work does not do what it asks for. */
function failsByAssertion({ problem, tests }: TriedFile): boolean {
  return problem === null && tests.some(({ outcome }) => outcome === 'failed');
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

/** A finding in a test that a third model let stay, with why. */
function withDecisions(
  gate: GateResult,
  { tests }: Contract,
  settled: ReadonlyMap<string, Decision>,
  examined: ReadonlyMap<string, Decision>,
): GateResult {
  const findings = gate.findings.map((finding) => {
    const path = withoutLine(finding.location);
    const { criterion = '' } = tests.find((one) => one.path === path) ?? {};
    const disputed = settled.get(criterion);
    const decision = disputed ?? examined.get(criterion);
    if (decision?.stays !== true) return finding;
    const by = disputed === undefined ? 'looked at' : 'disputed';
    const evidence = `${finding.evidence}\nThis test was ${by}, and a third model decided that it stays: ${decision.said}`;
    return { ...finding, evidence };
  });
  return { ...gate, findings };
}
