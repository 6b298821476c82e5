import type { SkippedLines } from '../domain/event.ts';
import { formatModelRef, modelRoles } from '../domain/model-role.ts';
import { createAuthorsFold, joinAuthors } from '../report/authors.ts';
import { learnedOrder, recordsByRole, type LearnedRole } from '../report/learned-order.ts';
import { createReviewersFold, joinReviewers } from '../report/reviewers.ts';
import type { Program } from './program.ts';
import { foldJournals } from './stats.ts';

export interface LearnedRoutes {
  /** Roles of which there is a record. */
  readonly roles: readonly LearnedRole[];
  /** Lines of journals that were passed over. */
  readonly skipped: SkippedLines;
}

/**
 * The order of each role's models that all journals of the project speak for. A reading: nothing is changed,
 * and no model is asked. Lists for large content are left as they are, as journals do not tell sizes.
 */
export async function learnedRoutes(program: Program, signal: AbortSignal): Promise<LearnedRoutes> {
  const { of } = await program.prices();
  const make = () => {
    const authors = createAuthorsFold(of);
    const reviewers = createReviewersFold(of);
    return {
      authors,
      reviewers,
      follow(event: Parameters<typeof authors.follow>[0]): void {
        authors.follow(event);
        reviewers.follow(event);
      },
    };
  };
  const { folds, skipped } = await foldJournals(null, make, program, signal);
  const records = recordsByRole(
    joinAuthors(folds.map(({ authors }) => authors.report())),
    joinReviewers(folds.map(({ reviewers }) => reviewers.report())),
  );
  const { roles, routing } = program.config;
  const learned = modelRoles.flatMap((role): LearnedRole[] => {
    const known = records.get(role);
    if (known === undefined) return [];
    const now = roles[role].models.map(formatModelRef);
    return [{ role, measure: known.measure, now, ...learnedOrder(now, known, routing.policy) }];
  });
  return { roles: learned.filter((role) => role.records.length > 0), skipped };
}
