import type { ProjectView } from '../../files/project-view.ts';
import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import type { FileIndex } from './file-index.ts';
import type { ResolveClause } from './import-resolver.ts';

/** Relative paths, and `package:name/x.dart` below `lib` of the project's packages. */
export async function dartResolver(view: ProjectView, index: FileIndex): Promise<ResolveClause> {
  const byName = new Map<string, string>();
  for (const path of index.named('pubspec.yaml')) {
    const name = /^name:\s*["']?(\w+)/m.exec((await view.read(path)) ?? '')?.[1];
    if (name !== undefined && !byName.has(name)) byName.set(name, folderOf(path));
  }
  return (from, { specifier }) => {
    const [, name, rest = ''] = /^package:(\w+)\/(.+)$/.exec(specifier) ?? [];
    const folder = name === undefined ? undefined : byName.get(name);
    if (name !== undefined && folder === undefined) return [];
    const path =
      folder === undefined
        ? folderFrom(folderOf(from), specifier)
        : folderFrom(folderFrom(folder, 'lib'), rest);
    return index.files.has(path) ? [path] : [];
  };
}
