import type { FileChanges } from '../domain/bundle.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { Review } from '../domain/review.ts';
import type { TaskResult } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { contentHash } from '../text/moved-file.ts';
import type { ResultParts } from './workflow.ts';

/** A task's result, with what is not given left empty. */
export function taskResult(now: () => Date, parts: ResultParts): TaskResult {
  return {
    at: now().toISOString(),
    run: null,
    attempt: 0,
    rounds: 0,
    author: null,
    reviewer: null,
    files: [],
    gates: [],
    review: null,
    feedback: null,
    ...parts,
  };
}

/** What a result says of a review; also where the reviewer shares the author's blind spots. */
export function reviewLine(
  { verdict, summary, note }: Review,
  sameFamily: boolean,
): TaskResult['review'] {
  const text = toSingleLine(summary, 1_000);
  const remarks = [
    ...(sameFamily
      ? ["Reviewed by a model of the author's own family: no other was reachable."]
      : []),
    ...(note === undefined ? [] : [note]),
  ];
  return { verdict, summary: [text, ...remarks.map((remark) => `(${remark})`)].join(' ') };
}

/** Paths with the hash of their content, sorted; null for a deletion. */
export function fileHashes(changes: FileChanges): TaskResult['files'] {
  return [...changes]
    .map(([path, content]) => ({ path, sha256: contentHash(content) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What a result says of gates. */
export function gateLines(gates: readonly GateResult[]): TaskResult['gates'] {
  return gates.map(({ gate, status, summary }) => ({
    gate,
    status,
    summary: toSingleLine(summary),
  }));
}
