import {
  execFileSync,
  spawn,
  spawnSync,
  type ChildProcessWithoutNullStreams,
} from 'node:child_process';
import { once } from 'node:events';

/** A commit as a task: its message, and what it changed. */
export interface HistoricCommit {
  readonly id: string;
  readonly message: string;
  /** Files that were there before and that it changed, with the lines of theirs that it touched. */
  readonly changed: ReadonlyMap<string, readonly LineRange[]>;
}

/** First and last line, from 1; of the file before the change. */
export type LineRange = readonly [number, number];

export interface TreeFile {
  readonly path: string;
  readonly blob: string;
  readonly size: number;
}

/** Reads of a repository's history; nothing is checked out. */
export interface History {
  /** Those of the newest that changed a few files which were there, newest first. */
  commits(count: number, isSource: (path: string) => boolean): HistoricCommit[];
  /** The files before a commit. */
  treeBefore(commit: string): TreeFile[];
  blob(hash: string): Promise<Buffer>;
  close(): void;
}

const mostChanged = 12;

/** Why nothing can be read of a folder's history; null when it can. */
export function historyFault(folder: string): string | null {
  const ask = (...args: string[]): string | null => {
    const { status, stdout } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : null;
  };
  if (ask('rev-parse', '--verify', 'HEAD') === null) return 'it has no history of git';
  if (ask('rev-parse', '--is-shallow-repository') === 'true') return 'its history is cut off';
  return ask('rev-parse', '--verify', 'HEAD~1') === null ? 'it has a single commit' : null;
}

export function openHistory(folder: string): History {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const reader = spawn('git', ['-C', folder, 'cat-file', '--batch'], { stdio: 'pipe' });
  reader.stderr.resume();
  const blobs = blobReader(reader);
  return {
    commits(count, isSource) {
      const found: HistoricCommit[] = [];
      const ids = git('log', '--no-merges', '--format=%H', '-n', String(count * 10)).split('\n');
      for (const id of ids) {
        if (found.length >= count || id === '') break;
        const message = git('log', '-1', '--format=%B', id).trim();
        const changed = changedLines(git('diff', '-U0', '--no-renames', `${id}~1`, id));
        const sources = new Map([...changed].filter(([path]) => isSource(path)));
        if (message.length >= 20 && sources.size > 0 && sources.size <= mostChanged)
          found.push({ id, message, changed: sources });
      }
      return found;
    },
    treeBefore: (commit) =>
      git('ls-tree', '-r', '-l', '-z', `${commit}~1`)
        .split('\0')
        .flatMap((line) => {
          const match = /^100\d+ blob ([0-9a-f]+)\s+(\d+)\t(.+)$/s.exec(line);
          return match === null
            ? []
            : [{ blob: match[1] ?? '', size: Number(match[2]), path: match[3] ?? '' }];
        }),
    blob: blobs,
    close: () => reader.kill(),
  };
}

/** Of a difference without context: the old lines touched, by path; new files are left out. */
function changedLines(diff: string): Map<string, LineRange[]> {
  const found = new Map<string, LineRange[]>();
  let path: string | null = null;
  for (const line of diff.split('\n')) {
    if (line.startsWith('--- ')) path = line.startsWith('--- a/') ? line.slice(6) : null;
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk === null || path === null) continue;
    const start = Number(hunk[1]);
    const length = Number(hunk[2] ?? 1);
    const ranges = found.get(path) ?? [];
    ranges.push([start, Math.max(start, start + length - 1)]);
    found.set(path, ranges);
  }
  return found;
}

function blobReader(reader: ChildProcessWithoutNullStreams): (hash: string) => Promise<Buffer> {
  let left = Buffer.alloc(0);
  const more = async (): Promise<void> => {
    const [chunk] = (await once(reader.stdout, 'data')) as [Buffer];
    left = Buffer.concat([left, chunk]);
  };
  const one = async (hash: string): Promise<Buffer> => {
    reader.stdin.write(`${hash}\n`);
    while (!left.includes(10)) await more();
    const end = left.indexOf(10);
    const size = Number(left.toString('latin1', 0, end).split(' ')[2]);
    while (left.length < end + 2 + size) await more();
    const bytes = left.subarray(end + 1, end + 1 + size);
    left = left.subarray(end + 2 + size);
    return bytes;
  };
  let turn: Promise<unknown> = Promise.resolve();
  return (hash) => {
    const answer = turn.then(() => one(hash));
    turn = answer;
    return answer;
  };
}
