import * as z from 'zod';
import type { Candidate } from '../domain/candidate.ts';
import { erroredGates, gateResultSchema, type GateResult } from '../domain/gate-result.ts';
import type { Task } from '../domain/task.ts';
import { exactKey } from '../text/content-key.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { recall, remember, type Step, type StepFiles } from './steps.ts';

/** What gates judge. */
export interface CheckedWork {
  readonly task: Task;
  readonly candidate: Candidate;
  /** The project as the work was made on it. */
  readonly base: Pick<WorkspaceBase, 'read' | 'look' | 'copyTo'>;
  /** Keeps the whole output of a check as a file of the attempt. */
  readonly keep: (name: string, text: string) => Promise<void>;
  /** Tests that were fixed before the author began, by path; none when absent. */
  readonly frozen?: ReadonlyMap<string, string>;
}

export interface Gates {
  /** @throws InterruptedError */
  readonly checkGates: (work: CheckedWork, signal: AbortSignal) => Promise<GateResult[]>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
}

/** The gates as they judge the candidates of one piece of work. */
export interface Checks {
  readonly blocking: ReadonlySet<string>;
  /**
   * @param folder where whole outputs are kept; one of its own when absent.
   * @throws InterruptedError
   */
  run(candidate: Candidate, signal: AbortSignal, folder?: string): Promise<GateResult[]>;
}

export function checksOf(
  { checkGates, blockingGates }: Gates,
  about: Omit<CheckedWork, 'candidate' | 'keep'>,
  files: Pick<StepFiles, 'write'>,
): Checks {
  let runs = 0;
  return {
    blocking: blockingGates,
    run(candidate, signal, folder = `checks/${++runs}`) {
      const keep = (name: string, text: string) => files.write(`${folder}/${name}`, text);
      return checkGates({ ...about, candidate, keep }, signal);
    },
  };
}

export interface Checked {
  readonly gates: readonly GateResult[];
  /** They are those of an earlier process. */
  readonly recorded: boolean;
}

/** Checks that are run once for the same work, after a kill too: models are told what they found. */
export function createCheckOnce(
  checks: Checks,
  files: StepFiles,
): (candidate: Candidate, signal: AbortSignal) => Promise<Checked> {
  const checked = new Map<string, Promise<Checked>>();
  const check = async (key: string, candidate: Candidate, signal: AbortSignal) => {
    const name = `gates/${key.slice(0, 16)}.json`;
    const step: Step<GateResult[]> = { name, key, schema: z.array(gateResultSchema) };
    const kept = await recall(files, step);
    if (kept !== null) return { gates: kept, recorded: true };
    const gates = await checks.run(candidate, signal);
    // A check that broke says nothing of the work: it is made anew.
    if (erroredGates(gates).length === 0) await remember(files, step, gates);
    return { gates, recorded: false };
  };
  return (candidate, signal) => {
    const key = exactKey(candidate.changes);
    const known = checked.get(key) ?? check(key, candidate, signal);
    checked.set(key, known);
    return known;
  };
}
