import { nodeModules } from './node-modules.ts';
import { readOutput } from './read-output.ts';
import { mountOf, plainPlan, type RunnerInput, type RunnerPlan } from './runner.ts';

/** A command that the user gave, run by a shell; the programs of the project's packages are on its path. */
export async function shellCommand(command: string, input: RunnerInput): Promise<RunnerPlan> {
  const { project, host, tools } = input;
  const { mounts, links } = await nodeModules(project, host, tools);
  return {
    ...plainPlan,
    runner: command,
    expected: [],
    command: ['/bin/sh', '-c', `PATH="$PWD/node_modules/.bin:$PWD/.venv/bin:$PATH"; ${command}`],
    env: { CI: '1' },
    mounts: [...mounts, ...mountOf(await host.folder('.venv'), '.venv')],
    links,
    read: (run) => readOutput(run),
  };
}
