import { baseName, folderFrom, folderOf, isBelow } from '../../files/slash-paths.ts';
import type { ResolveImport } from '../imports/import-resolver.ts';
import { namesOf, namesOfClause, type ReachFile } from './reach-file.ts';

/**
 * The files that a change of some may reach, these among them: who imports them, who imports those, and so on.
 * Doubt adds files: one that imports what it computes, that names another in a text, or whose import leads to
 * no file but ends with that name.
 */
export function reachedFiles(
  changed: readonly string[],
  files: ReadonlyMap<string, ReachFile>,
  resolve: ResolveImport,
): Set<string> {
  const { importers, namedBy, inFolder } = linksBack(files, resolve);
  const families = new Set(changed.map((path) => files.get(path)?.family));
  const computing = [...files].flatMap(([path, { computes, family }]) =>
    computes && families.has(family) ? [path] : [],
  );
  const reached = new Set<string>();
  const open = [...changed, ...computing];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    open.push(...(importers.get(path) ?? []));
    for (const name of namesOf(path)) open.push(...(namedBy.get(name) ?? []));
    const beside = inFolder.get(folderOf(path)) ?? [];
    // A package of Go is compiled as a whole, its tests behind it.
    if (path.endsWith('_test.go')) open.push(...beside.filter((one) => one.endsWith('_test.go')));
    else if (path.endsWith('.go')) open.push(...beside.filter((one) => one.endsWith('.go')));
    // pytest loads it for all tests below its folder.
    if (baseName(path) === 'conftest.py')
      open.push(...[...files.keys()].filter((one) => isBelow(one, folderOf(path))));
  }
  return reached;
}

interface LinksBack {
  readonly importers: ReadonlyMap<string, readonly string[]>;
  /** Files by the names of others in them. */
  readonly namedBy: ReadonlyMap<string, readonly string[]>;
  readonly inFolder: ReadonlyMap<string, readonly string[]>;
}

function linksBack(files: ReadonlyMap<string, ReachFile>, resolve: ResolveImport): LinksBack {
  const importers = new Map<string, string[]>();
  const namedBy = new Map<string, string[]>();
  const inFolder = new Map<string, string[]>();
  for (const [path, { grammar, family, imports, names }] of files) {
    push(inFolder, folderOf(path), path);
    for (const name of names) push(namedBy, name, path);
    for (const clause of imports) {
      const targets = resolve(path, clause, grammar);
      for (const target of targets) push(importers, target, path);
      if (targets.length > 0) continue;
      for (const name of namesOfClause(clause, family)) push(namedBy, name, path);
    }
    // To import a module of Python is to run what makes the packages around it.
    if (family === 'python')
      for (let at = folderOf(path); at !== ''; at = folderOf(at))
        push(importers, folderFrom(at, '__init__.py'), path);
  }
  return { importers, namedBy, inFolder };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
