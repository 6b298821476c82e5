import type { ProjectView } from './runner.ts';

/**
 * A reader of the paths that runners print, absolute in their sandbox or not: the longest end that is a
 * file of the project, or null.
 */
export function relativeTo({ files }: ProjectView): (path: string) => string | null {
  return (path) => {
    const parts = path
      .replace(/^file:\/\//, '')
      .replaceAll('\\', '/')
      .split('/');
    for (let start = 0; start < parts.length; start++) {
      const rest = parts.slice(start).join('/');
      if (rest !== '' && files.has(rest)) return rest;
    }
    return null;
  };
}
