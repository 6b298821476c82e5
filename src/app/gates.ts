import { relative, sep } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Redactor } from '../domain/redact.ts';
import type { TaskDependencies } from '../executor/task-dependencies.ts';
import type { Gate } from '../sandbox/gate.ts';
import { pathsGate } from '../sandbox/gates/paths.ts';
import { runGates } from '../sandbox/gates/run-gates.ts';
import { secretsGate } from '../sandbox/gates/secrets.ts';
import { syntaxGate } from '../sandbox/gates/syntax.ts';
import type { Workspace } from '../workspace/workspace.ts';

type ProjectEntries = Pick<Workspace, 'projectEntries'>;

const gates: Record<
  ResolvedConfig['gates'][number],
  (config: ResolvedConfig, workspace: ProjectEntries) => Gate
> = {
  paths: ({ root, featuresDir }, workspace) =>
    pathsGate({
      forbidden: [relative(root, featuresDir).split(sep).join('/'), 'asks', 'tournaments'],
      entries: (folder) => workspace.projectEntries(folder),
    }),
  syntax: () => syntaxGate(),
};

/** The checks that the config asks for, with those that nobody can leave out. */
export function gatesOf(
  config: ResolvedConfig,
  workspace: ProjectEntries,
  { redactor, now }: { redactor: Redactor; now: () => Date },
): Pick<TaskDependencies, 'checkGates' | 'blockingGates'> {
  const chosen = [
    ...config.gates.map((name) => gates[name](config, workspace)),
    secretsGate(redactor.held),
  ];
  return {
    checkGates: async (task, { bundle, changes }, base, signal) => {
      const results = await runGates(chosen, { task, bundle, changes, base }, signal, now);
      // Not one of the checks that a user chose: it is heard when it has something to say.
      return results.filter(({ gate, status }) => gate !== 'secrets' || status !== 'passed');
    },
    blockingGates: new Set(chosen.filter((gate) => gate.blocking).map((gate) => gate.name)),
  };
}
