import { nodeModules } from './node-modules.ts';
import { pythonCommands } from './python-environment.ts';
import { readOutput } from './read-output.ts';
import { plainPlan, type RunnerInput, type RunnerPlan } from './runner.ts';

/**
 * A command that the user gave, run by a shell; the programs of the project's packages are on its path.
 * @param from the key of the config that has it
 */
export async function shellCommand(
  command: string,
  from: string,
  input: RunnerInput,
): Promise<RunnerPlan> {
  const { project, host, tools } = input;
  const { mounts, links } = await nodeModules(project, host, tools);
  const python = await pythonCommands(input);
  return {
    ...plainPlan,
    runner: command,
    from,
    byHand: command,
    expected: [],
    command: ['/bin/sh', '-c', `${python.exports}PATH="$PWD/node_modules/.bin:$PATH"; ${command}`],
    env: { CI: '1' },
    mounts: [...mounts, ...python.mounts],
    files: python.files,
    links,
    read: (run) => readOutput(run),
  };
}
