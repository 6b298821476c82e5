import { corpusOf } from '../src/repository/index/corpus.ts';
import { createTermTable } from '../src/repository/index/terms.ts';
import { openReach } from '../src/repository/reach/open-reach.ts';
import type { Measurement } from './measurement.ts';

const modules = 2_000;
const { signal } = new AbortController();

/** How long it takes to say which tests a correction can reach, once the files of the project are known. */
export async function reachOfCorrection(): Promise<Measurement[]> {
  const texts = new Map<string, string>();
  for (let at = 0; at < modules; at++) {
    const below = at % 10 === 0 ? '' : `import { value as below } from './m${at - 1}.js';\n`;
    texts.set(`src/m${at}.ts`, `${below}export const value = ${at};\n`);
    texts.set(`tests/m${at}.test.ts`, `import { value } from '../src/m${at}.js';\nvoid value;\n`);
  }
  const view = {
    files: new Set(texts.keys()),
    read: async (path: string) => texts.get(path) ?? null,
  };
  const reach = openReach(async () => corpusOf([], createTermTable()), signal);
  const changed = ['src/m5.ts'];
  await reach(changed, view);
  const started = performance.now();
  const reached = await reach(changed, view);
  const measured = performance.now() - started;
  const count = 'doubt' in reached ? 0 : reached.files.size;
  // Modules 5 to 9, and the test of each.
  if (count !== 10) throw new Error(`The change reaches ${count} files`);
  const what = 'which tests a correction can reach, of 4,000 files that were read before';
  return [{ what, measured, unit: 'ms', bar: 2_000 }];
}
