import { readSyntax } from '../../syntax/read-syntax.ts';

const limitMs = 20_000;

/**
 * Rust's tests stand in the files that they test, so they cannot be put back as files.
 * @returns names of the tests of `before` that are gone, or are now ignored. What was changed in others is
 * for the reviewer to judge.
 */
export async function lostRustTests(
  before: string,
  after: string,
  signal?: AbortSignal,
): Promise<string[]> {
  if (!before.includes('#[')) return [];
  const old = await rustTests(before, signal);
  const now = await rustTests(after, signal);
  return [...old].flatMap(([name, ignored]) => {
    const kept = now.get(name);
    return kept === undefined || (kept && !ignored) ? [name] : [];
  });
}

/** Whether each is ignored, by name. */
async function rustTests(text: string, signal?: AbortSignal): Promise<Map<string, boolean>> {
  const tests = await readSyntax({ kind: 'rust-tests', text, limitMs }, signal);
  return new Map(tests.map(({ name, ignored }) => [name, ignored]));
}
