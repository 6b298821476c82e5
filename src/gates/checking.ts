import type { Unavailable } from './gate.ts';
import type { HostPackages } from './runners/runner.ts';
import type { KeptSetups } from './setup/kept-setups.ts';
import type { Setup } from './setup/setup.ts';
import { errored, type Verdict } from './verdict.ts';
import { howEnded, type Sandbox, type SandboxLimits, type SandboxRun } from '../sandbox/sandbox.ts';

/** What the gates need that run code. */
export interface Checking {
  /** The sandbox, or why there is none and what the user can do. @throws InterruptedError */
  readonly sandbox: (signal: AbortSignal) => Promise<Sandbox | Unavailable>;
  readonly limits: SandboxLimits;
  readonly host: HostPackages;
  /** Null: there is none. */
  readonly setup: Setup | null;
  readonly keptSetups: KeptSetups;
}

/** For a gate that has something to run, and nowhere to. */
export function notRun({ missing, fix }: Unavailable): Verdict {
  return errored(`not run: ${missing}`, fix);
}

export function succeeded({ end }: SandboxRun): boolean {
  return end.kind === 'exited' && end.code === 0;
}

/** A run as a file for people: the command, what there is to say of it, how it ended, and all that it printed. */
export function runLog(
  command: string,
  run: SandboxRun,
  limits: SandboxLimits,
  note: string | null = null,
): string {
  const parts = [`$ ${command}`];
  if (note !== null) parts.push(`# ${note}`);
  parts.push(`# ${howEnded(run.end, limits)}`);
  if (run.stdout !== '') parts.push('# stdout', run.stdout.trimEnd());
  if (run.stderr !== '') parts.push('# stderr', run.stderr.trimEnd());
  return `${parts.join('\n')}\n`;
}
