/** By a set that nobody changes: its paths by the ends of their names. */
const known = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, readonly string[]>>();

/** Of JavaScript and TypeScript. */
export const scriptEndings = [
  'js',
  'jsx',
  'cjs',
  'cjsx',
  'mjs',
  'mjsx',
  'ts',
  'tsx',
  'cts',
  'ctsx',
  'mts',
  'mtsx',
];

/**
 * The paths whose names end in one of some words after their last dot, in any case, or are one without a dot
 * (`gemfile`); those of one ending in the order of the set. A project's files are looked through once, not by
 * each who wants a few of them.
 */
export function pathsEnding(files: ReadonlySet<string>, endings: readonly string[]): string[] {
  let byEnding = known.get(files);
  if (byEnding === undefined) {
    byEnding = grouped(files);
    known.set(files, byEnding);
  }
  const found: string[] = [];
  for (const ending of endings) for (const path of byEnding.get(ending) ?? []) found.push(path);
  return found;
}

function grouped(files: ReadonlySet<string>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const path of files) {
    const start = Math.max(path.lastIndexOf('.'), path.lastIndexOf('/')) + 1;
    const ending = path.slice(start).toLowerCase();
    const group = groups.get(ending);
    if (group === undefined) groups.set(ending, [path]);
    else group.push(path);
  }
  return groups;
}
