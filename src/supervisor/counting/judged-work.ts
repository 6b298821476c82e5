import type { FileChanges } from '../../domain/bundle.ts';
import {
  otherThan,
  overlay,
  textOrNull,
  type Candidate,
  type ReadBase,
} from '../../domain/candidate.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import type { Finding } from '../../domain/review.ts';
import { hasLine, placeOf, type Place } from '../../text/finding-key.ts';
import { workText } from '../shown-work.ts';

/** Work that findings are about. */
export interface JudgedWork {
  readonly changes: FileChanges;
  /** As its reviewers see it; null where their context shows it. */
  readonly shown: string | null;
  /** An answer without files; null of files. */
  readonly words: string | null;
  /** Who wrote it, as routing takes it. */
  readonly authors: ReturnType<typeof otherThan>;
  readonly gates: readonly GateResult[];
}

/** A finding that keeps work from approval unless it is refuted. */
export type NamedFinding = Omit<Finding, 'severity' | 'id'> &
  Partial<Pick<Finding, 'severity'>> & { readonly id: string };

export function judgedWork(candidate: Candidate, gates: readonly GateResult[]): JudgedWork {
  const { changes, bundle } = candidate;
  return {
    changes,
    shown: workText(candidate, 'notes'),
    words: changes.size === 0 ? bundle.notes : null,
    authors: otherThan(candidate),
    gates,
  };
}

/** What is wrong with a place; null where it is there, in the work or in the file as it was before. */
export async function placeFault(
  { path, line }: Place,
  { changes }: Pick<JudgedWork, 'changes'>,
  base: ReadBase,
): Promise<string | null> {
  const now = await textOrNull(path, overlay(changes, base));
  if (now !== null && hasLine(now, line)) return null;
  const before = changes.has(path) ? await textOrNull(path, base) : null;
  if (before !== null && hasLine(before, line)) return null;
  return now === null && before === null ? `${path} is not there` : `${path} has no line ${line}`;
}

const quotes = /`([^`\n]+)`|«([^»\n]+)»|“([^”\n]+)”|"([^"\n]+)"/g;
/** Shorter ones are found everywhere. */
const leastQuoted = 8;

/** Whether a text quotes words of the work, in any spacing. */
export function quotesWork(
  text: string,
  { changes, words = null }: Pick<JudgedWork, 'changes'> & Partial<Pick<JudgedWork, 'words'>>,
): boolean {
  const quoted = [...text.matchAll(quotes)].flatMap((found) => plain(found.slice(1).join('')));
  const contents = [...changes.values(), words].flatMap((content) =>
    content === null ? [] : plain(content),
  );
  return quoted.some(
    (part) => part.length >= leastQuoted && contents.some((content) => content.includes(part)),
  );
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Whether a text names something of the work: a place that is there, or words of it. */
export async function namesWork(text: string, work: JudgedWork, base: ReadBase): Promise<boolean> {
  if (quotesWork(text, work)) return true;
  for (const word of text.split(/[\s,;()«»“”"`']+/)) {
    const place = placeOf(word);
    if (place !== null && (await placeFault(place, work, base)) === null) return true;
  }
  return false;
}
