import { formatUsd } from '../domain/price.ts';
import type { ModelRole } from '../domain/model-role.ts';
import type { AuthorRecord } from './authors.ts';
import type { ReviewersReport } from './reviewers.ts';

/** Fewer cases say nothing of a model. */
export const leastCases = 10;
/** Of a normal distribution: bounds that hold in nine of ten cases. */
const z = 1.645;
/** Where neither is better, one that costs at most this part of the other goes before it. */
const cheapPart = 0.5;

/** What the journals say of a model in a role. */
export interface LearnedRecord {
  readonly model: string;
  /** Cases that something decided. */
  readonly cases: number;
  /** Of them, those in which it did well. */
  readonly right: number;
  /** USD a case in which it did well; null where there is none, or a price is not known. */
  readonly usd: number | null;
}

export interface LearnedRole {
  readonly role: ModelRole;
  /** What is counted as a case, for people. */
  readonly measure: string;
  /** In the order of the list. */
  readonly records: readonly LearnedRecord[];
  readonly now: readonly string[];
  /** The same models in the order that the records speak for. */
  readonly learned: readonly string[];
  /** For each model that would go before another. */
  readonly reasons: readonly string[];
}

/** What the records are of each role. */
export interface RoleRecords {
  readonly measure: string;
  readonly records: readonly LearnedRecord[];
}

/** Records of authors by role, and those of reviewers and judges. */
export function recordsByRole(
  authors: readonly AuthorRecord[],
  { reviewers, judges }: ReviewersReport,
): ReadonlyMap<ModelRole, RoleRecords> {
  const roles = new Map<ModelRole, RoleRecords>();
  for (const role of new Set(authors.map((author) => author.role)))
    roles.set(role, {
      measure: 'attempts at tasks that ended approved and stayed so',
      records: authors
        .filter((author) => author.role === role)
        .map(({ model, approved, refused, usd, unpriced }) => ({
          model,
          cases: approved + refused,
          right: approved,
          usd: approved === 0 || unpriced > 0 ? null : usd / approved,
        })),
    });
  if (reviewers.length > 0)
    roles.set('reviewer', {
      measure:
        'findings that were proved or that you confirmed, against those refuted or overruled and bad work accepted',
      records: reviewers.map(({ model, standings, blocking, missed, refutedByChecks }) => {
        const right = standings.proved + blocking.confirmed;
        const wrong = standings.refuted + blocking.overruled + missed + refutedByChecks;
        return { model, cases: right + wrong, right, usd: null };
      }),
    });
  if (judges.length > 0)
    roles.set('judge', {
      measure: 'comparisons that stayed the same when the order was turned round',
      records: judges.map(({ model, judged, flipped, unusable }) => ({
        model,
        cases: judged,
        right: Math.max(0, judged - flipped - unusable),
        usd: null,
      })),
    });
  return roles;
}

/**
 * The order of a role's list that the records speak for. Models of too few cases keep their places; one goes
 * before another only where chance does not explain the difference or, with the policy `cost`, where neither
 * is better and it costs half as much.
 */
export function learnedOrder(
  now: readonly string[],
  { records }: RoleRecords,
  policy: 'cost' | 'quality',
): Pick<LearnedRole, 'learned' | 'reasons' | 'records'> {
  const listed = now.flatMap((model) => records.find((record) => record.model === model) ?? []);
  const judged = listed.filter(({ cases }) => cases >= leastCases);
  const order = [...judged];
  const reasons = new Set<string>();
  // Reasons of two kinds may go round in a circle: as many passes as there are models are enough.
  for (let pass = 1; pass < order.length; pass++)
    for (let at = 0; at + 1 < order.length; at++) {
      const [first, second] = order.slice(at, at + 2);
      if (first === undefined || second === undefined) continue;
      const reason = whyBefore(second, first, policy);
      if (reason === null) continue;
      order.splice(at, 2, second, first);
      reasons.add(reason);
    }
  const isJudged = new Set(judged.map(({ model }) => model));
  const inOrder = order.map(({ model }) => model);
  const learned = now.map((model) => (isJudged.has(model) ? (inOrder.shift() ?? model) : model));
  return { learned, records: listed, reasons: [...reasons] };
}

function whyBefore(
  one: LearnedRecord,
  other: LearnedRecord,
  policy: 'cost' | 'quality',
): string | null {
  const counts = `${one.model} ${one.right} of ${one.cases}, ${other.model} ${other.right} of ${other.cases}`;
  const [ofOne, ofOther] = [bounds(one), bounds(other)];
  if (ofOne.low > ofOther.high) return `${one.model} did better: ${counts}`;
  const isWorse =
    ofOther.low > ofOne.high || one.right / one.cases < other.right / other.cases - 0.1;
  if (policy !== 'cost' || isWorse || one.usd === null || other.usd === null) return null;
  if (one.usd > other.usd * cheapPart || one.usd === other.usd) return null;
  return `${one.model} did about as well and costs less: ${counts}; ${formatUsd(one.usd)} an approved task, not ${formatUsd(other.usd)}`;
}

/** Wilson's score interval (E. B. Wilson, JASA 22, 1927). */
function bounds({ right, cases }: LearnedRecord): { low: number; high: number } {
  const part = right / cases;
  const square = z ** 2 / cases;
  const middle = (part + square / 2) / (1 + square);
  const half = (z * Math.sqrt((part * (1 - part)) / cases + square / (4 * cases))) / (1 + square);
  return { low: middle - half, high: middle + half };
}
