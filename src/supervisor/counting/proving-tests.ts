import type { FileChanges } from '../../domain/bundle.ts';
import { isThere, overlay, type ReadBase } from '../../domain/candidate.ts';
import type { Finding } from '../../domain/review.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { TriedFile, TrialResult } from '../../gates/gate.ts';

/** Runs test files by themselves on work. @throws InterruptedError */
export type TryTests = (
  tests: ReadonlyMap<string, string>,
  changes: FileChanges,
  signal: AbortSignal,
) => Promise<TrialResult>;

/** What the test of a finding shows; `nothing`: it says nothing of it. */
export interface Proof {
  readonly shows: 'fails' | 'passes' | 'nothing';
  readonly reason: string;
}

/**
 * Runs the tests that came with findings, all at once, on the work; by the findings' ids.
 * @throws InterruptedError
 */
export async function proofsOf(
  findings: readonly Finding[],
  {
    changes,
    base,
    signal,
    tryTests,
  }: {
    readonly changes: FileChanges;
    readonly base: ReadBase;
    readonly signal: AbortSignal;
    readonly tryTests: TryTests;
  },
): Promise<Map<string, Proof>> {
  const proofs = new Map<string, Proof>();
  const tests = new Map<string, string>();
  const pathOf = new Map<string, string>();
  for (const { id = '', test } of findings) {
    if (!test) continue;
    const path = test.path.trim().replace(/^(?:\.\/)+/, '');
    const other = tests.get(path);
    if (await isThere(path, overlay(changes, base)))
      proofs.set(id, nothing(`its test would stand in place of ${path}`));
    else if (other !== undefined && other !== test.content)
      proofs.set(id, nothing(`another finding has a test at ${path}`));
    else {
      tests.set(path, test.content);
      pathOf.set(id, path);
    }
  }
  if (tests.size === 0) return proofs;
  const result = await tryTests(tests, changes, signal);
  for (const [id, path] of pathOf)
    if ('unavailable' in result)
      proofs.set(id, nothing(`its test could not be run: ${result.unavailable.missing}`));
    else proofs.set(id, proofBy(result.files.find((file) => file.path === path)));
  return proofs;
}

function nothing(reason: string): Proof {
  return { shows: 'nothing', reason: toSingleLine(reason, 400) };
}

function proofBy(file: TriedFile | undefined): Proof {
  if (file === undefined) return nothing('its test was not run');
  if (file.problem !== null) return nothing(`its test could not be run: ${file.problem.text}`);
  const { path, tests } = file;
  const steady = tests.filter(({ differs }) => !differs);
  const failed = steady.find((test) => test.outcome === 'failed' && isAssertion(test.text));
  if (failed !== undefined) {
    const words = toSingleLine(failed.text, 600);
    return { shows: 'fails', reason: `its test ${path} fails at «${failed.name}»: ${words}` };
  }
  if (steady.length < tests.length) return nothing('its test comes out by turns');
  const broken = tests.find(({ outcome }) => outcome === 'failed');
  if (broken !== undefined)
    return nothing(`its test breaks before it asks anything: ${broken.text}`);
  if (!tests.some(({ outcome }) => outcome === 'passed')) return nothing('its test was skipped');
  return { shows: 'passes', reason: `its own test ${path} passes on the work` };
}

/** The kind of error that a failure's words name, at the start of a line. */
const errorKind = /^(?:E +)?(?:[\w.]+[.:])?([A-Z]\w*(?:Error|Exception|Failure|Failed))\b/m;
const breaks =
  /is not a function|is not defined|cannot find|could not find|undefined[: ]|no such file/i;

/** A test that calls what is not there shows a fault of its own. */
function isAssertion(text: string): boolean {
  const kind = errorKind.exec(text)?.[1];
  return kind === undefined ? !breaks.test(text) : /assert|comparison|expectation/i.test(kind);
}
