import type { Project, ReadText } from '../../repository/project.ts';

/** A piece of a file that may hold the answer. */
export interface SourcePiece {
  readonly path: string;
  /** First line, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Files that an answer is looked for in. */
export interface Sources {
  isEmpty(): Promise<boolean>;
  /** Pieces that fit a query, the best first. */
  search(query: string, limit: number): Promise<readonly SourcePiece[]>;
  /** A file as it stands now; null for what is no text, or not there. */
  read: ReadText;
  /** What is not looked into, with the reason, for people. */
  passedOver(): Promise<readonly string[]>;
}

/** The project's own files. */
export function projectSources(project: Project): Sources {
  return sourcesOf([{ prefix: '', project }]);
}

/**
 * Files of several folders.
 * @param folders each with what its paths are told by: empty, or ending in a slash.
 */
export function sourcesOf(
  folders: readonly { readonly prefix: string; readonly project: Project }[],
): Sources {
  return {
    async isEmpty() {
      const paths = await Promise.all(folders.map(({ project }) => project.paths()));
      return paths.every(({ length }) => length === 0);
    },
    async search(query, limit) {
      const found = await Promise.all(
        folders.map(async ({ prefix, project }) => {
          const hits = await project.search(query, limit);
          // Scores of one search alone can be compared: the best of each stand level.
          const best = hits[0]?.score ?? 1;
          return hits.map(({ path, line, text, score }) => ({
            score: score / best,
            piece: { path: `${prefix}${path}`, line, text },
          }));
        }),
      );
      return found
        .flat()
        .sort((a, b) => b.score - a.score)
        .slice(0, limit)
        .map(({ piece }) => piece);
    },
    async read(path) {
      for (const { prefix, project } of folders)
        if (path.startsWith(prefix)) {
          const text = await project.read(path.slice(prefix.length));
          if (text !== null) return text;
        }
      return null;
    },
    async passedOver() {
      const found = await Promise.all(
        folders.map(async ({ prefix, project }) => [
          ...(await project.remarks()),
          ...(await project.passedOver()).map(({ path, reason }) => `${prefix}${path}: ${reason}`),
        ]),
      );
      return found.flat();
    },
  };
}
