import { constants } from 'node:os';
import type { SandboxEnd, SandboxLimit } from './sandbox.ts';

const signals = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name] as const),
);

/** @param code as a shell tells it: above 128 for who was ended by a signal. */
export function endOf(limit: SandboxLimit | null, code: number): SandboxEnd {
  if (limit !== null) return { kind: 'limit', limit };
  const signal = signals.get(code - 128);
  return signal === undefined ? { kind: 'exited', code } : { kind: 'killed', signal };
}
