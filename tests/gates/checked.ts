import type { Verdict } from '../../src/gates/verdict.ts';
import type { Checking } from '../../src/gates/checking.ts';
import { hostPackages } from '../../src/gates/host-packages.ts';
import { createKnownRuns } from '../../src/gates/known-runs.ts';
import { createKeptSetups } from '../../src/gates/setup/kept-setups.ts';
import { testsGate, type TestsGateOptions } from '../../src/gates/tests.ts';
import type { GateInput } from '../../src/gates/gate.ts';
import { rememberingSandbox } from '../helpers/remembering-sandbox.ts';
import { withoutPlugins } from '../helpers/sandboxes.ts';
import { gateInput, running } from './inputs.ts';

export const limits = {
  wallMs: 120_000,
  memoryBytes: 4 * 2 ** 30,
  processes: 512,
  outputBytes: 20_000_000,
  diskBytes: 2 ** 30,
};

const remembering = rememberingSandbox(withoutPlugins);

/** For tests of what follows from runs: the very same run is made once for all of them. */
export const runOnce: Pick<Checking, 'sandbox'> = { sandbox: () => Promise.resolve(remembering) };

export function checking(over: Partial<Checking> = {}): Checking {
  return {
    sandbox: () => Promise.resolve(withoutPlugins),
    limits,
    host: hostPackages('/nonexistent', {
      cargo: '/nonexistent',
      go: '/nonexistent',
    }),
    setup: null,
    keptSetups: createKeptSetups(null, () => 0),
    ...over,
  };
}

/** What the projects' own tests said is run once for all tests of a file. */
const knownRuns = createKnownRuns(null);

/** The gate's settings for a project whose tests are found by its files. */
export function testing(over: Partial<TestsGateOptions> = {}): TestsGateOptions {
  const options = {
    command: null,
    timeoutMs: null,
    whenNone: 'accept',
    knownRuns,
    reach: null,
  } as const;
  return { ...checking(), ...options, ...over };
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
  const gate = testsGate({ ...testing(), ...over.gate });
  const input = gateInput(files, base, { tests: over.tests ?? [] }, { keep, ...over.input });
  return { result: await gate.check(input, running), kept };
}
