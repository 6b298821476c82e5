import { nearestOf } from '../text/nearest.ts';

const most = 3;

/**
 * Paths of the project that may be meant by one that is not there: those that end alike, then those of the
 * same name, then those whose name is spelled alike, in the same folder first.
 */
export function nearestPaths(path: string, paths: readonly string[]): string[] {
  const name = nameOf(path);
  const namesakes = paths.filter((one) => nameOf(one) === name);
  const moved = namesakes.filter((one) => path.endsWith(`/${one}`) || one.endsWith(`/${path}`));
  const found = new Set([...moved, ...namesakes]);
  if (found.size === 0) {
    const stems = new Set(nearestOf(stemOf(name), new Set(paths.map(stemOf))).slice(0, most));
    const folder = path.slice(0, -name.length);
    const alike = paths.filter((one) => stems.has(stemOf(one)));
    for (const one of alike) if (one.startsWith(folder)) found.add(one);
    for (const one of alike) found.add(one);
  }
  return [...found].slice(0, most);
}

/** The name without its endings, which are alike in most names. */
function stemOf(path: string): string {
  const name = nameOf(path);
  return name.replace(/(?<=.)\..*$/, '');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
