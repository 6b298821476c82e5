import { InterruptedError, throwIfAborted } from '../domain/errors.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { toSingleLine } from '../domain/text.ts';
import type { Gate, GateInput } from './gate.ts';
import { steadyText } from './steady-text.ts';
import type { Verdict } from './verdict.ts';

/**
 * Every gate's result, in order, with durations by the clock (ms). A gate that throws is `errored`, and
 * the others still run. What they say is free of what differs from run to run. @throws InterruptedError
 */
export async function runGates(
  gates: readonly Gate[],
  input: GateInput,
  signal: AbortSignal,
  clock: () => number | Date,
): Promise<GateResult[]> {
  const results: GateResult[] = [];
  for (const gate of gates) {
    throwIfAborted(signal);
    const start = clock();
    const verdict = await verdictOf(gate, input, signal);
    const steady = (text: string): string => steadyText(text, Number(start));
    const findings = verdict.findings.map((found) => ({
      ...found,
      evidence: steady(found.evidence),
    }));
    const note = verdict.isolated === false ? ' (not isolated)' : '';
    const summary = toSingleLine(`${steady(verdict.summary)}${note}`, 500);
    const durationMs = Number(clock()) - Number(start);
    const { status, isolated } = verdict;
    // In the order in which a result is read back, so that a remembered one is written the same.
    const result = { gate: gate.name, status, summary, findings, durationMs };
    results.push(isolated === undefined ? result : { ...result, isolated });
  }
  return results;
}

async function verdictOf(gate: Gate, input: GateInput, signal: AbortSignal): Promise<Verdict> {
  try {
    return await gate.check(input, signal);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throwIfAborted(signal);
    const reason = error instanceof Error ? error.message : String(error);
    return { status: 'errored', summary: `the gate broke: ${reason}`, findings: [] };
  }
}
