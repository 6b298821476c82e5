import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa, execaSync } from 'execa';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
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
/** Changes are heard of; this is for what is none, as a window's new size. */
const lookMs = 500;
/** A program that has printed nothing for so long has answered a key. */
const quietMs = 30;

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
  const server = ['-S', socket, '-u', '-f', '/dev/null'];
  const options = {
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
  };
  const quoted = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  // As from a shell: Ctrl-C is for the program alone, and the screen stays after its end.
  const line = `trap : INT; ${quoted}; echo "exit=$?"; exec cat`;
  const size = ['-x', String(columns), '-y', String(rows)];
  await execa('tmux', [...server, 'new-session', '-d', '-s', 'main', ...size, line], options);
  const control = openControl([...server, '-C', 'attach-session', '-f', 'ignore-size'], options);
  const tmux = control.ask;

  const screen = (): Promise<string> => tmux(['capture-pane', '-p']);
  const waitFor = async (wanted: string | RegExp): Promise<string> => {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const next = control.nextChange();
      const seen = await screen();
      if (typeof wanted === 'string' ? seen.includes(wanted) : wanted.test(seen)) return seen;
      if (Date.now() > deadline)
        throw new Error(`The screen does not show ${String(wanted)}:\n${seen.trimEnd()}`);
      await Promise.race([next, sleep(lookMs)]);
    }
  };
  /** What is given to the program has changed the screen when this resolves, if it changes it at all. */
  const give = async (...commands: string[][]): Promise<void> => {
    const answered = control.nextChange();
    for (const command of commands) await tmux(command);
    const deadline = Date.now() + lookMs;
    await Promise.race([answered, sleep(lookMs)]);
    const isQuiet = async (): Promise<boolean> =>
      Promise.race([control.nextChange().then(() => false), sleep(quietMs, true)]);
    while (Date.now() < deadline && !(await isQuiet()));
  };
  return {
    screen,
    history: () => tmux(['capture-pane', '-p', '-J', '-S', '-']),
    colours: () => tmux(['capture-pane', '-p', '-e']),
    waitFor,
    type: (text) => give(['send-keys', '-l', '--', text]),
    press: (...keys) => give(['send-keys', ...keys]),
    paste: (text) => give(['set-buffer', '--', text], ['paste-buffer', '-p']),
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
    hangUp: control.end,
  };
}

interface Control {
  /** Gives what the command prints. @throws with what tmux says is wrong with it */
  ask(command: readonly string[]): Promise<string>;
  /** Resolves when the program has printed again. */
  nextChange(): Promise<void>;
  /** Ends the server with all in it. */
  end(): Promise<void>;
}

/** One client for all commands, which hears of each change (tmux(1), «CONTROL MODE»): a process less a look. */
function openControl(
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Control {
  const client = spawn('tmux', args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(client, 'close');
  client.stdin.on('error', () => undefined);
  const asked: { resolve: (text: string) => void; reject: (error: Error) => void }[] = [];
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    for (const { reject } of asked.splice(0)) reject(new Error('tmux has ended'));
  });
  const waiting: (() => void)[] = [];
  /** Lines of the answer that is coming; null between answers. */
  let answer: string[] | null = null;
  createInterface({ input: client.stdout, crlfDelay: 0 }).on('line', (line) => {
    const [, mark, isOurs] = /^%(begin|end|error) \d+ \d+ (\d)$/.exec(line) ?? [];
    if (mark === 'begin') answer = [];
    else if (mark !== undefined) {
      const text = answer?.join('\n') ?? '';
      answer = null;
      if (isOurs !== '1') return;
      const { resolve, reject } = asked.shift() ?? {};
      if (mark === 'end') resolve?.(text);
      else reject?.(new Error(text));
    } else if (answer !== null) answer.push(line);
    else if (line.startsWith('%output ')) for (const wake of waiting.splice(0)) wake();
  });
  const ask = (command: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      if (isOver) return reject(new Error('tmux has ended'));
      asked.push({ resolve, reject });
      client.stdin.write(`${command.map(quotedWord).join(' ')}\n`);
    });
  return {
    ask,
    nextChange: () => new Promise((resolve) => waiting.push(resolve)),
    async end() {
      await ask(['kill-server']).catch(() => undefined);
      await ended;
    },
  };
}

const escapes: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u001b': '\\e',
};

/** A word as tmux reads it back (tmux(1), «PARSING SYNTAX»). */
function quotedWord(word: string): string {
  const escaped = word.replace(/[\\"$\n\r\t\u001b]/g, (sign) => escapes[sign] ?? `\\${sign}`);
  return `"${escaped}"`;
}
