import type { FileChanges } from '../domain/bundle.ts';
import { deliveredFiles } from '../domain/deliverable.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { draftName } from '../files/draft-name.ts';
import type { Attempt, AttemptOutcome } from './attempt.ts';

/** Puts what is not approved where a person reads, and may edit, it. */
export async function keepProposedFiles(attempt: Attempt, outcome: AttemptOutcome): Promise<void> {
  const changes = deliveredFiles(outcome.deliverable);
  for (const [path, content] of changes)
    if (content !== null && canBeKept(path, changes)) await attempt.keepFile(path, content);
}

/** What editors and file managers leave beside the files that a person edits. */
const litter =
  /(?:^|\/)(?:\.DS_Store|Thumbs\.db|[^/]*~|\.[^/]*\.sw[a-p]|#[^/]*#|[^/]*\.(?:orig|rej|bak))$/;

/**
 * The work as it stands now: a file that a person edited or added is theirs, one that they deleted is left
 * out.
 */
export async function proposedFiles(
  attempt: Attempt,
  outcome: AttemptOutcome,
): Promise<{ changes: FileChanges; edited: readonly string[] }> {
  const proposed = deliveredFiles(outcome.deliverable);
  const changes = new Map(proposed);
  const edited: string[] = [];
  const kept = await attempt.keptFiles();
  for (const [path, content] of proposed) {
    if (content === null || !canBeKept(path, proposed)) continue;
    const now = kept.get(path);
    if (now === content) continue;
    edited.push(path);
    if (now === undefined) changes.delete(path);
    else changes.set(path, now);
  }
  for (const [path, added] of kept) {
    if (proposed.has(path) || litter.test(path)) continue;
    edited.push(path);
    changes.set(path, added);
  }
  return { changes, edited };
}

/** What a person sent back of an attempt: what was approved of it or, where nothing was, what it proposes. */
export async function sentBackWork(
  attempt: Attempt,
): Promise<{ outcome: AttemptOutcome; changes: FileChanges } | null> {
  const approval = await attempt.approval();
  const outcome = approval ?? (await attempt.outcome());
  if (outcome === null) return null;
  const isProposed = approval === null && outcome.status === 'needs_review';
  const changes = isProposed
    ? (await proposedFiles(attempt, outcome)).changes
    : deliveredFiles(outcome.deliverable);
  return { outcome, changes };
}

/** A file below another file, and a path too long with its folder before it, stand in the outcome alone. */
function canBeKept(path: string, changes: FileChanges): boolean {
  if (pathProblem(`partial/${'T'.repeat(40)}/1000/files/${draftName(path)}`) !== null) return false;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    if (typeof changes.get(path.slice(0, slash)) === 'string') return false;
  return true;
}
