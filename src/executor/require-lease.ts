import { BlueprintError } from '../domain/errors.ts';
import type { Lease } from '../state/ports.ts';

export const leaseLost = 'lease-lost';

/**
 * To be asked before anything of a task is committed or settled.
 * @throws BlueprintError `lease-lost`: another command has taken the task over, as this one showed no sign
 * of life for too long.
 */
export async function requireLease(lease: Lease, slug: string, id: string): Promise<void> {
  if (await lease.isHeld()) return;
  throw new BlueprintError({
    code: leaseLost,
    message: `Task ${id} was taken over by another command while this one was not heard of; nothing of it is settled here`,
    target: `${slug}/${id}`,
    fix: `See how far it is there: blueprint show ${slug} ${id}`,
  });
}
