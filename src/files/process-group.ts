/** Groups of programs that run now; a process that ends takes them along. */
const running = new Set<number>();
let watching = false;

/** Remembers the group until `forgetGroup`, so that no exit of ours leaves it behind. */
export function rememberGroup(pid: number): void {
  running.add(pid);
  if (watching) return;
  watching = true;
  process.once('exit', () => {
    for (const group of running) signalGroup(group, 'SIGKILL');
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
