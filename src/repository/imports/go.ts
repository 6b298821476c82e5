import type { ProjectView } from '../../files/project-view.ts';
import { folderFrom } from '../../files/slash-paths.ts';
import { goModules } from '../packages/go-modules.ts';
import type { FileIndex } from './file-index.ts';
import { mostOfFolder, type ResolveClause } from './import-resolver.ts';

/** The files of the folder that an import path means, without its tests. */
export async function goResolver(view: ProjectView, index: FileIndex): Promise<ResolveClause> {
  const { modules } = await goModules(view);
  // The module with the longest path counts: one can stand in another.
  const byLength = modules
    .filter(({ path }) => path !== '')
    .sort((a, b) => b.path.length - a.path.length);
  const known = new Map<string, readonly string[]>();
  const find = (specifier: string): readonly string[] => {
    const module = byLength.find(
      ({ path }) => specifier === path || specifier.startsWith(`${path}/`),
    );
    if (module === undefined) return [];
    const folder = folderFrom(module.folder, `.${specifier.slice(module.path.length)}`);
    return index
      .inFolder(folder)
      .filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'))
      .slice(0, mostOfFolder);
  };
  return (_from, { specifier }) => {
    const found = known.get(specifier) ?? find(specifier);
    known.set(specifier, found);
    return found;
  };
}
