import { join, relative, sep } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { GateName } from '../config/gates-schema.ts';
import type { GateStatus } from '../domain/gate-result.ts';
import type { Redactor } from '../text/redact.ts';
import type { TaskDependencies } from '../executor/task-dependencies.ts';
import type { Gate } from '../gates/gate.ts';
import type { Checking } from '../gates/checking.ts';
import { commandsGate } from '../gates/commands.ts';
import { contractGate } from '../gates/contract.ts';
import { pathsGate } from '../gates/paths.ts';
import { hostPackages } from '../gates/project-view.ts';
import { runGates } from '../gates/run-gates.ts';
import { secretsGate } from '../gates/secrets.ts';
import { syntaxGate } from '../gates/syntax.ts';
import { testsGate } from '../gates/tests.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openSandbox } from './sandbox.ts';

type ProjectEntries = Pick<Workspace, 'projectEntries'>;

interface Parts {
  readonly config: ResolvedConfig;
  readonly workspace: ProjectEntries;
  readonly checking: Checking;
}

const gates: Record<GateName, (parts: Parts) => Gate> = {
  paths: ({ config: { root, featuresDir }, workspace }) =>
    pathsGate({
      forbidden: [relative(root, featuresDir).split(sep).join('/'), 'asks', 'tournaments'],
      entries: (folder) => workspace.projectEntries(folder),
    }),
  syntax: () => syntaxGate(),
  contract: () => contractGate(),
  tests: ({ config, checking }) => testsGate({ ...checking, command: config.gates.testCommand }),
  commands: ({ config, checking }) =>
    commandsGate({ ...checking, commands: config.gates.commands }),
};

const silent: Readonly<Partial<Record<string, GateStatus>>> = {
  secrets: 'passed',
  contract: 'skipped',
};

/** The checks that the config asks for, with those that nobody can leave out. */
export function gatesOf(
  config: ResolvedConfig,
  workspace: ProjectEntries,
  { redactor, now, env }: { redactor: Redactor; now: () => Date; env: NodeJS.ProcessEnv },
): Pick<TaskDependencies, 'checkGates' | 'blockingGates'> {
  const parts = { config, workspace, checking: checkingOf(config, env) };
  const named = config.gates.run.filter(
    (name) => name !== 'commands' || config.gates.commands.length > 0,
  );
  const chosen = [...named.map((name) => gates[name](parts)), secretsGate(redactor.held)];
  return {
    checkGates: async ({ task, candidate, base, keep, frozen = new Map() }, signal) => {
      const input = {
        task,
        bundle: candidate.bundle,
        changes: candidate.changes,
        base: (path: string) => base.read(path),
        copyTo: (folder: string, until: AbortSignal) => base.copyTo(folder, until),
        frozen,
        keep,
      };
      const results = await runGates(chosen, input, signal, now);
      // Heard when they have something to say: most work holds no secret, most tasks declare no name.
      return results.filter(({ gate, status }) => silent[gate] !== status);
    },
    blockingGates: new Set(chosen.filter((gate) => gate.blocking).map((gate) => gate.name)),
  };
}

function checkingOf(config: ResolvedConfig, env: NodeJS.ProcessEnv): Checking {
  const { timeoutMs: wallMs, ...limits } = config.sandbox;
  const home = env['HOME'] ?? '/nonexistent';
  let opened: ReturnType<Checking['sandbox']> | undefined;
  return {
    // Tried once, by the first check that has something to run.
    sandbox: (signal) => {
      opened ??= open(config, env, signal);
      opened.catch(() => (opened = undefined));
      return opened;
    },
    limits: { wallMs, ...limits },
    host: hostPackages(config.root, {
      cargo: env['CARGO_HOME'] ?? join(home, '.cargo'),
      go: env['GOPATH'] ?? join(home, 'go'),
    }),
    prepare: config.gates.prepare,
  };
}

async function open(
  config: ResolvedConfig,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): ReturnType<Checking['sandbox']> {
  const { sandbox, unavailable } = await openSandbox(config, env, signal);
  if (sandbox !== null) return sandbox;
  const [first] = unavailable;
  return {
    missing: unavailable.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    fix: `${first?.fix ?? 'See docs/sandbox.md'}, or run with --unsafe-no-sandbox`,
  };
}
