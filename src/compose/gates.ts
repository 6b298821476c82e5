import type { ResolvedConfig } from '../config/resolved-config.ts';
import { cacheFolder } from '../config/user-folder.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { GateRunning } from '../domain/event.ts';
import type { Task } from '../domain/task.ts';
import type { Redactor } from '../text/redact.ts';
import { gates } from '../extensions.ts';
import { slashPath } from '../files/contained-path.ts';
import { autorunGate } from '../gates/autorun/gate.ts';
import { charactersGate } from '../gates/characters.ts';
import type { Checking } from '../gates/checking.ts';
import type { GateParts } from '../gates/gate-entry.ts';
import { hostPackages, packageHomes } from '../gates/host-packages.ts';
import { createKnownRuns } from '../gates/known-runs.ts';
import { createKeptSetups } from '../gates/setup/kept-setups.ts';
import type { Reach } from '../gates/reach.ts';
import { runGates } from '../gates/run-gates.ts';
import { testLayout } from '../gates/trial/test-layout.ts';
import { testTrials } from '../gates/trial/try-tests.ts';
import { secretsGate } from '../gates/secrets.ts';
import { committedLinks } from '../workspace/git/committed-links.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { CheckedWork, Gates } from '../supervisor/checks.ts';
import { sandboxOrUnavailable } from './sandbox.ts';
import { ownFolder, kindsAtRoot } from '../state/work-folder.ts';

type ProjectEntries = Pick<Workspace, 'projectEntries'>;

export interface GateMeans {
  readonly redactor: Redactor;
  readonly now: () => Date;
  readonly env: NodeJS.ProcessEnv;
  /** Hears what is run. @param task null: before any work */
  readonly tell: (task: string | null, running: GateRunning) => void;
  /** Nothing is run where nothing keeps it from the machine, whatever the config says. */
  readonly onlyIsolated?: boolean;
  /** Null or absent: who imports whom is not known. */
  readonly reach?: Reach | null;
}

/** The checks that the config asks for, with those that nobody can leave out. */
export async function gatesOf(
  config: ResolvedConfig,
  workspace: ProjectEntries,
  { redactor, now, env, tell, onlyIsolated = false, reach = null }: GateMeans,
): Promise<Gates> {
  const { root, featuresDir } = config;
  const checking = checkingOf(config, env, now);
  const parts: GateParts = {
    ...checking,
    ...(onlyIsolated && { sandbox: (signal) => isolatedOnly(checking.sandbox(signal)) }),
    forbidden: [slashPath(root, featuresDir), ownFolder, ...kindsAtRoot],
    entries: (folder) => workspace.projectEntries(folder),
    testCommand: config.gates.testCommand,
    testsWhenNone: config.gates.testsWhenNone,
    testsTimeoutMs: config.gates.testsTimeoutMs,
    knownRuns: createKnownRuns(cacheFolder(env, 'test-runs')),
    reach,
    commands: config.gates.commands,
  };
  const factories = await Promise.all(config.gates.run.map((name) => gates[name].load()));
  const secrets = secretsGate(redactor.held);
  const characters = charactersGate();
  const autorun = autorunGate(config.gates.allowAutorun);
  const chosen = [
    ...factories.flatMap((create) => create(parts) ?? []),
    characters,
    autorun,
    secrets,
  ];
  /** Most work holds no secret, most tasks declare no name. */
  const silent = new Map<string, string | undefined>([
    ...Object.entries(gates).map(([name, { silentWhen }]) => [name, silentWhen] as const),
    [secrets.name, 'passed'],
    [characters.name, 'passed'],
    [autorun.name, 'passed'],
  ]);
  const inputOf = (base: CheckedWork['base'], task: Task) => ({
    task,
    // What is no text is there, and holds nothing that a gate reads.
    base: (path: string) => base.read(path).catch(emptyWhereNotText),
    project: (until: AbortSignal) => base.look(until),
    baseKey: base,
    copyTo: (folder: string, until: AbortSignal) => base.copyTo(folder, until),
    checkedOut: (files: FileChanges) => base.checkedOut(files),
    progress: (running: GateRunning) => tell(task.id, running),
  });
  const planning = { ...parts, command: parts.testCommand, timeoutMs: parts.testsTimeoutMs };
  const tryTests = testTrials(planning);
  return {
    checkGates: async (work, signal) => {
      const { task, candidate, base, keep, words, frozen = new Map(), forPerson = false } = work;
      const { bundle, changes } = candidate;
      const input = { ...inputOf(base, task), words, bundle, changes, frozen, forPerson, keep };
      const results = await runGates(chosen, input, signal, now);
      return results.filter(
        ({ gate, status, findings }) => silent.get(gate) !== status || findings.length > 0,
      );
    },
    async outlooks(base, files, signal) {
      const before = {
        project: (until: AbortSignal) => base.look(until),
        copyTo: (folder: string, until: AbortSignal) => base.copyTo(folder, until),
        baseKey: base,
        ...files,
        progress: (running: GateRunning) => tell(null, running),
      };
      const found = await Promise.all(
        chosen.map(async (gate) => {
          const outlook = await gate.outlook?.(before, signal);
          return outlook === undefined ? [] : [{ gate: gate.name, ...outlook }];
        }),
      );
      return found.flat();
    },
    tryTests({ task, base, tests, changes, twice, keep }, signal) {
      return tryTests({ ...inputOf(base, task), tests, changes, twice, keep }, signal);
    },
    testLayout: (task, base, signal) => testLayout(inputOf(base, task), planning, signal),
    blockingGates: new Set(chosen.filter((gate) => gate.blocking).map((gate) => gate.name)),
  };
}

/** A sandbox that keeps what runs in it from the machine, or that there is none. */
async function isolatedOnly(
  opened: ReturnType<Checking['sandbox']>,
): ReturnType<Checking['sandbox']> {
  const sandbox = await opened;
  if ('missing' in sandbox || sandbox.isolated) return sandbox;
  return {
    missing: 'no sandbox that isolates what it runs is used',
    fix: 'Install bubblewrap or docker; see docs/sandbox.md.',
  };
}

function checkingOf(config: ResolvedConfig, env: NodeJS.ProcessEnv, now: () => Date): Checking {
  const { timeoutMs: wallMs, ...limits } = config.sandbox;
  let opened: ReturnType<Checking['sandbox']> | undefined;
  return {
    // Tried once, by the first check that has something to run.
    sandbox: (signal) => {
      opened ??= sandboxOrUnavailable(config, env, signal);
      opened.catch(() => (opened = undefined));
      return opened;
    },
    limits: { wallMs, ...limits },
    host: hostPackages(config.root, packageHomes(env), () => committedLinks(config.root, env)),
    setup: config.gates.setup,
    keptSetups: createKeptSetups(cacheFolder(env, 'setups'), () => now().getTime()),
  };
}

function emptyWhereNotText(error: unknown): string {
  if (error instanceof BlueprintError && error.code === 'file-not-text') return '';
  throw error;
}
