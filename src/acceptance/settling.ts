import type { Candidate } from '../domain/candidate.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { TriedFile } from '../gates/gate.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import { withoutLine } from '../text/finding-key.ts';
import type { Contract } from './contract.ts';
import { disputesIn, settleDisputes, triedTests, type Decision, type Dispute } from './dispute.ts';
import type { Verifying } from './run-tests.ts';

/** What becomes of tests of criteria while work is made: some are found wrong, and made anew. */
export interface Settling {
  readonly contract: () => Contract;
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
  /** Criteria whose tests stayed against what their author said. */
  readonly upheld: () => ReadonlySet<string>;
}

interface SettlingOptions {
  /** Of the attempt. */
  readonly files: StepFiles;
  /** The author sees the tests only where its work fails them. */
  readonly hidden: boolean;
  /** Keeps a changed contract for later attempts. */
  readonly keep: (contract: Contract) => Promise<void>;
}

export function settlingOf(
  begun: Contract,
  verifying: Verifying,
  { files, hidden, keep }: SettlingOptions,
): Settling {
  let contract = begun;
  let decided = 0;
  /** By criterion: what was decided of what an author said. */
  const settled = new Map<string, Decision>();
  /** By criterion: what was decided when work failed its test, and nobody had said why. */
  const examined = new Map<string, Decision>();
  const fresh = (candidate: Candidate): Dispute[] =>
    disputesIn(candidate, contract).filter(({ criterion }) => !settled.has(criterion));
  return {
    contract: () => contract,
    brings: (candidate) =>
      [...settled.keys(), ...fresh(candidate).map(({ criterion }) => criterion)].sort().join(' '),
    async settle(candidate) {
      await decide(fresh(candidate), candidate, settled);
    },
    async examine(candidate, gates) {
      const failed = gates.some(({ gate, status }) => gate === 'tests' && status === 'failed');
      // Who saw the tests could have said what is wrong with them.
      if (!failed || !hidden) return false;
      const unseen = contract.tests
        .map(({ criterion }) => criterion)
        .filter((criterion) => !settled.has(criterion) && !examined.has(criterion));
      const tried = await triedTests(contract, unseen, candidate, verifying);
      const failing = new Set(tried.filter(failsByAssertion).map(({ path }) => path));
      const disputes = contract.tests
        .filter(({ path }) => failing.has(path))
        .map(({ criterion }): Dispute => ({ criterion, reason: null }));
      return decide(disputes, candidate, examined);
    },
    decided: (gates) => gates.map(withDecisions),
    upheld: () => new Set([...settled.values()].filter(stays).map(({ criterion }) => criterion)),
  };

  /** True where a test was changed. */
  async function decide(
    disputes: readonly Dispute[],
    candidate: Candidate,
    into: Map<string, Decision>,
  ): Promise<boolean> {
    if (disputes.length === 0) return false;
    const about = { candidate, contract, files, before: decided++ };
    const { contract: changed, decisions } = await settleDisputes(disputes, about, verifying);
    for (const decision of decisions) into.set(decision.criterion, decision);
    if (changed === null) return false;
    contract = changed;
    await keep(changed);
    return true;
  }

  /** A finding in a test that a third model let stay, with why. */
  function withDecisions(gate: GateResult): GateResult {
    const findings = gate.findings.map((finding) => {
      const path = withoutLine(finding.location);
      const { criterion = '' } = contract.tests.find((one) => one.path === path) ?? {};
      const disputed = settled.get(criterion);
      const decision = disputed ?? examined.get(criterion);
      if (decision === undefined || !stays(decision)) return finding;
      const by = disputed === undefined ? 'looked at' : 'disputed';
      const words = `This test was ${by}, and a third model decided that it stays: ${decision.said}`;
      return { ...finding, evidence: `${finding.evidence}\n${words}` };
    });
    return { ...gate, findings };
  }
}

function stays(decision: Decision): boolean {
  return decision.stays;
}

/** It was run, and work does not do what it asks for. */
function failsByAssertion({ problem, tests }: TriedFile): boolean {
  return problem === null && tests.some(({ outcome }) => outcome === 'failed');
}
