import * as z from 'zod';

export const severities = ['blocker', 'major', 'minor', 'nit'] as const;

export const scoreNames = [
  'correctness',
  'consistency',
  'safety',
  'efficiency',
  'clarity',
] as const;
export type ScoreName = (typeof scoreNames)[number];
/** Each from 0 to 1. */
export type Scores = Readonly<Record<ScoreName, number>>;

/** Which findings of models keep work from approval (docs/supervisor.md). */
export const findingsModes = ['proved', 'grounded', 'any'] as const;
export type FindingsMode = (typeof findingsModes)[number];

/**
 * What became of a finding that would block. The tool says so, never a model. `doubtful`: nothing shows it;
 * `refuted`: its own test passes, or a second reader named what in the work contradicts it.
 */
export const findingStandings = ['proved', 'grounded', 'doubtful', 'refuted'] as const;
export type FindingStanding = (typeof findingStandings)[number];

const said = {
  category: z.string().describe('one word, as correctness, contract, test, security, style'),
  severity: z.enum(severities),
  evidence: z.string().describe('what in the work shows it'),
  location: z.string().nullable().describe('path:line, or null'),
  fixHint: z.string().describe('the smallest change that mends it'),
};

const cites = z.string().nullable();
const earlier = z.string().nullable();
const provingTest = z.strictObject({
  path: z.string().describe('of a new test file, where the project has its tests'),
  content: z.string().describe('the whole file'),
});

/** A finding as it is kept: what was said, and what the tool says of it. Gates give the first five fields alone. */
export const findingSchema = z.strictObject({
  ...said,
  cites: cites.exactOptional(),
  earlier: earlier.exactOptional(),
  test: provingTest.nullable().exactOptional(),
  id: z.string().describe('the same in all rounds of an attempt').exactOptional(),
  standing: z.enum(findingStandings).exactOptional(),
  reason: z.string().describe('of its standing').exactOptional(),
});

/** What a model is asked to cite; a reply may lack it. */
export const citesReply = cites
  .default(null)
  .describe(
    'the one requirement or criterion that it breaks, by its id, as R2, R2.1 or T3.1; or null',
  );

/** What a model is asked to say of a fault where nothing of it has to be shown. */
export const plainFindingReply = z.strictObject(said);
const findingReply = z.strictObject({
  ...said,
  cites: citesReply,
  earlier: earlier
    .default(null)
    .describe('the id of the earlier finding that it is, as F2, also in other words; or null'),
  test: provingTest
    .nullable()
    .default(null)
    .describe('a test that fails because of it, and passes once it is mended; or null'),
});

const verdict = z.enum(['accept', 'revise']);
const scores = z.strictObject({
  correctness: z.number().describe('0 to 1'),
  consistency: z.number().describe('0 to 1'),
  safety: z.number().describe('0 to 1'),
  efficiency: z.number().describe('0 to 1'),
  clarity: z.number().describe('0 to 1'),
});

const reviewWith = <F extends z.ZodType>(finding: F) =>
  z.strictObject({ verdict, summary: z.string(), scores, findings: z.array(finding) });

/** A review as it is kept. */
export const reviewSchema = z.strictObject({
  ...reviewWith(findingSchema).shape,
  note: z.string().describe('the tool’s, on how its findings were settled').exactOptional(),
});

/** Also of a reply that was made where more is asked for, as a recorded one. */
const plainReviewReply = z.preprocess(withoutMore, reviewWith(plainFindingReply));
const reviewReply = reviewWith(findingReply);

/**
 * What a reviewer is asked for. All fields are required and nothing recurs: the portable style that every
 * provider's schema mode takes.
 */
export function reviewReplySchema(mode: FindingsMode): z.ZodType<Review> {
  return mode === 'any' ? plainReviewReply : reviewReply;
}

function withoutMore(review: unknown): unknown {
  if (!isObject(review) || !Array.isArray(review['findings'])) return review;
  const findings = review['findings'].map((finding: unknown) => {
    if (!isObject(finding)) return finding;
    const more: ReadonlySet<string> = new Set(['cites', 'earlier', 'test']);
    return Object.fromEntries(Object.entries(finding).filter(([key]) => !more.has(key)));
  });
  return { ...review, findings };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

export type Finding = z.infer<typeof findingSchema>;
export type Review = z.infer<typeof reviewSchema>;

/** Of a severity that keeps work from being approved, if it counts; findings of the others are recorded. */
export function isSevere({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity === 'blocker' || severity === 'major';
}

/** Keeps work from being approved. Where nobody says how a finding stands, its severity decides. */
export function isBlocking(finding: Finding): boolean {
  return isSevere(finding) && finding.standing !== 'doubtful' && finding.standing !== 'refuted';
}

const standingWords: Readonly<Record<FindingStanding, string>> = {
  proved: 'proved',
  grounded: 'grounded',
  doubtful: 'in doubt',
  refuted: 'refuted',
};

/** How a finding stands and why, for people; null where nobody has said. */
export function standingText({ standing, reason = '' }: Partial<Finding>): string | null {
  if (standing === undefined) return null;
  return `${standingWords[standing]}${reason === '' ? '' : `: ${reason}`}`;
}
