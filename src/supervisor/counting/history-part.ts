import { isSevere } from '../../domain/review.ts';
import { estimateTokens } from '../../domain/text.ts';
import { userPart, type MessagePart } from '../../models/language-model.ts';
import { fenced } from '../../text/fence.ts';
import type { KnownFinding } from './ledger.ts';

/** What a reviewer is told of the reviews before its own. */
export interface History {
  readonly findings: readonly KnownFinding[];
  /** What changed in the work since the last of them, as a patch. */
  readonly diff: string;
}

/** A longer patch tells less than the work itself, which is shown whole. */
const mostTokens = 12_000;

export function historyPart({ findings, diff }: History): MessagePart {
  const changed =
    diff === ''
      ? 'Nothing changed in its files.'
      : estimateTokens(diff) > mostTokens
        ? 'Too much to be shown here; the work above is as it is now.'
        : fenced(diff);
  const list = findings.map(lineOf).join('\n');
  const found = findings.length === 0 ? 'Nothing was found.' : fenced(list);
  return userPart(
    'history',
    `# What changed since the last review\n\n${changed}\n\n# What earlier reviews found\n\n${found}`,
  );
}

function lineOf({ id, finding, place, isChanged, answer }: KnownFinding): string {
  const { severity, category, location, evidence } = finding;
  const now = place === null ? '' : `, now ${place.path}:${place.line}`;
  const where = location === null ? '' : ` ${location}${now}`;
  return [
    `${id} [${severity}, ${category}]${where}: ${evidence}`,
    `   ${[becameOf(finding), since(isChanged, location)].filter((part) => part !== '').join(' ')}`,
    ...(answer === null ? [] : [`   The corrector says: ${answer}`]),
  ].join('\n');
}

function since(isChanged: boolean, location: string | null): string {
  if (location === null) return '';
  return isChanged ? 'Its lines were changed since.' : 'Its lines are as they were.';
}

function becameOf(finding: KnownFinding['finding']): string {
  const { standing, reason } = finding;
  if (!isSevere(finding)) return 'Recorded; it blocks nothing.';
  if (standing === 'refuted') return `Refuted, and does not count: ${reason ?? ''}`;
  if (standing === 'doubtful') return `In doubt, and does not count: ${reason ?? ''}.`;
  return 'It was to be mended.';
}
