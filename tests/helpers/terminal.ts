import { execa, execaSync } from 'execa';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { untested } from './untested.ts';

/** The built program; another build than dist/ may be tried by this variable. */
const program = resolve(process.env['BLUEPRINT_TEST_PROGRAM'] ?? 'dist/main.js');

/** Why there can be no terminal here; null where there is tmux. */
export const noTerminal: string | null =
  execaSync('tmux', ['-V'], { reject: false }).exitCode === 0 ? null : 'tmux is not installed';

/** Longer than anything takes that does not hang. */
const patienceMs = 30_000;
const pollMs = 40;

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/** The built program in a real terminal. */
export interface Terminal {
  /** What is on the screen, without trailing blanks. */
  screen(): Promise<string>;
  /** The same with what has scrolled out, lines that were broken joined. */
  history(): Promise<string>;
  /** The screen with its colours. */
  colours(): Promise<string>;
  /** Waits until the screen shows it; gives the screen. @throws with the screen when it does not come */
  waitFor(wanted: string | RegExp): Promise<string>;
  /** Characters, as they are. */
  type(text: string): Promise<void>;
  /** Keys by their names: Enter, Down, Escape, C-c. */
  press(...keys: string[]): Promise<void>;
  /** As a terminal pastes. */
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  cursorIsShown(): Promise<boolean>;
  /** Waits for the program's end. */
  exitCode(): Promise<number>;
  /** The program's process. */
  pid(): Promise<number>;
  /** As closing the window does. */
  hangUp(): Promise<void>;
}

/** Starts the program in terminals that end with the test. */
export function terminals(): (
  args: readonly string[],
  options: TerminalOptions,
) => Promise<Terminal> {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });
  return async (args, options) => {
    if (!existsSync(program)) throw new Error(`${program} is not built: npm run build`);
    const folder = await mkdtemp(join(tmpdir(), 'blueprint-terminal-'));
    const terminal = await startTerminal(args, options, join(folder, 'socket'));
    open.push(async () => {
      await terminal.hangUp();
      await rm(folder, { recursive: true, force: true });
    });
    return terminal;
  };
}

async function startTerminal(
  args: readonly string[],
  { cwd, env = {}, columns = 100, rows = 40 }: TerminalOptions,
  socket: string,
): Promise<Terminal> {
  const tmux = async (command: readonly string[], input?: string): Promise<string> => {
    const { stdout } = await execa('tmux', ['-S', socket, '-u', '-f', '/dev/null', ...command], {
      cwd,
      // The server starts with it, and the program in the server.
      env: {
        PATH: process.env['PATH'],
        HOME: join(dirname(cwd), 'home'),
        SHELL: '/bin/sh',
        TERM: 'xterm-256color',
        LC_ALL: 'C.UTF-8',
        ...untested,
        ...env,
      },
      extendEnv: false,
      ...(input !== undefined && { input }),
    });
    return stdout;
  };
  const quoted = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  // As from a shell: Ctrl-C is for the program alone, and the screen stays after its end.
  const line = `trap : INT; ${quoted}; echo "exit=$?"; exec cat`;
  const size = ['-x', String(columns), '-y', String(rows)];
  await tmux(['new-session', '-d', '-s', 'main', ...size, line]);

  const screen = (): Promise<string> => tmux(['capture-pane', '-p']);
  const waitFor = async (wanted: string | RegExp): Promise<string> => {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const seen = await screen();
      if (typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen)) return seen;
      if (Date.now() > deadline)
        throw new Error(`The screen does not show ${String(wanted)}:\n${seen.trimEnd()}`);
      await sleep(pollMs);
    }
  };
  return {
    screen,
    history: () => tmux(['capture-pane', '-p', '-J', '-S', '-']),
    colours: () => tmux(['capture-pane', '-p', '-e']),
    waitFor,
    type: async (text) => void (await tmux(['send-keys', '-l', '--', text])),
    press: async (...keys) => void (await tmux(['send-keys', ...keys])),
    async paste(text) {
      await tmux(['load-buffer', '-'], text);
      await tmux(['paste-buffer', '-p']);
    },
    resize: async (width, height) =>
      void (await tmux(['resize-window', '-x', String(width), '-y', String(height)])),
    cursorIsShown: async () => (await tmux(['display-message', '-p', '#{cursor_flag}'])) === '1',
    async exitCode() {
      const [, code] = /^exit=(\d+)$/m.exec(await waitFor(/^exit=\d+$/m)) ?? [];
      return Number(code);
    },
    async pid() {
      const shell = await tmux(['display-message', '-p', '#{pane_pid}']);
      const { stdout } = await execa('ps', ['-o', 'pid=', '--ppid', shell]);
      return Number(stdout.trim());
    },
    hangUp: async () => void (await tmux(['kill-server']).catch(() => undefined)),
  };
}
