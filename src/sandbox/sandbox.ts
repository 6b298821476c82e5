/** What one run may use; reaching a limit ends its whole process tree. */
export interface SandboxLimits {
  readonly wallMs: number;
  /** Of all its processes together, with what they hold in the temporary folder. */
  readonly memoryBytes: number;
  /** At one time, with their threads. */
  readonly processes: number;
  /** Of stdout and stderr together. */
  readonly outputBytes: number;
  /** What the copy and the temporary folder may grow by; each file counts at least 4 KiB. */
  readonly diskBytes: number;
}

/** For a command that only asks something of the sandbox. */
export const smallLimits: SandboxLimits = {
  wallMs: 60_000,
  memoryBytes: 500_000_000,
  processes: 64,
  outputBytes: 10_000,
  diskBytes: 1_000_000,
};

/** A folder of the host that the command may read. */
export interface SandboxMount {
  /** Absolute, on the host. */
  readonly from: string;
  /** Relative to the copy. */
  readonly to: string;
}

/** What of the copy the command may not change. Without isolation nothing keeps it from that. */
export interface FixedParts {
  /** Files and folders that it may read alone, relative: neither written, nor renamed, nor removed. */
  readonly readOnly: readonly string[];
  /** Folders that it may fill, and neither rename nor remove. */
  readonly folders: readonly string[];
}

export interface SandboxJob {
  /** Absolute: a fresh folder that is thrown away afterwards; the command starts in it, and may write here alone. */
  readonly copy: string;
  /** Program and arguments. A program without a slash is looked up as `has` does. */
  readonly command: readonly string[];
  /** Beside what the sandbox itself sets: PATH, HOME, TMPDIR, LANG. Nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly SandboxMount[];
  /** Those that are no plain files and folders of the copy are passed over. */
  readonly fixed?: FixedParts;
  readonly limits: SandboxLimits;
  readonly signal: AbortSignal;
  /** Hears stdout as it comes. */
  readonly onOutput?: (chunk: Uint8Array) => void;
}

export type SandboxLimit = 'time' | 'memory' | 'processes' | 'output' | 'disk';

export type SandboxEnd =
  /** 127 when the program is not there. */
  | { readonly kind: 'exited'; readonly code: number }
  /** Also when a shell's last command was, which tells it by an exit code above 128. */
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'limit'; readonly limit: SandboxLimit };

/** In words, as `exit code 1`. */
export function howEnded(end: SandboxEnd, limits: SandboxLimits): string {
  if (end.kind === 'exited') return `exit code ${end.code}`;
  if (end.kind === 'killed') return `it was ended by ${end.signal}`;
  const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  const words = {
    time: `it did not end within ${limits.wallMs / 1000} s`,
    memory: `it used more than ${mebibytes(limits.memoryBytes)} of memory`,
    processes: `it started more than ${limits.processes} processes`,
    output: `it printed more than ${mebibytes(limits.outputBytes)}`,
    disk: `it wrote more than ${mebibytes(limits.diskBytes)}`,
  };
  return words[end.limit];
}

export interface SandboxRun {
  readonly end: SandboxEnd;
  /** UTF-8, what is not replaced; cut where the limit was reached. */
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

export type SandboxName = 'docker' | 'bubblewrap' | 'none';

/** Where code that a model wrote is run, so that it can do no harm. */
export interface Sandbox {
  readonly name: SandboxName;
  /** False: the command runs as a plain process, and every result must say so. */
  readonly isolated: boolean;
  /** Where the command sees the copy: what paths in its output begin with. Absolute. */
  seenAt(copy: string): string;
  /** Whether a command may name this program. */
  has(program: string): Promise<boolean>;
  /**
   * Runs one command in the copy, without network, and ends all that it started.
   * @throws BlueprintError `sandbox-broken` when the sandbox itself did not work: that says nothing of
   * the command. @throws InterruptedError
   */
  run(job: SandboxJob): Promise<SandboxRun>;
  /** Which of its limits do not hold on this machine, or hold less, in words; absent: all do. */
  gaps?(): Promise<readonly string[]>;
}

/** Why a sandbox does not work here, and what would mend that. */
export interface SandboxReason {
  readonly name: SandboxName;
  readonly reason: string;
  readonly fix: string;
}
