import { openSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC, in octal as /proc writes it. */
const closedOnStart = 0o2000000;

type Cover = 'ignore' | number;

let found: readonly number[] | undefined;
let nowhere: number | undefined;

/**
 * Entries of `stdio`, from the first on, that put /dev/null in the place of files which this process was
 * started with: they would reach what it starts, and with a folder among them all that is below it.
 */
export function coverInherited(first: number): Cover[] {
  found ??= inherited();
  const open = found.filter((file) => file >= first);
  if (open.length === 0) return [];
  nowhere ??= openSync('/dev/null', 'r+');
  const covered: Cover[] = Array.from({ length: Math.max(...open) - first + 1 }, () => 'ignore');
  for (const file of open) covered[file - first] = nowhere;
  return covered;
}

/** Files of its own node closes when it starts a program; what is left came from outside. */
function inherited(): number[] {
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((file) => file > 2 && reachesOthers(file));
  } catch {
    return [];
  }
}

function reachesOthers(file: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'utf8'));
    return (Number.parseInt(flags?.[1] ?? '0', 8) & closedOnStart) === 0;
  } catch {
    return false;
  }
}
