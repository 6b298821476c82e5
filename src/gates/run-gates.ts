import { InterruptedError, throwIfAborted } from '../domain/errors.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { toSingleLine } from '../domain/text.ts';
import type { Gate, GateInput } from './gate.ts';

/**
 * Every gate's result, in order, with durations by the clock (ms). A gate that throws is `errored`, and
 * the others still run. @throws InterruptedError
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
    const result = await checked(gate, input, signal);
    results.push({ ...result, durationMs: Number(clock()) - Number(start) });
  }
  return results;
}

async function checked(gate: Gate, input: GateInput, signal: AbortSignal): Promise<GateResult> {
  try {
    return await gate.check(input, signal);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throwIfAborted(signal);
    const reason = error instanceof Error ? error.message : String(error);
    return {
      gate: gate.name,
      status: 'errored',
      summary: toSingleLine(`the gate broke: ${reason}`),
      findings: [],
      durationMs: 0,
    };
  }
}
