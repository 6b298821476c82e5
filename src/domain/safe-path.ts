import { hiddenCharacters } from './hidden-characters.ts';

const maxPathLength = 1024;
const windowsReserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
/** What nearly every path is made of; nothing but a reserved name can be wrong with one. */
const plain = /^(?:[A-Za-z0-9_-]{1,60}\/){0,12}[A-Za-z0-9_-]{1,60}(?:\.[A-Za-z0-9_-]{1,20}){0,4}$/;
const reservedSomewhere = /(?:^|\/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$)/i;

/**
 * Why a path that a model or a file proposes may not be used below a project folder, or null when it
 * may. Spelling alone is judged here; symbolic links are the workspace's to check.
 */
export function pathProblem(path: string): string | null {
  if (plain.test(path) && !reservedSomewhere.test(path)) return null;
  if (path === '') return 'is empty';
  if (path.length > maxPathLength) return `is longer than ${maxPathLength} characters`;
  if (/\p{Surrogate}/u.test(path)) return 'holds half of a character';
  if (/\p{Cc}|\p{Cf}/u.test(path) || hiddenCharacters(path).length > 0)
    return 'holds a control or invisible character';
  if (path.includes('\\')) return 'holds a backslash; use forward slashes';
  if (path.startsWith('/')) return 'is absolute';
  if (path.startsWith('~')) return 'starts with a tilde';
  if (path.includes(':')) return 'holds a colon (a drive or a stream)';
  for (const segment of path.split('/')) {
    const problem = segmentProblem(segment);
    if (problem !== null) return problem;
  }
  return null;
}

function segmentProblem(segment: string): string | null {
  if (segment === '') return 'has an empty segment';
  if (segment === '.' || segment === '..') return `has a segment «${segment}»`;
  if (/[. ]$/.test(segment)) return 'has a segment that ends in a dot or a space';
  if (segment.length > 255) return 'has a segment longer than 255 characters';
  if (windowsReserved.test(segment)) return `has the reserved name «${segment}»`;
  // Fullwidth and ligature forms fold onto ASCII on some file systems.
  if (/^(\.git|git~\d+|gi[0-9a-f]{4}~\d+)$/i.test(segment.normalize('NFKC')))
    return 'reaches into the .git folder';
  return null;
}

/** One spelling for two paths that some file systems take for the same file. */
export function pathKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** The folders that a slash path lies in, the outer ones first. */
export function foldersAbove(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
