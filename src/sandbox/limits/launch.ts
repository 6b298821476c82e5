/**
 * A command line that starts another one under the limits that a shell can set for it; the shell is gone
 * when the command runs. Exit code 125 when a group cannot be joined.
 * @param joinFiles see `Cgroup`.
 * @param dataBytes of one process's own memory; address space is not bounded, which breaks WebAssembly.
 */
export function launch(
  command: readonly string[],
  bounds: {
    readonly joinFiles?: readonly string[];
    readonly fileBytes?: number;
    readonly dataBytes?: number;
    readonly processes?: number;
    /** Says `started` in the file descriptor 4, and closes it. */
    readonly tells?: boolean;
  },
): string[] {
  const { joinFiles = [], fileBytes, dataBytes, processes, tells } = bounds;
  const script = [
    ...joinFiles.map((_, index) => `echo 0 > "$${index + 1}" || exit 125`),
    ...(joinFiles.length > 0 ? [`shift ${joinFiles.length}`] : []),
    'ulimit -c 0',
    // In blocks of 512 bytes, and kibibytes.
    ...(fileBytes === undefined ? [] : [`ulimit -f ${Math.ceil(fileBytes / 512)}`]),
    ...(dataBytes === undefined ? [] : [`ulimit -d ${Math.ceil(dataBytes / 1024)} 2>/dev/null`]),
    // The option's letter differs between shells.
    ...(processes === undefined
      ? []
      : [`ulimit -u ${processes} 2>/dev/null || ulimit -p ${processes} 2>/dev/null`]),
    ...(tells === true ? ['echo started >&4', 'exec "$@" 4>&-'] : ['exec "$@"']),
  ].join('\n');
  return ['/bin/sh', '-c', script, 'sh', ...joinFiles, ...command];
}

/** For a hard limit beside a watch, which must see first who goes above the real one, to tell it. */
export const looser = (limit: number): number => limit * 2;
