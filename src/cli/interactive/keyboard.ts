/** Keys that a terminal turns into signals, unless its keyboard is held. */
const signals: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001A': 'SIGTSTP',
  '\u001C': 'SIGQUIT',
};

/**
 * Keeps what is typed during work off the screen, where it would break what is redrawn, and out of the
 * next question. Keys that are signals stay signals.
 * @returns what lets the keyboard go
 */
export function holdKeyboard(
  stdin: Pick<NodeJS.ReadStream, 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>,
  process: Pick<NodeJS.Process, 'kill' | 'pid' | 'once'>,
): () => void {
  let held = true;
  const take = (): void => {
    stdin.setRawMode(true);
    stdin.resume();
  };
  const onData = (data: Buffer | string): void => {
    for (const key of data.toString()) {
      const signal = signals[key];
      if (signal === undefined) continue;
      if (signal === 'SIGTSTP') {
        // The shell gets the terminal as it knows it, and gives it back on `fg`.
        stdin.setRawMode(false);
        process.once('SIGCONT', () => {
          if (held) take();
        });
      }
      // Stopped is the whole job, as the terminal does it: a wrapper that went on would keep the shell waiting.
      process.kill(signal === 'SIGTSTP' ? 0 : process.pid, signal);
    }
  };
  stdin.on('data', onData);
  take();
  return () => {
    if (!held) return;
    held = false;
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
