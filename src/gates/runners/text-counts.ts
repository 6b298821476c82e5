/**
 * How many tests a runner says that it executed, by the summary of its plain output; null where it says
 * nothing that is known. The last of several summaries stands, but any test makes it more than none.
 */
export function executedTests(output: string): number | null {
  let most: number | null = null;
  for (const pattern of summaries)
    for (const match of output.matchAll(pattern)) {
      const count = (match[1] ?? '0').match(/\d+/g)?.reduce((sum, part) => sum + Number(part), 0);
      most = Math.max(most ?? 0, count ?? 0);
    }
  return most;
}

const summaries: readonly RegExp[] = [
  // TAP and node --test
  /^(?:#|ℹ) tests (\d+)$/gm,
  /^1\.\.(\d+)\b/gm,
  // vitest, jest
  /^\s*Tests:?\s+((?:\d+ (?:failed|passed)[,|\s]*)+)/gm,
  /^\s*(?:No test files found|No tests found)/gm,
  // pytest
  /^=* ?((?:\d+ (?:failed|passed|error|errors)(?:, )?)+).*in [\d.]+s/gm,
  /^=* ?no tests ran/gm,
  // unittest, go, cargo, mocha, phpunit, rspec
  /^Ran (\d+) tests? in/gm,
  /^(?:\?\s+\S+\s+)\[no test files\]/gm,
  /^ok\s+\S+\s+.*\[no tests to run\]/gm,
  /^test result: \w+\. ((?:\d+ (?:passed|failed); )+)/gm,
  /^\s*(\d+) (?:passing|failing)\b/gm,
  // ava, uvu, jasmine
  /^\s*(\d+) tests? (?:passed|failed)$/gm,
  /^\s*Total:\s+(\d+)$/gm,
  /^(\d+) specs?, \d+ failures?\b/gm,
  /^OK \((\d+) tests?/gm,
  /^(\d+) examples?, /gm,
];
