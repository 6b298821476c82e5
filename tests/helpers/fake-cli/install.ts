import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const program = join(import.meta.dirname, 'program.cjs');

/** What a fake program does when it is started; without anything it prints nothing and ends well. */
export interface Scenario {
  readonly reply?: {
    readonly pieces: readonly string[];
    /** One document at the end, as `--output-format json` prints it. */
    readonly document?: boolean;
    /** Ends before the event that says that it is over. */
    readonly unfinished?: boolean;
    /** Other values of claude's result. */
    readonly result?: Readonly<Record<string, unknown>>;
  };
  readonly fault?: {
    readonly message: string;
    readonly result?: Readonly<Record<string, unknown>>;
    readonly type?: string;
    readonly code?: number | string;
    readonly exitCode?: number;
    readonly onStderr?: boolean;
  };
  /** Printed before anything else, a byte a character. */
  readonly says?: string;
  /** Printed behind all else. */
  readonly adds?: string;
  /** As a terminal would be given it. */
  readonly coloured?: boolean;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly hang?: boolean;
  readonly ignoreTerm?: boolean;
  readonly flood?: boolean;
  readonly signal?: NodeJS.Signals;
  /**
   * A process of its own that holds the output open and ignores SIGTERM; `detached` leaves the group and
   * the session as well, `bare` has an empty environment besides.
   */
  readonly grandchild?: 'inside' | 'detached' | 'bare';
  readonly closesInput?: boolean;
  /** Options that this version does not know yet. */
  readonly unknown?: readonly string[];
}

/** What a fake program was given. */
export interface Recorded {
  readonly pid: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | null;
  readonly system: string | null;
  readonly schema: string | null;
}

export interface FakeCli {
  /** To be all of PATH. */
  readonly folder: string;
  /** Each start, in order. */
  starts(): Promise<Recorded[]>;
  /** The process id of the grandchild; null when none was made. */
  grandchild(): Promise<number | null>;
}

/** Puts fake programs into folders of their own, and removes them when the file's tests are over. */
export function fakeClis(): (name: string, scenario: Scenario, mode?: number) => Promise<FakeCli> {
  const made: string[] = [];
  afterAll(async () => {
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  });
  return async (name, scenario, mode = 0o755) => {
    const folder = await mkdtemp(join(tmpdir(), 'blueprint-fake-cli-'));
    made.push(folder);
    await writeFile(join(folder, 'scenario.json'), JSON.stringify(scenario));
    const path = join(folder, name);
    const code = `require(${JSON.stringify(program)}).run(__dirname, ${JSON.stringify(name)});`;
    await writeFile(path, `#!${process.execPath}\n${code}\n`);
    await chmod(path, mode);
    const read = (file: string): Promise<string> =>
      readFile(join(folder, file), 'utf8').catch(() => '');
    return {
      folder,
      async starts() {
        const lines = (await read('record.jsonl')).split('\n').filter((line) => line !== '');
        return lines.map((line) => JSON.parse(line) as Recorded);
      },
      async grandchild() {
        const text = await read('grandchild');
        return text === '' ? null : Number(text);
      },
    };
  };
}
