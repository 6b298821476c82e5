import type { Candidate } from '../../domain/candidate.ts';
import type { MinorityPoint, Origin } from '../../domain/ensemble.ts';
import { normalisedText, proposalKey } from '../../text/content-key.ts';

/** An answer and the models that gave it. */
export interface Perspective {
  readonly candidate: Candidate;
  readonly models: readonly string[];
}

/** Answers that come to the same are one perspective; in the order of the first of each. */
export function perspectivesOf(
  answers: readonly { readonly candidate: Candidate; readonly model: string }[],
): Perspective[] {
  const byKey = new Map<string, Perspective>();
  for (const { candidate, model } of answers) {
    const key = proposalKey(candidate);
    const known = byKey.get(key) ?? { candidate, models: [] };
    byKey.set(key, { ...known, models: [...known.models, model] });
  }
  return [...byKey.values()];
}

const remark =
  /^[\s>*+-]{0,8}(FROM|MINORITY)\**\s+(?:answers?\s+)?(\d[\d,& ]{0,40}(?:and \d+)?)\**\s{0,4}[:：]\**\s{0,4}(\S.*)$/i;

/**
 * What a merge says of itself, in FROM and MINORITY lines with the numbers of the answers, and its text
 * without them. Numbers of answers that do not exist are left out, lines with none that does too.
 */
export function readRemarks(
  text: string,
  perspectives: readonly Perspective[],
): { text: string; origins: Origin[]; minority: MinorityPoint[] } {
  const origins: Origin[] = [];
  const minority: MinorityPoint[] = [];
  const kept = text.split('\n').filter((each) => {
    const [, kind, numbers, said] = remark.exec(each) ?? [];
    if (kind === undefined || numbers === undefined || said === undefined) return true;
    const from = modelsOf(numbers, perspectives);
    if (from.length === 0) return true;
    if (kind.toUpperCase() === 'FROM') origins.push({ part: said.trim(), from, by: 'synthesizer' });
    else minority.push({ point: said.trim(), from, by: 'synthesizer' });
    return false;
  });
  return { text: kept.join('\n').trim(), origins, minority };
}

function modelsOf(numbers: string, perspectives: readonly Perspective[]): string[] {
  const named = (numbers.match(/\d+/g) ?? []).flatMap(
    (number) => perspectives[Number(number) - 1]?.models ?? [],
  );
  return [...new Set(named)];
}

/** Where each file of a merge comes from, by its content: a fact, whatever the merge says of itself. */
export function fileOrigins(merged: Candidate, perspectives: readonly Perspective[]): Origin[] {
  return [...merged.changes].map(([path, content]): Origin => {
    const same = perspectives.filter(({ candidate: { changes } }) => {
      const theirs = changes.get(path);
      if (theirs === undefined) return false;
      return theirs === null || content === null
        ? theirs === content
        : normalisedText(theirs) === normalisedText(content);
    });
    const touched = perspectives.filter(({ candidate }) => candidate.changes.has(path));
    const from = (same.length > 0 ? same : touched).flatMap(({ models }) => models);
    return { part: path, from, by: same.length > 0 ? 'same content' : 'merged content' };
  });
}

/** Files that answers propose and the merge does not have. */
export function filesLeftOut(
  merged: Candidate,
  perspectives: readonly Perspective[],
): MinorityPoint[] {
  const proposed = new Set(perspectives.flatMap(({ candidate }) => [...candidate.changes.keys()]));
  return [...proposed]
    .filter((path) => !merged.changes.has(path))
    .map((path) => ({
      point: `proposes a change of ${path}, which the consensus does not hold`,
      from: perspectives
        .filter(({ candidate }) => candidate.changes.has(path))
        .flatMap(({ models }) => models),
      by: 'content',
    }));
}
