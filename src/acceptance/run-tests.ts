import type { Criterion } from '../domain/criteria.ts';
import type { FeatureDocument } from '../domain/task.ts';
import type { Gates } from '../supervisor/checks.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import type { Work } from '../supervisor/work.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { TrialResult } from '../gates/gate.ts';

/** What tests are written for, and what tries them. */
export interface Verifying {
  readonly work: Work;
  readonly criteria: readonly Criterion[];
  readonly document: FeatureDocument;
  readonly view: Pick<WorkspaceBase, 'checkedOut' | 'copyTo' | 'look' | 'read'>;
  readonly gates: Pick<Gates, 'tryTests' | 'testLayout' | 'blockingGates'>;
  /** For what trials print. */
  readonly files: Pick<StepFiles, 'write'>;
}

export interface TestsRun {
  /** Whole texts by path. */
  readonly tests: ReadonlyMap<string, string>;
  /** Work over the project; the project as it is when absent. */
  readonly changes?: FileChanges;
  /** A second time, in another order and time zone. */
  readonly twice?: boolean;
  /** Of the folder that takes what the run printed; it is not kept when absent. */
  readonly kept?: string;
}

/** Runs tests of criteria by themselves. @throws InterruptedError */
export function runTests(
  { work: { task, signal }, view, gates, files }: Verifying,
  { tests, changes = new Map(), twice = false, kept }: TestsRun,
): Promise<TrialResult> {
  const keep = async (name: string, text: string): Promise<void> => {
    if (kept !== undefined) await files.write(`${kept}/${name}`, text);
  };
  return gates.tryTests({ task, base: view, tests, changes, twice, keep }, signal);
}
