/** What the process says to its caller. Derived from the final state, see `report/exit-code.ts`. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  needsReview: 3,
  budget: 4,
  unavailable: 5,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface Diagnostic {
  /** Stable and kebab-case; scripts may rely on it. */
  readonly code: string;
  readonly message: string;
  /** The thing or place it is about, as `file:line` where there is one. */
  readonly target?: string;
  /** What the user can do about it. */
  readonly fix?: string;
}

/** A fault that the user can mend: printed short, with its place and its fix, and never with a stack. */
export class BlueprintError extends Error {
  override readonly name: string = 'BlueprintError';
  readonly code: string;
  readonly target: string | undefined;
  readonly fix: string | undefined;
  readonly exitCode: ExitCode;
  /** Further problems found in the same pass, so that all are reported at once. */
  readonly others: readonly Diagnostic[];

  constructor(
    diagnostic: Diagnostic & {
      exitCode?: ExitCode;
      cause?: unknown;
      others?: readonly Diagnostic[];
    },
  ) {
    super(diagnostic.message, { cause: diagnostic.cause });
    this.code = diagnostic.code;
    this.target = diagnostic.target;
    this.fix = diagnostic.fix;
    this.exitCode = diagnostic.exitCode ?? ExitCode.usage;
    this.others = diagnostic.others ?? [];
  }

  toJSON(): Diagnostic & { others?: readonly Diagnostic[] } {
    return {
      code: this.code,
      message: this.message,
      ...(this.target !== undefined && { target: this.target }),
      ...(this.fix !== undefined && { fix: this.fix }),
      ...(this.others.length > 0 && { others: this.others }),
    };
  }
}

/** What was asked for in a way that cannot be taken. */
export function usageFault(message: string, fix: string): BlueprintError {
  return new BlueprintError({ code: 'usage', message, fix });
}

/** @throws BlueprintError of the first problem, with the others beside it; does nothing where there is none. */
export function throwAll(problems: readonly Diagnostic[], most = 20): void {
  const [first, ...others] = problems;
  if (first !== undefined)
    throw new BlueprintError({ ...first, others: others.slice(0, most - 1) });
}

/** Thrown where an abort signal ended the work; the state on disk is resumable. */
export class InterruptedError extends BlueprintError {
  override readonly name = 'InterruptedError';
  constructor(message = 'Interrupted; the same command goes on from here.') {
    super({ code: 'interrupted', message, exitCode: ExitCode.interrupted });
  }
}

/** @throws InterruptedError when the signal has been aborted. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError();
}

const moneyFaults: ReadonlySet<string> = new Set(['budget-reached', 'price-unknown']);

/** Whether the budget stopped a call: no other call may be made, whatever it is for. */
export function isMoneyFault({ code }: BlueprintError): boolean {
  return moneyFaults.has(code);
}

/** What was thrown, in its own words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What the work gives, or null for a BlueprintError, which somebody else tells. @throws any other */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BlueprintError) return null;
    throw error;
  }
}
