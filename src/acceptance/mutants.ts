import { textOrNull, type Candidate } from '../domain/candidate.ts';
import type { TriedFile } from '../gates/gate.ts';
import { emitStep } from '../supervisor/work.ts';
import { mutantsOf, type Mutant } from '../syntax/mutants.ts';
import { kindOf } from '../repository/file-kind.ts';
import { inOrder } from '../text/in-order.ts';
import { mapLines } from '../text/map-lines.ts';
import { testsOf, type Contract } from './contract.ts';
import { runTests, type Verifying } from './run-tests.ts';

/** What changed copies of the work show of its tests. */
export interface Weakness {
  /** Criteria whose tests passed on every copy, one among them that no test noticed: a reader judges them too. */
  readonly weak: ReadonlySet<string>;
  /** Changes that no test noticed, each in a line. */
  readonly unnoticed: readonly string[];
}

/** Fewer copies say nothing of one test. */
const leastMutants = 3;
/** Copies that are tried at once: a run of a few small files leaves most of a machine idle. */
const atOnce = 2;

/**
 * Tries the tests on copies of the work with an operator, a constant or a branch changed. Where one goes
 * unnoticed, tests that noticed none are weak, which is told.
 * @param most copies @throws InterruptedError
 */
export async function weaknessOf(
  contract: Contract,
  { changes }: Candidate,
  most: number,
  verifying: Verifying,
): Promise<Weakness> {
  const { work } = verifying;
  const tests = testsOf(contract);
  const mutants = await chosen(changes, most, verifying);
  const unnoticed: string[] = [];
  const noticing = new Set<string>();
  let tried = 0;
  const trials = inOrder(mutants, atOnce, async ({ path, mutant }) => {
    const mutated = new Map([...changes, [path, mutant.text] as const]);
    return { path, mutant, result: await runTests(verifying, { tests, changes: mutated }) };
  });
  for await (const { path, mutant, result } of trials) {
    if ('unavailable' in result) break;
    // A copy that cannot be loaded says nothing of its tests.
    if (result.files.some(({ problem }) => problem !== null && isUnread(problem))) continue;
    tried++;
    const failed = result.files.filter(fails).map((file) => file.path);
    for (const file of failed) noticing.add(file);
    const { line, from, to } = mutant;
    if (failed.length === 0) unnoticed.push(`${path}:${line}: «${from}» as «${to}»`);
  }
  // Where all were noticed, a test that noticed none of them is about something else.
  const enough = tried >= leastMutants && unnoticed.length > 0;
  const idle = contract.tests.filter(({ path }) => enough && !noticing.has(path));
  const weak = new Set(idle.map(({ criterion }) => criterion));
  if (tried > 0)
    emitStep(work, {
      of: 'acceptance',
      step: 'mutants',
      name: null,
      outcome: unnoticed.length === 0 ? 'noticed' : 'some_unnoticed',
      detail: `${tried - unnoticed.length} of ${tried} noticed`,
      data: { tried, unnoticed, weak: [...weak] },
    });
  return { weak, unnoticed };
}

function isUnread({ kind }: NonNullable<TriedFile['problem']>): boolean {
  return kind === 'not_loaded' || kind === 'syntax';
}

function fails({ problem, tests }: TriedFile): boolean {
  return problem !== null || tests.some(({ outcome }) => outcome === 'failed');
}

/** From each changed file of code in turn, of lines that the work wrote. */
async function chosen(
  changes: Candidate['changes'],
  most: number,
  { work }: Verifying,
): Promise<{ path: string; mutant: Mutant }[]> {
  const queues: { path: string; mutants: Mutant[] }[] = [];
  for (const [path, text] of changes) {
    if (text === null || kindOf(path) !== 'source') continue;
    const before = await textOrNull(path, work.base);
    const only = before === null ? undefined : newLines(before, text);
    const found = await mutantsOf(path, text, { most, ...(only && { only }) }, work.signal);
    queues.push({ path, mutants: [...found] });
  }
  const all: { path: string; mutant: Mutant }[] = [];
  while (all.length < most && queues.some(({ mutants }) => mutants.length > 0))
    for (const { path, mutants } of queues) {
      const mutant = mutants.shift();
      if (mutant !== undefined && all.length < most) all.push({ path, mutant });
    }
  return all;
}

/** Lines that the work wrote, from 1. */
function newLines(before: string, text: string): ReadonlySet<number> {
  const wasAt = mapLines(text, before);
  const lines = text.split('\n').map((_, at) => at + 1);
  return new Set(lines.filter((line) => wasAt(line)?.isChanged !== false));
}
