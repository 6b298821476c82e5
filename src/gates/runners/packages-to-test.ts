import { innermost } from '../../files/slash-paths.ts';
import type { NpmPackage } from '../../repository/packages/npm-manifests.ts';

/**
 * Packages whose own script is to be run for files: the root's, which stands for the project; and, where that
 * does not run them all, those that hold the files and those that ask for these.
 * @param touched none: all.
 */
export function packagesToTest(
  packages: readonly NpmPackage[],
  touched: readonly string[],
): readonly NpmPackage[] {
  const scripted = packages.filter(({ script }) => script !== null);
  const root = scripted.filter(({ folder }) => folder === '');
  if (root.some(({ script }) => runsAll.test(script ?? ''))) return root;
  const below = scripted.filter(({ folder }) => folder !== '');
  const folders = packages.map(({ folder }) => folder);
  const holding = new Set(touched.map((path) => innermost(path, folders)));
  const held = below.filter(({ folder }) => holding.has(folder));
  if (held.length === 0 && root.length > 0) return root;
  const chosen = held.length === 0 ? below : withDependents(held, below);
  return [...root, ...chosen];
}

/** A script that runs the scripts of all packages. */
const runsAll =
  /(?:\s|^)(?:--workspaces|-ws|-r|--recursive|--filter|foreach)\b|\b(?:turbo|lerna|nx|wsrun|rush)\b/;

function withDependents(held: readonly NpmPackage[], among: readonly NpmPackage[]): NpmPackage[] {
  const found = new Set(held);
  for (let before = -1; before < found.size;) {
    before = found.size;
    const names = new Set([...found].flatMap(({ name }) => name ?? []));
    for (const one of among) if ([...one.asks].some((name) => names.has(name))) found.add(one);
  }
  return among.filter((one) => found.has(one));
}
