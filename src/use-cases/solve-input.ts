import { usageFault } from '../domain/errors.ts';
import type { RoutePolicy, WorkflowName } from '../domain/route.ts';

export interface SolveInput {
  /** The task in words. */
  readonly text: string;
  /** Null: it is decided on. */
  readonly workflow: WorkflowName | null;
  /** Null: what the config says. */
  readonly policy: RoutePolicy | null;
  /** Whether a model is asked how to solve it, where nobody says. */
  readonly byModel: boolean;
  /** Absolute: a folder of tests that must pass. */
  readonly tests: string | null;
  /** Absolute: folders to answer from; empty: the project. */
  readonly sources: readonly string[];
  /** Of fixes for files, of votes for an answer; null: 2, or what the route says. */
  readonly rounds: number | null;
  /** Absolute: where what was accepted goes. */
  readonly out: string | null;
}

/** @throws BlueprintError `usage` */
export function checkRounds({ rounds }: Pick<SolveInput, 'rounds'>): void {
  if (rounds === null || (Number.isInteger(rounds) && rounds >= 0 && rounds <= 10)) return;
  throw usageFault('--rounds takes a whole number from 0 to 10', 'Give it as --rounds 2.');
}

/** Tests are for files, and sources for answers from them, whoever would decide. @throws BlueprintError `usage` */
export function impliedWorkflow({ workflow, tests, sources }: SolveInput): WorkflowName | null {
  const asked = [
    ...(tests === null ? [] : [{ option: '--tests', means: 'coding' } as const]),
    ...(sources.length === 0 ? [] : [{ option: '--sources', means: 'rag_qa' } as const]),
  ];
  const [first] = asked;
  if (first === undefined) return workflow;
  const wanted = workflow ?? first.means;
  for (const { option, means } of asked)
    if (means !== wanted)
      throw usageFault(`${option} is for ${means}, and this is ${wanted}`, `Leave ${option} out.`);
  return wanted;
}
