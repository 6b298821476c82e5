import type { GateRunning } from '../domain/event.ts';

/** Characters of a line that has not come to its end. */
const longestLine = 65_536;

export interface Progress extends Disposable {
  /** Hears the output as it comes. */
  readonly hear: (chunk: Uint8Array) => void;
}

/**
 * Tells at once, and then again and again until it is disposed of.
 * @param mark begins the lines of our own reporters.
 */
export function openProgress(
  runner: string,
  mark: string,
  tell: (running: GateRunning) => void,
  everySeconds = 2,
): Progress {
  const decoder = new TextDecoder();
  let [rest, tests, seconds] = ['', 0, 0];
  let last: string | null = null;
  const say = (): void => tell({ runner, seconds, tests, last });
  say();
  const timer = setInterval(() => {
    seconds += everySeconds;
    say();
  }, everySeconds * 1_000).unref();
  return {
    hear(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(-longestLine);
      for (const line of lines) {
        const test = testIn(line, mark);
        if (test === null) continue;
        last = test;
        tests += 1;
      }
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** The test or file that a line of a runner's output tells of. */
export function testIn(line: string, mark: string): string | null {
  const at = line.indexOf(mark);
  if (at !== -1) return markedTest(line.slice(at + mark.length));
  for (const pattern of testLines) {
    const name = pattern.exec(line)?.[1]?.trim();
    if (name !== undefined && name !== '') return name;
  }
  return null;
}

const testLines: readonly RegExp[] = [
  // TAP
  /^ *(?:not )?ok \d+ (?:- )?([^#]+)/,
  // cargo
  /^test (\S+)(?: - should panic)? \.\.\. /,
  // go test -json
  /^\{.*"Action":"(?:pass|fail|skip)".*"Test":"([^"]+)"/,
  // vitest, jest and mocha, of a file or a test
  /^ *(?:✓|✔|×|❯|✖|PASS|FAIL) +(.+)/,
];

function markedTest(json: string): string | null {
  try {
    const { event, name, file } = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (event !== 'test' || typeof name !== 'string') return null;
    return typeof file === 'string' ? `${file} › ${name}` : name;
  } catch {
    return null;
  }
}
