import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import type { ModelRole } from '../../domain/model-role.ts';
import { formatUsd } from '../../domain/price.ts';
import { untilAborted } from '../until-aborted.ts';

/** USD; null or missing: no cap. */
export interface Caps {
  readonly run: number | null;
  readonly feature: number | null;
  readonly roles: Readonly<Partial<Record<ModelRole, number>>>;
}

/** What a call may cost, USD, as it was meant to be sent and with the shortest reply that makes sense. */
export interface CallCost {
  readonly role: ModelRole;
  /** `provider/model`. */
  readonly model: string;
  readonly full: number;
  readonly least: number;
}

/** Money set aside for a call. Must be released, in whatever way the call ends. */
export interface Reservation {
  /** USD: the full cost, or what was left when that was less. */
  readonly amount: number;
  /** Whether all that is spent and set aside stays within the caps: a failed try may have cost something. */
  fits(): boolean;
  release(): void;
}

/** One command's account of what calls cost. */
export interface Ledger {
  /**
   * Waits while calls under way may leave enough.
   * @throws BlueprintError `budget-reached` once it cannot fit, and from then on to all of that cap.
   * @throws InterruptedError
   */
  reserve(cost: CallCost, signal: AbortSignal): Promise<Reservation>;
  /** Enters what a call has cost, USD. */
  spend(role: ModelRole, usd: number): void;
  /** Enters what others have spent on the feature in all, USD. */
  elsewhere(usd: number): void;
  /** Ends the cap that leaves a call the least, and says why. */
  breach(cost: CallCost): BlueprintError;
}

interface Account {
  /** What is limited, in words. */
  readonly name: string;
  readonly setting: string;
  readonly cap: number;
  /** What earlier commands have spent counts too. */
  readonly lasting: boolean;
  spent: number;
  reserved: number;
  breach: BlueprintError | null;
}

/** Sums of prices are a hair off in binary; a cap is not missed by that. */
const hair = 1e-9;

export function createLedger(caps: Caps): Ledger {
  const account = (name: string, setting: string, cap: number | null, lasting = false): Account[] =>
    cap === null ? [] : [{ name, setting, cap, lasting, spent: 0, reserved: 0, breach: null }];
  const ofFeature = account('the feature', 'budget.feature in the config', caps.feature, true);
  const shared = [
    ...account('this run', '--budget, or budget.run in the config', caps.run),
    ...ofFeature,
  ];
  let byOthers = 0;
  const ofRole = new Map(
    Object.entries(caps.roles).map(([role, cap]) => [
      role,
      account(`the role ${role} in this run`, `budget.roles.${role} in the config`, cap),
    ]),
  );
  const accountsOf = (role: ModelRole): Account[] => [...shared, ...(ofRole.get(role) ?? [])];
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };

  const breach = (cost: CallCost): BlueprintError => {
    const [tightest] = accountsOf(cost.role).sort((a, b) => a.cap - a.spent - (b.cap - b.spent));
    if (tightest === undefined) throw new Error('Without a cap nothing can pass one');
    tightest.breach ??= budgetReached(tightest, cost);
    wake();
    return tightest.breach;
  };

  /** The amount that can be set aside now; null: wait. */
  const amountFor = (cost: CallCost, accounts: readonly Account[]): number | null => {
    const broken = accounts.find((each) => each.breach !== null)?.breach;
    if (broken !== undefined && broken !== null) throw broken;
    const room = Math.min(...accounts.map((each) => each.cap - each.spent - each.reserved));
    if (cost.full <= room + hair) return cost.full;
    const alone = Math.min(...accounts.map((each) => each.cap - each.spent));
    const underWay = accounts.some((each) => each.reserved > 0);
    if (underWay && cost.least <= alone + hair) return null;
    if (cost.least <= room + hair) return room;
    throw breach(cost);
  };

  return {
    breach,
    spend(role, usd) {
      for (const each of accountsOf(role)) each.spent += usd;
    },
    elsewhere(usd) {
      for (const each of ofFeature) each.spent += usd - byOthers;
      byOthers = usd;
    },
    async reserve(cost, signal) {
      const accounts = accountsOf(cost.role);
      let amount = amountFor(cost, accounts);
      while (amount === null) {
        await untilAborted(new Promise<void>((go) => waiting.push(go)), signal);
        amount = amountFor(cost, accounts);
      }
      const held = amount;
      for (const each of accounts) each.reserved += held;
      let released = false;
      return {
        amount: held,
        fits: () => accounts.every((each) => each.spent + each.reserved <= each.cap + hair),
        release() {
          if (released) return;
          released = true;
          for (const each of accounts) each.reserved -= held;
          // What is left of adding and taking away must not look like a call under way.
          for (const each of accounts) if (each.reserved < hair) each.reserved = 0;
          wake();
        },
      };
    },
  };
}

function budgetReached(account: Account, cost: CallCost): BlueprintError {
  const { name, setting, cap, spent, lasting } = account;
  // A cap of one command begins anew with the next, in whole cents.
  const enough = Math.ceil((cost.full + (lasting ? spent : 0)) * 100) / 100;
  return new BlueprintError({
    code: 'budget-reached',
    message: `The budget of ${name} is reached: ${formatUsd(spent)} of ${formatUsd(cap)} is spent, and the next call (${cost.role}, ${cost.model}) may cost ${formatUsd(cost.full)}`,
    fix: `Raise it to ${formatUsd(enough)} or more (${setting}), which pays for this call; blueprint run --dry-run estimates all that is left. The same command goes on from here, and nothing that was answered is paid for twice.`,
    exitCode: ExitCode.budget,
  });
}
