import type { Verdict } from '../../src/gates/verdict.ts';
import type { Checking } from '../../src/gates/checking.ts';
import { hostPackages } from '../../src/gates/project-view.ts';
import { testsGate, type TestsGateOptions } from '../../src/gates/tests.ts';
import type { GateInput } from '../../src/gates/gate.ts';
import { strongest } from '../helpers/sandboxes.ts';
import { gateInput, running } from './inputs.ts';

export const limits = {
  wallMs: 120_000,
  memoryBytes: 4 * 2 ** 30,
  processes: 512,
  outputBytes: 20_000_000,
  diskBytes: 2 ** 30,
};

export function checking(over: Partial<Checking> = {}): Checking {
  return {
    sandbox: () => Promise.resolve(strongest),
    limits,
    host: hostPackages('/nonexistent', {
      cargo: '/nonexistent',
      go: '/nonexistent',
    }),
    prepare: null,
    ...over,
  };
}

/** The gate's result on files over a base, with what it kept. */
export async function checkTests(
  files: Readonly<Record<string, string | null>>,
  base: Readonly<Record<string, string>> = {},
  over: { input?: Partial<GateInput>; gate?: Partial<TestsGateOptions>; tests?: string[] } = {},
): Promise<{ result: Verdict; kept: Map<string, string> }> {
  const kept = new Map<string, string>();
  const keep = (name: string, text: string): Promise<void> => {
    kept.set(name, text);
    return Promise.resolve();
  };
  const gate = testsGate({ ...checking(), command: null, ...over.gate });
  const input = gateInput(files, base, { tests: over.tests ?? [] }, { keep, ...over.input });
  return { result: await gate.check(input, running), kept };
}
