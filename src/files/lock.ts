import { setTimeout as sleep } from 'node:timers/promises';
import { BlueprintError } from '../domain/errors.ts';
import { withoutControls } from '../domain/text.ts';
import { claim, type LockClaim, type Claimant, type Holder } from './claim.ts';

export interface LockOptions extends Claimant {
  /** How the lock file is named to people. */
  readonly shownPath: string;
  /** Gives up when one and the same holder has kept the lock for this long, in ms. */
  readonly patienceMs?: number;
  /** Gives up after this long in any case, in ms: holders come and go, but it is never our turn. */
  readonly limitMs?: number;
}

/**
 * Waits for the lock, with a growing, jittered pause, and takes it. A dead holder's lock is taken at once.
 * @throws BlueprintError `feature-locked`, naming the holder; the file system's error when there is no
 * such folder or it cannot be written.
 */
export async function acquireLock(path: string, options: LockOptions): Promise<LockClaim> {
  const { patienceMs = 10_000, limitMs = 120_000 } = options;
  const started = performance.now();
  let holderSeen = { token: '', at: started };
  for (let pause = 2; ; pause = Math.min(pause * 1.6, 60)) {
    const result = await claim(path, options, '');
    if ('claim' in result) return result.claim;
    const at = performance.now();
    if (result.holder.token !== holderSeen.token) holderSeen = { token: result.holder.token, at };
    if (at - holderSeen.at > patienceMs || at - started > limitMs)
      throw lockedError(result.holder, options.shownPath, at - started);
    await sleep(pause * (0.5 + Math.random()));
  }
}

function lockedError(holder: Holder, shownPath: string, waitedMs: number): BlueprintError {
  const who =
    holder.pid === null
      ? `an unreadable lock file from ${holder.since}`
      : `process ${holder.pid} on ${withoutControls(holder.host ?? '')} since ${withoutControls(holder.since)}`;
  return new BlueprintError({
    code: 'feature-locked',
    message: `${shownPath} is held by ${who}; waited ${(waitedMs / 1000).toFixed(1)} s`,
    target: shownPath,
    fix: `Wait for that command to end, or end it${holder.pid === null ? '' : ` (kill ${holder.pid})`}; delete ${shownPath} only if no such command runs.`,
  });
}
