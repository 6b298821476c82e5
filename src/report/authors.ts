import type { RunEvent } from '../domain/event.ts';
import type { ModelRole } from '../domain/model-role.ts';
import type { PriceOf } from '../domain/price.ts';
import { usdOf } from './cost.ts';

/** How one model fared as the author of tasks, in one role. */
export interface AuthorRecord {
  readonly role: ModelRole;
  /** `provider/model`. */
  readonly model: string;
  /** Attempts that ended approved, and were not sent back later. */
  readonly approved: number;
  /** Attempts that failed, or that a person sent back. */
  readonly refused: number;
  /** USD of the calls for its attempts, corrections too, as far as prices are known. */
  readonly usd: number;
  /** Of these calls, those whose cost is not known. */
  readonly unpriced: number;
}

export interface AuthorsFold {
  follow(event: RunEvent): void;
  report(): readonly AuthorRecord[];
}

type Of<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;
type Who = Pick<AuthorRecord, 'role' | 'model'>;
interface Attempt extends Who {
  outcome: 'open' | 'approved' | 'refused';
}

/**
 * Reads one folder's journal. Who wrote an attempt first is its author; corrections are counted for their cost.
 * @param priceOf for calls whose cost the journal does not state.
 */
export function createAuthorsFold(priceOf: PriceOf): AuthorsFold {
  const attempts = new Map<string, Attempt>();
  const latest = new Map<string, number>();
  const costs = new Map<string, { usd: number; unpriced: number }>();

  const onCall = (event: Of<'call-finish' | 'call-fail'>): void => {
    const { role, model, purpose } = event;
    const { task, attempt, candidate } = purpose;
    const [stage] = purpose.stage.split(':');
    if (task === null || (stage !== 'execute' && stage !== 'correct')) return;
    const known = attempts.get(`${task} ${attempt}`);
    const wrote = event.type === 'call-finish' && stage === 'execute' && candidate === undefined;
    // A reply that is read again says nothing new of its attempt.
    if (wrote && known?.model !== model) {
      attempts.set(`${task} ${attempt}`, { role, model, outcome: 'open' });
      latest.set(task, attempt);
    }
    if (event.type === 'call-finish' && event.stored) return;
    const author = attempts.get(`${task} ${attempt}`);
    if (author === undefined) return;
    const key = keyOf(author);
    const cost = costs.get(key) ?? { usd: 0, unpriced: 0 };
    costs.set(key, cost);
    const usd = usdOf(event, priceOf);
    cost.usd += usd ?? 0;
    if (usd === null || usd === undefined) cost.unpriced += 1;
  };
  const settle = (task: string, attempt: number | undefined, outcome: Attempt['outcome']): void => {
    const known = attempts.get(`${task} ${attempt}`);
    if (known !== undefined) known.outcome = outcome;
  };

  return {
    follow(event) {
      if (event.type === 'call-finish' || event.type === 'call-fail') onCall(event);
      else if (event.type === 'task-finish') {
        if (event.status === 'done') settle(event.task, event.attempt, 'approved');
        if (event.status === 'failed') settle(event.task, event.attempt, 'refused');
      } else if (event.type === 'decision' && event.what === 'reject' && event.task !== null)
        settle(event.task, latest.get(event.task), 'refused');
    },
    report() {
      const records = new Map<
        string,
        { -readonly [Key in keyof AuthorRecord]: AuthorRecord[Key] }
      >();
      for (const { role, model, outcome } of attempts.values()) {
        const key = keyOf({ role, model });
        const { usd, unpriced } = costs.get(key) ?? { usd: 0, unpriced: 0 };
        const record = records.get(key) ?? { role, model, approved: 0, refused: 0, usd, unpriced };
        records.set(key, record);
        if (outcome !== 'open') record[outcome] += 1;
      }
      return [...records.values()];
    },
  };
}

function keyOf({ role, model }: Who): string {
  return `${role} ${model}`;
}

/** All of several folds as one. */
export function joinAuthors(reports: readonly (readonly AuthorRecord[])[]): AuthorRecord[] {
  const all = new Map<string, AuthorRecord>();
  for (const record of reports.flat()) {
    const before = all.get(keyOf(record));
    all.set(keyOf(record), {
      ...record,
      approved: record.approved + (before?.approved ?? 0),
      refused: record.refused + (before?.refused ?? 0),
      usd: record.usd + (before?.usd ?? 0),
      unpriced: record.unpriced + (before?.unpriced ?? 0),
    });
  }
  return [...all.values()];
}
