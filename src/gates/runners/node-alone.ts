import { posix } from 'node:path';
import type { TestOutcome } from './runner.ts';

/** Each costs the start of two processes. */
const mostAlone = 40;

/**
 * For tests that are each to be run by themselves by `node --test`: the file and the pattern of the name of each, one
 * behind the other. @param folder where the runner is started
 */
export function alonePatterns(
  tests: readonly Pick<TestOutcome, 'file' | 'name'>[],
  folder: string,
): string[] {
  return tests.slice(0, mostAlone).flatMap(({ file, name }) => {
    const own = name.split(' > ').at(-1) ?? name;
    if (file === null || own.includes('\n')) return [];
    const words = own.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    // Since 22 a pattern is held against the names of the suites too.
    return [posix.relative(folder, file), `(?:^| )${words}$`];
  });
}
