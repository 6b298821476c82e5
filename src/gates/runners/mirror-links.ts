/**
 * What must stand beside folders that are shown in a tree of their own, so that relative links which lead
 * out of them arrive: all that is beside them and above them in the project.
 * @param shown paths of the folders in the project.
 * @returns paths of the project, none below another.
 */
export function mirrorLinks(files: ReadonlySet<string>, shown: readonly string[]): Set<string> {
  const own = new Set(shown.flatMap((folder) => [...ancestors(folder), folder]));
  const beside = new Set<string>();
  for (const file of files) {
    const first = [...ancestors(file), file].find((path) => !own.has(path));
    if (first !== undefined) beside.add(first);
  }
  return beside;
}

/** Of `a/b/c`: `a` and `a/b`. */
function ancestors(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
