import * as z from 'zod';
import { unpermittedPaths } from '../domain/autorun.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { Candidate } from '../domain/candidate.ts';
import {
  erroredGates,
  failedGates,
  gateResultSchema,
  type GateResult,
} from '../domain/gate-result.ts';
import type { Task } from '../domain/task.ts';
import type { TestLayout, TrialResult } from '../gates/gate.ts';
import { exactKey } from '../text/content-key.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import type { TryTests } from './counting/proving-tests.ts';
import { recall, remember, type Step, type StepFiles } from './steps.ts';

/** What gates judge. */
export interface CheckedWork {
  readonly task: Task;
  readonly candidate: Candidate;
  /** The project as the work was made on it. */
  readonly base: Pick<WorkspaceBase, 'read' | 'look' | 'copyTo' | 'checkedOut'>;
  /** Keeps the whole output of a check as a file of the attempt. */
  readonly keep: (name: string, text: string) => Promise<void>;
  /** Tests that were fixed before the author began, by path; none when absent. */
  readonly frozen?: ReadonlyMap<string, string>;
  /** A person looks at it before anything becomes of it. */
  readonly forPerson?: boolean;
  /** What a person asked for besides the task, in their own words. */
  readonly words?: string | undefined;
}

/** What a gate tells before there is any work: why it cannot run, and what it found on the project as it is. */
export interface GateOutlook {
  readonly gate: string;
  readonly unavailable: readonly { readonly missing: string; readonly fix: string }[];
  /** In lines. */
  readonly found: readonly string[];
}

/** Files that are not in the project as the work sees it. */
export interface FilesOutside {
  /** Still to be written. */
  readonly planned: readonly string[];
  /** The user's, changed or new, and not committed; a new folder stands for all that is in it. */
  readonly uncommitted: readonly string[];
}

/** Test files that are run by themselves, on the project or on work. */
export interface Trial {
  readonly task: Task;
  readonly base: CheckedWork['base'];
  /** Whole texts by path; written over the project. */
  readonly tests: ReadonlyMap<string, string>;
  /** Work over the project; empty: the project as it is. */
  readonly changes: FileChanges;
  /** Run twice, the second time in another order and time zone, so that what depends on them shows. */
  readonly twice: boolean;
  readonly keep: CheckedWork['keep'];
}

export interface Gates {
  /** @throws InterruptedError */
  readonly checkGates: (work: CheckedWork, signal: AbortSignal) => Promise<GateResult[]>;
  /**
   * What there is to tell before any work is paid; the tests are run for it on the project as it is.
   * @throws InterruptedError
   */
  readonly outlooks: (
    base: Pick<WorkspaceBase, 'look' | 'copyTo'>,
    files: FilesOutside,
    signal: AbortSignal,
  ) => Promise<readonly GateOutlook[]>;
  /**
   * Runs test files by themselves: what of each can be run at all, and how each of its tests comes out.
   * @returns the files in the order of the trial. @throws InterruptedError
   */
  readonly tryTests: (trial: Trial, signal: AbortSignal) => Promise<TrialResult>;
  /** How tests for a task are to be written so that they run here; nothing is run. @throws InterruptedError */
  readonly testLayout: (
    task: Task,
    base: CheckedWork['base'],
    signal: AbortSignal,
  ) => Promise<TestLayout>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
}

/** The gates as they judge the candidates of one piece of work. */
export interface Checks {
  readonly blocking: ReadonlySet<string>;
  /** One text for all that decides what they find of a candidate; absent: of its files. */
  readonly keyOf?: (candidate: Candidate) => string;
  /**
   * @param folder where whole outputs are kept; one of its own when absent.
   * @throws InterruptedError
   */
  run(candidate: Candidate, signal: AbortSignal, folder?: string): Promise<GateResult[]>;
  /** Absent where the project’s tests are not run. */
  readonly tryTests?: TryTests;
}

/** @param about is read anew for each run: tests that were fixed may be settled otherwise meanwhile. */
export function checksOf(
  { checkGates, blockingGates, tryTests }: Pick<Gates, 'checkGates' | 'blockingGates' | 'tryTests'>,
  about: Omit<CheckedWork, 'candidate' | 'keep'>,
  files: Pick<StepFiles, 'write'>,
): Checks {
  let runs = 0;
  let trials = 0;
  return {
    blocking: blockingGates,
    keyOf: ({ changes }) => exactKey(new Map([...changes, ...(about.frozen ?? [])])),
    run(candidate, signal, folder = `checks/${++runs}`) {
      const keep = (name: string, text: string) => files.write(`${folder}/${name}`, text);
      return checkGates({ ...about, candidate, keep }, signal);
    },
    ...(blockingGates.has('tests') && {
      tryTests: (tests, changes, signal) => {
        const folder = `findings/tests-${++trials}`;
        const keep = (name: string, text: string) => files.write(`${folder}/${name}`, text);
        const { task, base } = about;
        return tryTests({ task, base, tests, changes, twice: true, keep }, signal);
      },
    }),
  };
}

export interface Checked {
  readonly gates: readonly GateResult[];
  /** They are those of an earlier process. */
  readonly recorded: boolean;
}

/** Checks that are run once for the same work, after a kill too: models are told what they found. */
export interface RememberedChecks {
  /** @param folder as in `Checks.run` */
  check(candidate: Candidate, signal: AbortSignal, folder?: string): Promise<Checked>;
  /**
   * Runs them again on work that an earlier process has checked: what it found approves nothing today. Where
   * the work does not pass any more, that is remembered as well.
   */
  verify(candidate: Candidate, signal: AbortSignal, folder?: string): Promise<GateResult[]>;
}

export function rememberChecks(checks: Checks, files: StepFiles): RememberedChecks {
  const checked = new Map<string, Promise<Checked>>();
  const { keyOf = ({ changes }) => exactKey(changes) } = checks;
  const stepOf = (key: string, again = ''): Step<GateResult[]> => {
    return { name: `gates/${key.slice(0, 16)}${again}.json`, key, schema: gateResults };
  };
  /** Null also where somebody may have allowed since what they say no to. */
  const known = async (step: Step<GateResult[]>): Promise<GateResult[] | null> => {
    const kept = await recall(files, step);
    return kept === null || unpermittedPaths(kept).length > 0 ? null : kept;
  };
  const check = async (key: string, ...run: Parameters<Checks['run']>): Promise<Checked> => {
    const kept = await known(stepOf(key));
    if (kept !== null) return { gates: kept, recorded: true };
    const gates = await checks.run(...run);
    // A check that broke says nothing of the work: it is made anew.
    if (erroredGates(gates).length === 0) await remember(files, stepOf(key), gates);
    return { gates, recorded: false };
  };
  return {
    check(candidate, ...how) {
      const key = keyOf(candidate);
      const answer = checked.get(key) ?? check(key, candidate, ...how);
      checked.set(key, answer);
      return answer;
    },
    async verify(candidate, ...how) {
      const key = keyOf(candidate);
      const failedBefore = await known(stepOf(key, '-again'));
      if (failedBefore !== null) return failedBefore;
      const gates = await checks.run(candidate, ...how);
      const failed = failedGates(gates, checks.blocking).length > 0;
      if (failed) await remember(files, stepOf(key, '-again'), gates);
      return gates;
    },
  };
}

const gateResults = z.array(gateResultSchema);
