import { sameWords } from '../compare-runs.ts';
import type { TriedFile, TriedTest } from '../gate.ts';

/** The first of two runs of the same files, with what came out otherwise in the second. */
export function compared(first: readonly TriedFile[], second: readonly TriedFile[]): TriedFile[] {
  return first.map((file) => {
    const left = [...(second.find(({ path }) => path === file.path)?.tests ?? [])];
    const tests = file.tests.map((test): TriedTest => {
      const at = left.findIndex(({ name }) => name === test.name);
      const [again] = at === -1 ? [] : left.splice(at, 1);
      return { ...test, differs: again === undefined || isOther(test, again) };
    });
    return { ...file, tests };
  });
}

function isOther(one: TriedTest, other: TriedTest): boolean {
  return one.outcome !== other.outcome || sameWords(one.text) !== sameWords(other.text);
}
