import type { SkippedLines } from '../domain/event.ts';
import { createReviewersFold, joinReviewers, type ReviewersReport } from '../report/reviewers.ts';
import type { AdHocWork, Caller, Program } from './program.ts';

export type ReviewersStats = ReviewersReport & {
  /** Lines of journals that were passed over. */
  readonly skipped: SkippedLines;
};

/**
 * How reviewers and judges fared, by the journals of one feature, or of all features and of work that belongs
 * to none. @throws BlueprintError `feature-not-found`
 */
export async function reviewerStats(
  { feature }: { feature: string | null },
  program: Program,
  { signal }: Caller,
): Promise<ReviewersStats> {
  const features = feature === null ? await program.features() : [feature];
  if (feature !== null) await program.store.get(feature);
  const works: Pick<AdHocWork, 'readEvents'>[] = [
    ...features.map((name) => program.look(name, signal)),
    ...(feature === null ? await program.adHocWork() : []),
  ];
  const prices = await program.prices();
  const skipped = { unreadable: 0, unknown: 0 };
  const reports: ReviewersReport[] = [];
  for (const { readEvents } of works) {
    const fold = createReviewersFold(prices.of);
    const passed = await readEvents((event) => fold.follow(event));
    skipped.unreadable += passed.unreadable;
    skipped.unknown += passed.unknown;
    reports.push(fold.report());
  }
  return { ...joinReviewers(reports), skipped };
}
