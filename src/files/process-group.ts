/** How a program is started that reads one text. */
export interface ProgramStart {
  /** Absolute. */
  readonly path: string;
  readonly args: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** All of it: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Written to its stdin, which is then closed. */
  readonly input: string;
}

/** For execa, or in parts for Node's own `spawn`: a program in a group of its own, which is ended here; its output is read as it comes. */
export const groupOptions = {
  extendEnv: false,
  // So that Ctrl-C at the terminal is not for it, and all of it can be ended.
  detached: process.platform !== 'win32',
  // The library would end the leader alone.
  cleanup: process.platform === 'win32',
  windowsHide: true,
  reject: false,
  buffer: false,
  encoding: 'buffer',
} as const;

/** Groups of programs that run now; a process that ends takes them along. */
const running = new Map<number, () => void>();
let watching = false;

/**
 * Remembers the group until `forgetGroup`, so that no exit of ours leaves it behind.
 * @param end ends it at once, and what else belongs to it
 */
export function rememberGroup(
  pid: number,
  end: () => void = () => signalGroup(pid, 'SIGKILL'),
): void {
  running.set(pid, end);
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const end of running.values()) end();
  });
}

export function forgetGroup(pid: number): void {
  running.delete(pid);
}

/** To every process of the group whose leader has or had this id; a group that is gone is no fault. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Nobody is left, or a member has become another user's.
  }
}
