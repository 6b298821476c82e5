import { innermost } from './package-folders.ts';
import { dependenciesOf, readManifest, testScript } from './package-json.ts';
import type { ProjectView } from './runner.ts';

/** A folder with a package.json: '' for the root, else without a slash at its end. */
export interface Package {
  readonly folder: string;
  readonly name: string | null;
  /** Its `test` script, or null when there is none that does something. */
  readonly script: string | null;
  /** Names of the packages that it asks for. */
  readonly asks: ReadonlySet<string>;
}

/** All packages of a project, the root first. What is data of tests is none. */
export async function packagesOf(project: ProjectView): Promise<Package[]> {
  const manifests = [...project.files].filter(
    (path) => /(?:^|\/)package\.json$/.test(path) && !testData.test(path),
  );
  const folders = manifests.map((path) => path.replace(/\/?package\.json$/, '')).sort();
  return Promise.all(
    folders.map(async (folder) => {
      const manifest = await readManifest(project, folder);
      const script = await testScript(project, folder);
      return { folder, name: manifest.name ?? null, script, asks: dependenciesOf(manifest) };
    }),
  );
}

const testData = /(?:^|\/)(?:__)?(?:fixtures?|testdata|templates?)(?:__)?\//;

/**
 * Packages whose own script is to be run for files: the root's, which stands for the project; and, where that
 * does not run them all, those that hold the files and those that ask for these.
 * @param touched none: all.
 */
export function packagesToTest(
  packages: readonly Package[],
  touched: readonly string[],
): readonly Package[] {
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

function withDependents(held: readonly Package[], among: readonly Package[]): Package[] {
  const found = new Set(held);
  for (let before = -1; before < found.size;) {
    before = found.size;
    const names = new Set([...found].flatMap(({ name }) => name ?? []));
    for (const one of among) if ([...one.asks].some((name) => names.has(name))) found.add(one);
  }
  return among.filter((one) => found.has(one));
}
