import type { SandboxLimits } from '../sandbox/sandbox.ts';
import type { TestRun } from './known-runs.ts';

const leastMs = 10_000;
const timesBefore = 5;

/**
 * The limits of one run of a suite: what hangs is found out sooner than the sandbox's own limit would, by how long
 * the suite took before.
 * @param timeoutMs the user's own word; null: none
 */
export function suiteLimits(
  limits: SandboxLimits,
  timeoutMs: number | null,
  before: Pick<TestRun, 'end' | 'durationMs'> | null = null,
): SandboxLimits {
  if (timeoutMs !== null) return { ...limits, wallMs: timeoutMs };
  if (before === null || before.end.kind !== 'exited') return limits;
  const wallMs = Math.max(leastMs, timesBefore * before.durationMs);
  return { ...limits, wallMs: Math.min(limits.wallMs, Math.ceil(wallMs)) };
}
