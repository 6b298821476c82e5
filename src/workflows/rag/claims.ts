import * as z from 'zod';
import { citationText, type Citation } from '../../domain/deliverable.ts';
import type { ReadText } from '../../repository/project.ts';
import { checkCitation, citedSchema } from './check-citation.ts';

/** The reply of one who answers from sources. */
export const sourcedReplySchema = z.strictObject({
  claims: z.array(
    z.strictObject({
      statement: z.string().refine((text) => text.trim() !== '', { error: 'says nothing' }),
      citations: z.array(citedSchema),
    }),
  ),
  found: z.boolean().describe('whether the sources answer the question'),
  missing: z.string().describe('what the sources lack; empty where nothing is missing'),
});
export type SourcedReply = z.infer<typeof sourcedReplySchema>;

/** A statement with the places that bear it out; never none. */
export interface Claim {
  readonly statement: string;
  readonly citations: readonly Citation[];
}

export interface CheckedClaims {
  readonly claims: readonly Claim[];
  /** Citations that hold, of how many. */
  readonly holding: number;
  readonly given: number;
  /** What does not hold, in words. */
  readonly faults: readonly string[];
  /** Statements that no source bears out. */
  readonly dropped: readonly string[];
}

/** The claims of a reply with those of their citations that hold. */
export async function checkClaims(
  { claims: given, found }: SourcedReply,
  shown: ReadonlySet<string>,
  read: ReadText,
): Promise<CheckedClaims> {
  const claims: Claim[] = [];
  const dropped: string[] = [];
  const faults: string[] = [];
  let all = 0;
  for (const { statement, citations } of given) {
    const holding: Citation[] = [];
    for (const cited of citations) {
      all += 1;
      const checked = await checkCitation(cited, shown, read);
      if ('citation' in checked) holding.push(checked.citation);
      else faults.push(checked.fault);
    }
    if (citations.length === 0) faults.push(`«${statement.slice(0, 80)}» cites nothing`);
    if (holding.length === 0) dropped.push(statement);
    else claims.push({ statement, citations: holding });
  }
  if (found && given.length === 0) faults.push('found is true, and there is no claim');
  const holding = claims.reduce((sum, { citations }) => sum + citations.length, 0);
  return { claims, holding, given: all, faults, dropped };
}

/** Claims as they are read, each with where it stands. */
export function claimsText(claims: readonly Claim[]): string {
  return claims
    .map(
      ({ statement, citations }) =>
        `${statement.trim()} (${citations.map(citationText).join(', ')})`,
    )
    .join('\n\n');
}
