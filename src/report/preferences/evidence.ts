/** What said that a work is good, bad, or better than another one (docs/decisions/0017-preference-pairs.md). */
export const evidenceKinds = [
  'gates',
  'review',
  'critics',
  'supervisor',
  'tournament',
  'rank',
  'judge',
  'critic-reply',
  'person',
  'edit',
] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];

export interface Evidence {
  readonly kind: EvidenceKind;
  /** When it was said, ISO 8601, UTC. */
  readonly at: string;
  /** `provider/model` of the model that said it; null for tools and people. */
  readonly by: string | null;
}

/** Why two works, or what was to be one of them, became no pair. */
export const skipReasons = {
  'no-verdict': 'nothing says which of the two is better',
  tie: 'they were judged alike, or the judge gave no usable verdict',
  'order-flip': 'the judge’s verdict turned with their order',
  'low-margin': 'their scores are too close',
  'conflicting-evidence': 'what was said of them does not agree',
  identical: 'they are the same but for blanks and line ends',
  truncated: 'a reply was cut short',
  refused: 'a model refused',
  'prompt-missing': 'the prompt, as it was sent, is not kept any more',
  'work-missing': 'a work is not kept any more, or cannot be read',
  'work-changed': 'a kept work is not what was judged',
  'not-text': 'a work moves files that are no text',
  'other-prompt': 'the two are no answers to the same prompt',
  'partly-accepted': 'a part of an answer was accepted, another was not',
} as const;
export type SkipReason = keyof typeof skipReasons;
export type Skipped = Partial<Record<SkipReason, number>>;

/** Adds to what was skipped. */
export function skip(skipped: Skipped, reason: SkipReason, count = 1): void {
  if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
}
