import type { HostPackages, RunnerInput } from '../../../src/gates/runners/runner.ts';
import type { ProjectView } from '../../../src/files/project-view.ts';

export function viewOfFiles(files: Readonly<Record<string, string>>): ProjectView {
  return { files: new Set(Object.keys(files)), read: async (path) => files[path] ?? null };
}

const nothingInstalled: HostPackages = {
  root: '/project',
  folder: async () => null,
  entries: async () => [],
  refused: new Map(),
  cache: async () => null,
};

/** What detection is given, for a machine that has every program and no packages. */
export function runnerInput(
  files: Readonly<Record<string, string>>,
  over: Partial<RunnerInput> = {},
): RunnerInput {
  return {
    project: viewOfFiles(files),
    host: nothingInstalled,
    declared: [],
    touched: [],
    scriptStood: true,
    installs: false,
    tools: '.tools',
    mark: '@@ ',
    has: async () => true,
    ...over,
  };
}
