import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The absolute path of a program, or why there is none. */
export type FoundProgram = { readonly path: string } | { readonly problem: string };

const known = new Map<string, FoundProgram>();

/**
 * Looks a program up, starting nothing; found once for a process. Relative entries of PATH are passed
 * over: a file of the project must not pass for an installed program.
 * @param command a name, or an absolute path.
 */
export function findProgram(
  command: string,
  environment: Readonly<Record<string, string>>,
): FoundProgram {
  const path = environment['PATH'] ?? '';
  const name = `${command}\0${path}`;
  const found = known.get(name) ?? search(command, path, environment['PATHEXT']);
  known.set(name, found);
  return found;
}

function search(command: string, path: string, endings: string | undefined): FoundProgram {
  const folders = isAbsolute(command) ? [''] : path.split(delimiter).filter(isAbsolute);
  const names =
    process.platform === 'win32'
      ? [...(endings ?? '.COM;.EXE;.BAT;.CMD').split(';').map((end) => command + end), command]
      : [command];
  let unusable: string | null = null;
  for (const candidate of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (!isFile(candidate)) continue;
    if (isExecutable(candidate)) return { path: candidate };
    unusable ??= candidate;
  }
  if (unusable !== null) return { problem: `${unusable} is not executable` };
  return {
    problem: isAbsolute(command) ? `${command} does not exist` : `${command} is not on PATH`,
  };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
