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

type Named = Pick<GateResult, 'gate' | 'status'>;

/** Gates that found the work wrong; with `among`, only those of these names, as the blocking ones. */
export function failedGates<G extends Named>(
  gates: readonly G[],
  among?: ReadonlySet<string>,
): G[] {
  return ofStatus(gates, ['failed'], among);
}

/** Gates that could not be run: no correction of the work can mend that. */
export function erroredGates<G extends Named>(
  gates: readonly G[],
  among?: ReadonlySet<string>,
): G[] {
  return ofStatus(gates, ['errored'], among);
}

/** Gates that keep work from approval: it failed, or nothing shows that it would have passed. */
export function failedOrErroredGates<G extends Named>(
  gates: readonly G[],
  among?: ReadonlySet<string>,
): G[] {
  return ofStatus(gates, ['failed', 'errored'], among);
}

function ofStatus<G extends Named>(
  gates: readonly G[],
  statuses: readonly GateStatus[],
  among?: ReadonlySet<string>,
): G[] {
  return gates.filter(
    ({ gate, status }) => statuses.includes(status) && (among === undefined || among.has(gate)),
  );
}
