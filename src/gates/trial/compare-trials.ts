import { sameWords } from '../compare-runs.ts';
import type { TriedFile, TriedTest } from '../gate.ts';

/** The first of two runs of the same files, with what came out otherwise in the second. */
export function compared(first: readonly TriedFile[], second: readonly TriedFile[]): TriedFile[] {
  return first.map((file) => {
    const again = second.find(({ path }) => path === file.path)?.tests ?? [];
    // Where each was run by itself, the others were passed over.
    const ran = again.filter(({ outcome }) => outcome !== 'skipped');
    const left = [...ran, ...again.filter((test) => !ran.includes(test))];
    const tests = file.tests.map((test): TriedTest => {
      const at = left.findIndex(({ name }) => name === test.name);
      const [other] = at === -1 ? [] : left.splice(at, 1);
      return { ...test, differs: other === undefined || isOther(test, other) };
    });
    return { ...file, tests };
  });
}

function isOther(one: TriedTest, other: TriedTest): boolean {
  return one.outcome !== other.outcome || sameWords(one.text) !== sameWords(other.text);
}
