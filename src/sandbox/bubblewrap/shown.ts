import { isAbsolute, join, normalize } from 'node:path';
import type { HostPrograms } from '../host/host-programs.ts';
import { interpreterOf, isBelow } from '../host/installation.ts';
import type { SandboxJob } from '../sandbox.ts';

export interface Shown {
  /** Outside the system's, absolute, none below another. */
  readonly folders: readonly string[];
  /** With its program by its whole path. */
  readonly command: readonly string[];
  readonly path: string;
}

/** What a job needs of the host; null when its program is not there. */
export async function whatIsShown(
  { command, mounts }: SandboxJob,
  programs: HostPrograms,
): Promise<Shown | null> {
  const [program = '', ...args] = command;
  const own = program.includes('/');
  const path = own ? program : await programs.find(program);
  if (path === null) return null;
  const tools = await programs.toolchains();
  const inMount = mounts.find(
    ({ to }) => own && !isAbsolute(program) && isBelow(normalize(program), normalize(to)),
  );
  const hostPath = !own
    ? path
    : isAbsolute(program)
      ? program
      : inMount && join(inMount.from, normalize(program).slice(normalize(inMount.to).length));
  // An environment of Python leads to the interpreter that it was made from. Nothing else that is mounted leads
  // anywhere: it may have come with the project.
  const environments = mounts.map(({ from }) => join(from, 'bin'));
  const starts = hostPath === undefined || inMount !== undefined ? [] : [hostPath];
  for (const folder of environments) {
    const python = await interpreterOf(folder);
    if (python !== null) starts.push(python);
  }
  const needed = await Promise.all(starts.map((start) => programs.neededBy(start)));
  const all = [...new Set([...tools.folders, ...needed.flat()])];
  return {
    folders: all.filter((one) => !all.some((other) => other !== one && isBelow(one, other))),
    command: [path, ...args],
    path: tools.path,
  };
}
