import { nearestOf } from '../text/nearest.ts';

const most = 3;

/**
 * Paths of the project that may be meant by one that is not there: those that end alike, then those of the
 * same name, then those that are spelled alike.
 */
export function nearestPaths(path: string, paths: readonly string[]): string[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const namesakes = paths.filter((one) => one === name || one.endsWith(`/${name}`));
  const moved = namesakes.filter((one) => path.endsWith(`/${one}`) || one.endsWith(`/${path}`));
  const alike = namesakes.length >= most ? [] : nearestOf(path, paths);
  return [...new Set([...moved, ...namesakes, ...alike])].slice(0, most);
}
