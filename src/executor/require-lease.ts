import { leaseLostError } from '../domain/lease-lost.ts';
import type { Lease } from '../state/ports.ts';

/** To be asked before anything of a task is committed. @throws BlueprintError `lease-lost` */
export async function requireLease(lease: Lease, slug: string, id: string): Promise<void> {
  if (!(await lease.isHeld())) throw leaseLostError(slug, id);
}
