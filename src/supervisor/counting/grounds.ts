import type { ReadBase } from '../../domain/candidate.ts';
import type { Finding } from '../../domain/review.ts';
import { toSingleLine } from '../../domain/text.ts';
import { placeOf } from '../../text/finding-key.ts';
import { isCitable, type FindingRules } from './citable.ts';
import { placeFault, quotesWork, type JudgedWork } from './judged-work.ts';

/**
 * What a finding lacks to be grounded, as a clause; null where it cites something that the work is held to, and
 * a line that is there. Of an answer in words it quotes some instead.
 */
export async function lackOf(
  { cites, location, evidence }: Pick<Finding, 'cites' | 'location' | 'evidence'>,
  { citable }: FindingRules,
  work: JudgedWork,
  base: ReadBase,
): Promise<string | null> {
  const cited = cites?.trim() ?? '';
  if (cited === '') return 'it cites no requirement and no criterion';
  if (!isCitable(cited, citable))
    return `it cites ${toSingleLine(cited, 80)}, which the work is not held to`;
  if (work.words !== null)
    return quotesWork(evidence, work) ? null : 'it quotes nothing of the answer';
  const place = placeOf(location);
  if (place === null) return 'it names no line';
  const fault = await placeFault(place, work, base);
  return fault === null ? null : toSingleLine(fault, 200);
}
