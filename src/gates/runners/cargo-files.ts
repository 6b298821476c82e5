import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderOf, innermost, isBelow } from '../../files/slash-paths.ts';
import type { TestOutcome, TestReport } from './runner.ts';

const testFunction =
  /#\[(?:\w+::)*test\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))? )?(?:async )?fn (\w+)/g;

/**
 * Files of Rust with a test that passed in a run, which the report tells by crate, module and function alone. A
 * crate whose name several packages below the folder of the run have is left out.
 */
export async function cargoFilesRun(
  { files, read }: ProjectView,
  folder: string,
  { tests }: TestReport,
): Promise<string[]> {
  // Neither tests in documentation nor a program that is its own harness say that others of the file run.
  const passed = (tests ?? []).filter(
    ({ name, outcome }) => outcome === 'passed' && /^(?!\S+ doc\b).*?::/.test(name),
  );
  if (passed.length === 0) return [];
  const below = [...files].filter((path) => isBelow(path, folder)).sort();
  const crates = await cratesIn({ files: new Set(below), read });
  const found: string[] = [];
  for (const path of below.filter((one) => one.endsWith('.rs'))) {
    const names = [...((await read(path)) ?? '').matchAll(testFunction)].map(([, name]) => name);
    const own = crates.get(innermost(path, crates.keys()) ?? folder) ?? new Set<string>();
    const module = moduleName(path);
    const isOf = ({ file, name }: TestOutcome): boolean => {
      if (file !== null) return file === path;
      const [crate = '', ...steps] = name.split('::');
      const isOwn = own.has(plainName(crate.replace(/ \(\d+\)$/, '')));
      return isOwn && names.includes(steps.pop()) && (module === null || steps.includes(module));
    };
    if (names.length > 0 && passed.some(isOf)) found.push(path);
  }
  return found;
}

/** By folder the names that its manifest gives to crates, and no other manifest does. */
async function cratesIn({ files, read }: ProjectView): Promise<Map<string, Set<string>>> {
  const crates = new Map<string, Set<string>>();
  const seen = new Map<string, number>();
  for (const path of files) {
    if (baseName(path) !== 'Cargo.toml') continue;
    const text = (await read(path)) ?? '';
    const names = new Set(
      [...text.matchAll(/^\s*name\s*=\s*["']([^"']+)/gm)].map(([, name = '']) => plainName(name)),
    );
    crates.set(folderOf(path), names);
    for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1);
  }
  for (const names of crates.values())
    for (const name of names) if ((seen.get(name) ?? 0) > 1) names.delete(name);
  return crates;
}

function plainName(crate: string): string {
  return crate.replaceAll('-', '_');
}

/** Null for the root of a crate. */
function moduleName(path: string): string | null {
  const name = baseName(path).replace(/\.rs$/, '');
  if (name === 'lib' || name === 'main') return null;
  return name === 'mod' ? baseName(folderOf(path)) : name;
}
