import type { RunEvent, SkippedLines } from '../domain/event.ts';
import {
  createReviewersFold,
  joinReviewers,
  type ReviewersFold,
  type ReviewersReport,
} from '../report/reviewers.ts';
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
  const prices = await program.prices();
  const make = (): ReviewersFold => createReviewersFold(prices.of);
  const { folds, skipped } = await foldJournals(feature, make, program, signal);
  return { ...joinReviewers(folds.map((fold) => fold.report())), skipped };
}

/**
 * One fold a work folder, over its journal: of one feature, or of all features and of work that belongs to
 * none. @throws BlueprintError `feature-not-found`
 */
export async function foldJournals<Fold extends { follow(event: RunEvent): void }>(
  feature: string | null,
  make: () => Fold,
  program: Program,
  signal: AbortSignal,
): Promise<{ readonly folds: readonly Fold[]; readonly skipped: SkippedLines }> {
  const features = feature === null ? await program.features() : [feature];
  if (feature !== null) await program.store.get(feature);
  const works: Pick<AdHocWork, 'readEvents'>[] = [
    ...features.map((name) => program.look(name, signal)),
    ...(feature === null ? await program.adHocWork() : []),
  ];
  const skipped = { unreadable: 0, unknown: 0 };
  const folds: Fold[] = [];
  for (const { readEvents } of works) {
    const fold = make();
    const passed = await readEvents((event) => fold.follow(event));
    skipped.unreadable += passed.unreadable;
    skipped.unknown += passed.unknown;
    folds.push(fold);
  }
  return { folds, skipped };
}
