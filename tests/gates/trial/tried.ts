import { taskSchema } from '../../../src/domain/task.ts';
import type { TriedFile, TrialResult } from '../../../src/gates/gate.ts';
import type { TrialInput } from '../../../src/gates/trial/stage.ts';
import { testTrials, type TryTests } from '../../../src/gates/trial/try-tests.ts';
import { testing } from '../checked.ts';
import { gateInput, running } from '../inputs.ts';

export type Files = Readonly<Record<string, string>>;

/** A trial's input for tests over a project. */
export function trialInput(tests: Files, base: Files, over: Partial<TrialInput> = {}): TrialInput {
  return {
    ...gateInput({}, base),
    task: taskSchema.parse({ id: 'T1', title: 'x', type: 'code' }),
    tests: new Map(Object.entries(tests)),
    twice: false,
    ...over,
  };
}

/** What becomes of test files that are tried on a project. */
export async function tried(
  tests: Files,
  base: Files,
  over: {
    readonly input?: Partial<TrialInput>;
    readonly gate?: Parameters<typeof testing>[0];
    readonly by?: TryTests;
  } = {},
): Promise<Readonly<Record<string, TriedFile>>> {
  const result = await triedAll(tests, base, over);
  if ('unavailable' in result) throw new Error(`hindered: ${result.unavailable.missing}`);
  return Object.fromEntries(result.files.map((file) => [file.path, file]));
}

export function triedAll(
  tests: Files,
  base: Files,
  { input = {}, gate = {}, by = testTrials(testing(gate)) }: Parameters<typeof tried>[2] = {},
): Promise<TrialResult> {
  return by(trialInput(tests, base, input), running);
}

/** A file's tests with how each came out. */
export function outcomes(file: TriedFile | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (file?.tests ?? []).map(({ name, outcome, differs }) => [
      name,
      differs ? `${outcome}, differs` : outcome,
    ]),
  );
}
