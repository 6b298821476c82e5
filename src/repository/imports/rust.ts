import { baseName, folderFrom, folderOf } from '../../files/slash-paths.ts';
import type { FileIndex } from './file-index.ts';
import type { ImportPackage, ResolveClause } from './import-resolver.ts';

interface Module {
  /** Null for a module whose file is not there. */
  readonly file: string | null;
  /** Where its own modules stand. */
  readonly folder: string;
}

/** Paths from the crate, the module itself, the one above, and the crates of the workspace. */
export function rustResolver(
  { files }: FileIndex,
  packages: readonly ImportPackage[],
): ResolveClause {
  const crates = packages.filter(({ ecosystem }) => ecosystem === 'cargo');
  const folders = new Set(['', ...crates.map(({ folder }) => folder)]);
  const byName = new Map(
    crates.flatMap(({ folder, name }) =>
      name === null ? [] : [[name.replaceAll('-', '_'), folder] as const],
    ),
  );
  const firstOf = (...paths: string[]): string | null =>
    paths.find((one) => files.has(one)) ?? null;
  const rootIn = (folder: string): Module => ({
    file: firstOf(folderFrom(folder, 'lib.rs'), folderFrom(folder, 'main.rs')),
    folder,
  });
  const child = ({ folder }: Module, name: string): Module | null => {
    const inner = folderFrom(folder, name);
    const file = firstOf(`${inner}.rs`, `${inner}/mod.rs`);
    return file === null ? null : { file, folder: inner };
  };
  const crateOf = (path: string): string => {
    let at = folderOf(path);
    while (!folders.has(at)) at = folderOf(at);
    return at;
  };
  /** A manifest can have its crate stand elsewhere than in src: the nearest root above the file counts. */
  const rootOf = (path: string): Module => {
    const crate = crateOf(path);
    for (let at = folderOf(path); at.length > crate.length; at = folderOf(at)) {
      const root = rootIn(at);
      if (root.file !== null) return root;
    }
    return rootIn(folderFrom(crate, 'src'));
  };
  /** Programs, tests and examples of a crate are crates of their own, and use it by its name. */
  const isOwnRoot = (path: string): boolean =>
    /(?:^|\/)(?:lib\.rs|main\.rs|build\.rs|src\/bin\/[^/]+\.rs)$/.test(path) ||
    /^(?:tests|examples|benches)\/[^/]+\.rs$/.test(
      path.slice(crateOf(path).length).replace(/^\//, ''),
    );
  const moduleOf = (path: string): Module => {
    const folder = folderOf(path);
    if (isOwnRoot(path) || baseName(path) === 'mod.rs') return { file: path, folder };
    return { file: path, folder: path.replace(/\.rs$/, '') };
  };
  const above = (module: Module, root: Module): Module => {
    const folder = folderOf(module.folder);
    if (folder === root.folder || module.folder === root.folder) return root;
    const file = firstOf(`${folder}.rs`, `${folder}/mod.rs`, `${folder}/main.rs`);
    return { file, folder };
  };
  /** The innermost module along the steps; what comes after it is an item of it. */
  const walk = (start: Module, steps: readonly string[]): Module => {
    let module = start;
    for (const step of steps) {
      const next = child(module, step);
      if (next === null) break;
      module = next;
    }
    return module;
  };

  return (from, { specifier, names }) => {
    const steps = specifier.split('::');
    let module: Module | null = moduleOf(from);
    const [first = ''] = steps;
    if (first === 'crate') {
      module = isOwnRoot(from) ? module : rootOf(from);
      steps.shift();
    } else if (first === 'self') steps.shift();
    else if (first === 'super')
      while (steps[0] === 'super') {
        module = above(module, rootOf(from));
        steps.shift();
      }
    else if (byName.has(first) && child(module, first) === null) {
      module = rootIn(folderFrom(byName.get(first) ?? '', 'src'));
      steps.shift();
    } else if (child(module, first) === null) return [];
    const reached = walk(module, steps);
    if (first === 'self' && reached === module) return [];
    const inner = names.map((name) => child(reached, name)?.file ?? reached.file);
    const found = names.length === 0 ? [reached.file] : inner;
    return [...new Set(found.filter((file) => file !== null))];
  };
}
