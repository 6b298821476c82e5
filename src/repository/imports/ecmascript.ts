import type { ProjectView } from '../../files/project-view.ts';
import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import type { FileIndex } from './file-index.ts';
import type { ImportPackage, ResolveClause } from './import-resolver.ts';
import { moduleFiles } from './module-file.ts';
import { packageEntries, starOf, type PackageEntries } from './package-entries.ts';
import { pathSettings, type PathSettings } from './tsconfig.ts';

/** Relative paths, `#imports`, paths of a tsconfig, packages of the workspace. */
export async function ecmascriptResolver(
  view: ProjectView,
  index: FileIndex,
  packages: readonly ImportPackage[],
): Promise<ResolveClause> {
  const find = moduleFiles(index);
  const named = new Map(
    packages.filter(({ ecosystem }) => ecosystem === 'npm').map((one) => [one.folder, one.name]),
  );
  const folders = index.named('package.json').map(folderOf);
  const entries = await Promise.all(
    folders.map((folder) => packageEntries(view, folder, named.get(folder) ?? null, find)),
  );
  const byFolder = new Map(entries.map((entry) => [entry.folder, entry]));
  const byName = new Map<string, PackageEntries>();
  for (const entry of entries)
    if (entry.name !== null && !byName.has(entry.name)) byName.set(entry.name, entry);
  const settings = await pathSettings(view, (name) => byName.get(name)?.folder ?? null);
  const packageAt = innermostOf(byFolder);
  const settingsAt = innermostOf(settings);

  const ofPackage = (specifier: string): string | null => {
    const [, name = '', sub = ''] = /^(@[^/]+\/[^/]+|[^/]+)\/?(.*)$/.exec(specifier) ?? [];
    return byName.get(name)?.file(sub) ?? null;
  };
  const bySettings = (specifier: string, { paths, baseUrl }: PathSettings): string | null => {
    for (const target of pathTargets(paths, specifier)) {
      const file = find(target);
      if (file !== null) return file;
    }
    return baseUrl === null ? null : find(folderFrom(baseUrl, specifier));
  };
  return (from, clause) => {
    // Bundlers take a question after the path.
    const [specifier = ''] = clause.specifier.split('?');
    const folder = folderOf(from);
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return listOf(find(folderFrom(folder, specifier)));
    const own = packageAt(folder);
    if (specifier.startsWith('/'))
      return listOf(find(folderFrom(own?.folder ?? '', `.${specifier}`)));
    if (specifier.startsWith('#') && own !== null) {
      const { file, other } = own.inner(specifier);
      if (file !== null) return [file];
      if (other !== null) return listOf(ofPackage(other));
    }
    const local = settingsAt(folder);
    return listOf((local === null ? null : bySettings(specifier, local)) ?? ofPackage(specifier));
  };
}

function listOf(path: string | null): readonly string[] {
  return path === null ? [] : [path];
}

/** What belongs to a folder or to the next one above it that has something; remembered. */
function innermostOf<T>(byFolder: ReadonlyMap<string, T>): (folder: string) => T | null {
  const known = new Map<string, T | null>();
  const find = (folder: string): T | null => {
    const before = known.get(folder);
    if (before !== undefined) return before;
    const own = byFolder.get(folder);
    const found = own ?? (folder === '' ? null : find(folderOf(folder)));
    known.set(folder, found);
    return found;
  };
  return find;
}

/** Of the pattern that fits best: the same, else the one with the longest beginning. */
function pathTargets(paths: PathSettings['paths'], specifier: string): readonly string[] {
  const same = Object.hasOwn(paths, specifier) ? paths[specifier] : undefined;
  if (same !== undefined) return same;
  let best: { pattern: string; star: string } | null = null;
  for (const pattern of Object.keys(paths)) {
    const star = starOf(pattern, specifier);
    if (star !== null && pattern.indexOf('*') >= (best?.pattern.indexOf('*') ?? 0))
      best = { pattern, star };
  }
  if (best === null) return [];
  const { pattern, star } = best;
  return (paths[pattern] ?? []).map((target) => target.replace('*', () => star));
}
