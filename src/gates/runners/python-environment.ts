import { posix } from 'node:path';
import { pathsEnding } from '../../files/by-ending.ts';
import type { SandboxMount } from '../../sandbox/sandbox.ts';
import { folderOf } from '../../files/slash-paths.ts';
import { pythonStart } from './python-checkout.ts';
import type { RunnerInput } from './runner.ts';

/** The virtual environment of a folder of the project on the host: its own, or that of one above. */
export async function environmentOf(
  folder: string,
  host: RunnerInput['host'],
): Promise<SandboxMount | null> {
  for (let at = folder; ; at = folderOf(at)) {
    for (const name of ['.venv', 'venv']) {
      const to = posix.join(at, name);
      const from = await host.folder(to);
      if (from !== null && (await host.folder(`${to}/bin`)) !== null) return { from, to };
    }
    if (at === '') return null;
  }
}

/** Programs of an environment name its interpreter by where the checkout is: each is started by a script. */
async function environmentPrograms(
  { to }: SandboxMount,
  { host, tools }: RunnerInput,
): Promise<Map<string, string>> {
  const entries = await host.entries(`${to}/bin`);
  const names = entries.flatMap(({ name, isFolder }) =>
    isFolder || /^(?:python|pypy|activate|Activate|deactivate)/.test(name) ? [] : [name],
  );
  const up = '../'.repeat(`${tools}/bin`.split('/').length);
  const script = `#!/bin/sh
environment="\${0%/*}/${up}${to}/bin"
program="$environment/\${0##*/}"
{ read -r first; read -r second; } < "$program"
case "$first$second" in
'#!'*python* | "#!/bin/sh'''exec'"*) exec "$environment/python" "$program" "$@" ;;
esac
exec "$program" "$@"
`;
  return new Map(names.map((name) => [`${tools}/bin/${name}`, script]));
}

export interface PythonCommands {
  /** Before a command of a shell. */
  readonly exports: string;
  readonly mounts: readonly SandboxMount[];
  readonly files: ReadonlyMap<string, string>;
}

/** What lets a command of the user find the project's Python, and what is in the copy. */
export async function pythonCommands(input: RunnerInput): Promise<PythonCommands> {
  const { project, host, tools } = input;
  const environment = await environmentOf('', host);
  if (environment === null && pathsEnding(project.files, ['py']).length === 0)
    return { exports: '', mounts: [], files: new Map() };
  const start = await pythonStart(input);
  const exports = `PYTHONPATH="$PWD/${start.folder}"; export PYTHONPATH; `;
  if (environment === null) return { exports, mounts: [], files: start.files };
  const programs = await environmentPrograms(environment, input);
  return {
    exports: `${exports}PATH="$PWD/${tools}/bin:$PWD/${environment.to}/bin:$PATH"; `,
    mounts: [environment],
    files: new Map([...start.files, ...programs]),
  };
}
