import { textOrNull, type Candidate } from '../domain/candidate.ts';
import type { Finding } from '../domain/review.ts';
import { estimateTokens } from '../domain/text.ts';
import { fenced } from '../text/fence.ts';
import { withoutLine } from '../text/finding-key.ts';
import type { Work } from './work.ts';

/** A file that findings name, as it is without the work. */
export interface NamedFile {
  readonly path: string;
  readonly text: string;
  /** The work changes it. */
  readonly isChanged: boolean;
}

const mostFiles = 8;
const mostTokens = 16_000;

/**
 * Files of the base that a corrector needs and was not shown: those in which something failed, as a test, and
 * those which the work was not to change, so that it can take the change back.
 * @param findings of gates: what a model names is not looked up for it.
 */
export async function namedFiles(
  { base, known }: Pick<Work, 'base' | 'known'>,
  { changes }: Pick<Candidate, 'changes'>,
  findings: readonly Finding[],
): Promise<NamedFile[]> {
  const found = new Map<string, NamedFile>();
  let tokens = 0;
  for (const { location, category } of findings) {
    const path = withoutLine(location);
    if (path === null || found.has(path) || found.size === mostFiles) continue;
    const isChanged = changes.has(path);
    if (isChanged ? category !== 'tampering' : known?.has(path) === true) continue;
    // What a finding names need not be a file of the project.
    const text = await textOrNull(path, base);
    if (text === null || text === changes.get(path)) continue;
    tokens += estimateTokens(text);
    if (tokens > mostTokens) break;
    found.set(path, { path, text, isChanged });
  }
  return [...found.values()];
}

export function namedFilesText(files: readonly NamedFile[]): string {
  const parts = files.map(({ path, text, isChanged }) =>
    [
      isChanged
        ? `${path} as it was before the work; to take the change back, give it so:`
        : `${path} as it is:`,
      fenced(text, 4),
    ].join('\n'),
  );
  return `# Files that the findings name\n\n${parts.join('\n\n')}`;
}
