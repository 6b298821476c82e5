import { failedGates, type GateResult } from '../domain/gate-result.ts';
import { isBlocking, type Finding, type Review } from '../domain/review.ts';
import { findingKey } from '../text/finding-key.ts';

/** Gates outrank the reviewer; a finding's severity, not the verdict, decides. */
export function blockingFindings(
  gates: readonly GateResult[],
  blockingGates: ReadonlySet<string>,
  review: Review | undefined,
): Finding[] {
  return [
    ...failedGates(gates, blockingGates).flatMap(gateFindings),
    ...(review?.findings ?? []).filter(isBlocking),
  ];
}

/** Everything that a round found, for one correction: what gates found first, then what blocks; not what was refuted. */
export function allFindings(
  gates: readonly GateResult[],
  blockingGates: ReadonlySet<string>,
  review: Review | undefined,
): Finding[] {
  const found = review?.findings ?? [];
  const blocking = failedGates(gates, blockingGates);
  const others = failedGates(gates).filter((gate) => !blocking.includes(gate));
  return [
    ...[...blocking, ...others].flatMap(gateFindings),
    ...found.filter(isBlocking),
    ...found.filter((finding) => !isBlocking(finding) && finding.standing !== 'refuted'),
  ];
}

/** What a failed gate found; one finding where it says no more than that it failed. */
export function gateFindings(gate: GateResult): readonly Finding[] {
  if (gate.findings.length > 0) return gate.findings;
  const { gate: category, summary: evidence } = gate;
  return [{ category, severity: 'blocker', evidence, location: null, fixHint: 'Make it pass.' }];
}

/** The review, with a finding where it asks for a revision and gives none: that would pass as approval. */
export function withReasonForRevision(review: Review): Review {
  if (review.verdict === 'accept' || review.findings.length > 0) return review;
  const said = review.summary.trim();
  const finding: Finding = {
    category: 'review',
    severity: 'major',
    evidence: said === '' ? 'The reviewer asked for a revision and did not say why.' : said,
    location: null,
    fixHint: 'Do what the summary asks.',
  };
  return { ...review, findings: [finding] };
}

export function fromPerson(feedback: string): Finding {
  return {
    category: 'feedback',
    severity: 'blocker',
    evidence: feedback,
    location: null,
    fixHint: 'Do what the person asks; this outranks every other finding.',
  };
}

/** One text for the same set of findings, whatever their order; by their ids, or without by their words. */
export function findingsKey(findings: readonly Finding[]): string {
  return [...new Set(findings.map((finding) => finding.id ?? findingKey(finding)))]
    .sort()
    .join('\n');
}
