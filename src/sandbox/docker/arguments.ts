import { join } from 'node:path';
import type { FixedPart } from '../fixed-parts.ts';
import type { SandboxLimit, SandboxLimits, SandboxMount } from '../sandbox.ts';

/** Where the copy stands. */
export const workFolder = '/work';

/**
 * The first process of a container is deaf to most signals, so the command is its child. It says that it
 * has begun, and the command's exit code, which not every engine tells; that the kernel ended somebody for
 * memory, or refused a process, which only the container's own files tell everywhere; and ends all after
 * a time, should nobody else be left to do it.
 */
const script = [
  'token=$1; seconds=$2; shift 2',
  'mkdir -p "$HOME"',
  'echo "$token" >&2',
  '(sleep "$seconds"; kill -KILL -1) </dev/null >/dev/null 2>&1 &',
  '"$@"',
  'code=$?',
  'tell() {',
  '  [ ! -r "$1" ] || while read -r key value; do',
  '    [ "$key" != "$2" ] || [ "$value" = 0 ] || echo "$token $3" >&2',
  '  done < "$1"',
  '}',
  'for folder in /sys/fs/cgroup /sys/fs/cgroup/memory /sys/fs/cgroup/pids; do',
  '  tell $folder/memory.events oom_kill memory',
  '  tell $folder/memory.oom_control oom_kill memory',
  '  tell $folder/pids.events max processes',
  'done',
  'echo "$token $code" >&2',
  'exit $code',
].join('\n');

/** Processes beside the command's: the shell, its clock and the sleep of that. */
export const ownProcesses = 3;

export interface Heard {
  readonly started: boolean;
  readonly limit: SandboxLimit | null;
  /** Null when the first process was ended too. */
  readonly code: number | null;
  /** What the command wrote. */
  readonly stderr: string;
  /** How much was not the command's. */
  readonly saidBytes: number;
}

/** Takes what the script said out of what the command wrote; of two exit codes the last is the script's. */
export function heardIn(stderr: string, token: string): Heard {
  const said = new RegExp(`${token}(?: (memory|processes|\\d+))?\\n`, 'g');
  const words = [...stderr.matchAll(said)].map((match) => match[1] ?? '');
  const own = stderr.replace(said, '');
  const code = words.findLast((word) => /^\d+$/.test(word));
  return {
    started: stderr.startsWith(token),
    limit: words.includes('memory') ? 'memory' : words.includes('processes') ? 'processes' : null,
    code: code === undefined ? null : Number(code),
    stderr: own,
    // Letters, digits and spaces: a byte each.
    saidBytes: stderr.length - own.length,
  };
}

export interface Container {
  readonly name: string;
  readonly label: string;
  /** Of letters and digits; nobody else knows it before the container starts. */
  readonly token: string;
  readonly image: string;
  /** `uid:gid` */
  readonly user: string;
  readonly copy: string;
  readonly mounts: readonly SandboxMount[];
  readonly fixed: readonly FixedPart[];
  readonly limits: SandboxLimits;
  readonly fileBytes: number;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** The arguments of `docker` that run a command in a container without network or rights. */
export function runArguments(container: Container): string[] {
  const { limits, mounts } = container;
  const env = { HOME: '/tmp/home', TMPDIR: '/tmp', LANG: 'C.UTF-8', ...container.env };
  return [
    'run',
    // Removed at its end by the engine. Without that, podman does not tell its end.
    '--rm',
    `--name=${container.name}`,
    `--label=${container.label}`,
    '--pull=never',
    '--network=none',
    '--read-only',
    '--cap-drop=ALL',
    '--log-driver=none',
    '--security-opt=no-new-privileges',
    '--security-opt=label=disable',
    `--user=${container.user}`,
    `--workdir=${workFolder}`,
    '--hostname=sandbox',
    `--memory=${limits.memoryBytes}`,
    `--memory-swap=${limits.memoryBytes}`,
    `--pids-limit=${limits.processes + ownProcesses}`,
    // Given together: podman adds its own for those that are not, which a machine may not allow.
    '--ulimit=core=0',
    `--ulimit=fsize=${container.fileBytes}`,
    '--ulimit=nofile=4096:4096',
    '--ulimit=nproc=4096:4096',
    `--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777,size=${limits.diskBytes}`,
    `--shm-size=${limits.diskBytes}`,
    bind(container.copy, workFolder),
    ...container.fixed.map(({ path, readOnly }) =>
      bind(join(container.copy, path), join(workFolder, path), readOnly ? ',readonly' : ''),
    ),
    ...mounts.map(({ from, to }) => bind(from, join(workFolder, to), ',readonly')),
    ...Object.entries(env).map(([name, value]) => `--env=${name}=${value}`),
    '--entrypoint=/bin/sh',
    container.image,
    '-c',
    script,
    'sh',
    container.token,
    String(Math.ceil(limits.wallMs / 1_000) + 10),
    ...container.command,
  ];
}

/** Its fields are written as those of CSV. */
function bind(from: string, to: string, more = ''): string {
  const fields = [`source=${from}`, `target=${to}`].map((text) =>
    /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
  );
  return `--mount=type=bind,${fields.join(',')}${more}`;
}
