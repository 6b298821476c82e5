import * as z from 'zod';
import { findingSchema } from './review.ts';

export const gateResultSchema = z.object({
  gate: z.string(),
  /** `errored`: the checker broke, which says nothing of the work. `skipped`: it had nothing to judge. */
  status: z.enum(['passed', 'failed', 'errored', 'skipped']),
  /** One line for people. */
  summary: z.string(),
  findings: z.array(findingSchema).readonly(),
  durationMs: z.number(),
  /** Of gates that ran code: false when nothing kept it from the rest of the machine. */
  isolated: z.boolean().exactOptional(),
});
export type GateResult = Readonly<z.infer<typeof gateResultSchema>>;
export type GateStatus = GateResult['status'];

type Named = Pick<GateResult, 'gate' | 'status'>;

type Select = <G extends Named>(gates: readonly G[], among?: ReadonlySet<string>) => G[];

const withStatus =
  (...statuses: readonly GateStatus[]): Select =>
  (gates, among) =>
    gates.filter(({ gate, status }) => statuses.includes(status) && (among?.has(gate) ?? true));

/** Gates that found the work wrong; with `among`, only those of these names, as the blocking ones. */
export const failedGates = withStatus('failed');

/** Gates that could not be run: no correction of the work can mend that. */
export const erroredGates = withStatus('errored');

/** Gates that keep work from approval: it failed, or nothing shows that it would have passed. */
export const failedOrErroredGates = withStatus('failed', 'errored');

/** What gates say, in one line for people. */
export function gateSummaries(gates: readonly Pick<GateResult, 'gate' | 'summary'>[]): string {
  return gates.map(({ gate, summary }) => `${gate}: ${summary}`).join('; ');
}
