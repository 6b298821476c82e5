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
