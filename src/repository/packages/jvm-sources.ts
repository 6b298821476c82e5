import { posix } from 'node:path';

const languages = ['java', 'kotlin', 'scala', 'groovy'];

/** Where the builds of the JVM look for sources, as far as it is there; the folder itself where none is. */
export function jvmSourceRoots(
  folder: string,
  folders: ReadonlySet<string>,
): { readonly sourceRoots: string[]; readonly hasTests: boolean } {
  const found = (kind: string): string[] =>
    languages
      .map((language) => posix.join(folder, 'src', kind, language))
      .filter((place) => folders.has(place));
  const [main, test] = [found('main'), found('test')];
  const all = [...main, ...test];
  return { sourceRoots: all.length > 0 ? all : [folder], hasTests: test.length > 0 };
}
