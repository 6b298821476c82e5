import { constants } from 'node:os';
import type { SandboxEnd, SandboxLimit, SandboxRun } from './sandbox.ts';

const signals = new Map(
  Object.entries(constants.signals).map(([name, number]) => [number, name] as const),
);

/** Of a command whose program is not there, as a shell would tell it. */
export function notFound([program = '']: readonly string[]): SandboxRun {
  const stderr = `${program}: not found\n`;
  return { end: { kind: 'exited', code: 127 }, stdout: '', stderr, durationMs: 0 };
}

/** @param code as a shell tells it: above 128 for who was ended by a signal. */
export function endOf(limit: SandboxLimit | null, code: number): SandboxEnd {
  if (limit !== null) return { kind: 'limit', limit };
  const signal = signals.get(code - 128);
  return signal === undefined ? { kind: 'exited', code } : { kind: 'killed', signal };
}
