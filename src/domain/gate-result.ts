import type { Finding } from './review.ts';

/** `errored`: the checker broke, which says nothing of the work. `skipped`: it had nothing to judge. */
export type GateStatus = 'passed' | 'failed' | 'errored' | 'skipped';

export interface GateResult {
  readonly gate: string;
  readonly status: GateStatus;
  /** One line for people. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly durationMs: number;
  /** Of gates that ran code: false when nothing kept it from the rest of the machine. */
  readonly isolated?: boolean;
}
