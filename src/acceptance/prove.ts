import type { Candidate } from '../domain/candidate.ts';
import type { CriterionResult } from '../domain/acceptance.ts';
import { toSingleLine } from '../domain/text.ts';
import type { TriedFile } from '../gates/gate.ts';
import { sha256 } from '../text/sha256.ts';
import { testOf, testsOf, type Contract, type FixedTest, type HeldCriterion } from './contract.ts';
import { judgeCriteria, type ToJudge } from './judge-criteria.ts';
import type { Weakness } from './mutants.ts';
import { runTests, type Verifying } from './run-tests.ts';

/** Who has seen each criterion hold, and what its tests do not notice, each in a line. */
export interface Proof {
  readonly criteria: readonly CriterionResult[];
  readonly unnoticed: readonly string[];
}

/** What makes a test of a criterion doubtful. */
export interface Doubting {
  /** Changed copies of the work at most; 0: none are made. */
  readonly mutants: number;
  /** Criteria whose tests were disputed, and stayed. */
  readonly disputed: ReadonlySet<string>;
}

/**
 * Who has seen each criterion hold on work that passed its gates and its review: the tests are run once more for
 * their names, changed copies show which tests are weak, and a reader judges what no test holds, or one in doubt.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function proveCriteria(
  contract: Contract,
  candidate: Candidate,
  { mutants, disputed }: Doubting,
  verifying: Verifying,
): Promise<Proof> {
  const passed = await passedTests(contract, candidate, verifying);
  const weakness = passed.size === 0 || mutants === 0 ? nothingKnown : await tested();
  const doubts = new Map([
    ...[...disputed].map((id) => [id, 'its test was disputed, and stayed'] as const),
    ...[...weakness.weak].map((id) => [id, 'its test passes on faulty copies too'] as const),
  ]);
  const toJudge = contract.criteria
    .filter(({ id, by }) => by === 'reader' || doubts.has(id))
    .map((criterion): ToJudge => {
      const doubt = doubts.get(criterion.id);
      const inDoubt = doubt !== undefined || criterion.leftOut === true;
      return { ...criterion, why: doubt ?? criterion.why, inDoubt };
    });
  const judged = await judgeCriteria(verifying.work, candidate, toJudge);
  const criteria = contract.criteria.map((criterion): CriterionResult => {
    const { id, by, why } = criterion;
    const plain = { id, test: null, sha256: null, names: [], weak: false };
    if (by === 'elsewhere') return { ...plain, by, note: why };
    const test = testOf(contract, id);
    const said = judged.get(id);
    if (test !== undefined) {
      const names = passed.get(test.path) ?? [];
      const notes = [doubts.get(id), said?.note].filter((part) => part !== undefined);
      const isOpen = names.length === 0 || said?.verdict === 'not_met';
      const weak = weakness.weak.has(id);
      return testedResult(criterion, test, { names, isOpen, notes, weak });
    }
    const note = toSingleLine([why, said?.note].filter((part) => part !== undefined).join('; '));
    return { ...plain, by: said?.verdict === 'met' ? 'reviewer' : 'open', note };
  });
  return { criteria, unnoticed: weakness.unnoticed };

  async function tested(): Promise<Weakness> {
    const { weaknessOf } = await import('./mutants.ts');
    return weaknessOf(contract, candidate, mutants, verifying);
  }
}

const nothingKnown: Weakness = { weak: new Set(), unnoticed: [] };

/** What stands of a contract on work that nobody has approved: nothing. */
export function openCriteria(contract: Contract): Proof {
  const criteria = contract.criteria.map(({ id, by, why }): CriterionResult => {
    const test = testOf(contract, id);
    return {
      id,
      by: by === 'elsewhere' ? by : 'open',
      test: test?.path ?? null,
      sha256: test === undefined ? null : sha256(test.content),
      names: [],
      note: why,
      weak: false,
    };
  });
  return { criteria, unnoticed: [] };
}

interface Tested {
  /** Of its tests that pass on the work. */
  readonly names: readonly string[];
  /** Also where the test is in doubt, and a reader sees that the criterion is not met: a person decides. */
  readonly isOpen: boolean;
  readonly weak: boolean;
  /** On doubts about the test. */
  readonly notes: readonly string[];
}

function testedResult(
  { id, why }: HeldCriterion,
  { path, content, failed }: FixedTest,
  { names, isOpen, weak, notes: doubts }: Tested,
): CriterionResult {
  const notes = [why, `before the work: ${failed}`, ...doubts];
  if (names.length === 0) notes.push('its tests did not all pass when they were run by themselves');
  return {
    id,
    by: isOpen ? 'open' : 'test',
    test: path,
    sha256: sha256(content),
    names: [...names],
    note: toSingleLine(notes.filter((note) => note !== '').join('; ')),
    weak,
  };
}

/** The names of the tests of each file that passes on the work whole, by its path. */
async function passedTests(
  contract: Contract,
  { changes }: Candidate,
  verifying: Verifying,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tests = testsOf(contract);
  if (tests.size === 0) return new Map();
  const tried = await runTests(verifying, { tests, changes, kept: 'proof' });
  return new Map('unavailable' in tried ? [] : tried.files.flatMap(passedNames));
}

function passedNames({ path, problem, tests }: TriedFile): [string, readonly string[]][] {
  const passes =
    problem === null && tests.length > 0 && tests.every(({ outcome }) => outcome === 'passed');
  return passes ? [[path, tests.map(({ name }) => toSingleLine(name, 200))]] : [];
}
