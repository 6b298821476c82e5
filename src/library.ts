import { resolve } from 'node:path';
import type { ConfigFlags } from './config/config-flags.ts';
import type { EnsemblePlan, ModeChoice } from './domain/ensemble.ts';
import type { RunEvent } from './domain/event.ts';
import type { RoutePolicy, WorkflowName } from './domain/route.ts';
import type { Task } from './domain/task.ts';
import type { TraceLine } from './domain/trace.ts';
import type { ShownTask } from './use-cases/show.ts';
import type { AskOutcome } from './use-cases/ask.ts';
import type { DebateReport } from './use-cases/debate.ts';
import type { DebateStatus } from './use-cases/debates.ts';
import type { DrawnMap } from './use-cases/map.ts';
import type { ExportSkipped, PreferencePair } from './use-cases/export-preferences.ts';
import type { TraceSummary } from './use-cases/export-trace.ts';
import type { Caller, Program } from './use-cases/program.ts';
import type { ReportDocument } from './use-cases/report.ts';
import type { RoutedTask } from './use-cases/route-task.ts';
import type { RunSummary } from './use-cases/run.ts';
import type { SolveOutcome } from './use-cases/solve.ts';
import type { TournamentReport } from './use-cases/tournament.ts';

export { BlueprintError } from './domain/errors.ts';
export type { EnsemblePlan as Plan, ModeChoice as Mode } from './domain/ensemble.ts';
export type { RunEvent as BlueprintEvent } from './domain/event.ts';
export type { AskOutcome as AskResult } from './use-cases/ask.ts';
export type { DebateReport } from './use-cases/debate.ts';
export type { DebateStatus } from './use-cases/debates.ts';
export type { DrawnMap } from './use-cases/map.ts';
export type { TraceLine } from './domain/trace.ts';
export type { ExportSkipped, PreferencePair } from './use-cases/export-preferences.ts';
export type { TraceSummary } from './use-cases/export-trace.ts';
export type { ReportDocument } from './use-cases/report.ts';
export type { RoutedTask } from './use-cases/route-task.ts';
export type { SolveOutcome } from './use-cases/solve.ts';
export type { ShownTask } from './use-cases/show.ts';
export type { TournamentReport } from './use-cases/tournament.ts';

export interface BlueprintOptions {
  /** The project's folder: where the command would be started. */
  readonly cwd: string;
  /** Keys and settings; the environment of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A config file, absolute or relative to `cwd`; the one that is found by default. */
  readonly config?: string;
  /** Whether the config file may do all that it asks for; otherwise as after `blueprint trust`. */
  readonly trust?: boolean;
  /** Settings above environment and config file, by key: `{ 'executor.concurrency': 2 }`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Ends what is under way; what was finished is kept. */
  readonly signal?: AbortSignal;
  /** Gets everything that happens, as it happens. Must not throw. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Gets what is odd but no error. */
  readonly onWarning?: (message: string) => void;
}

export interface CallOptions {
  /** Ends this one call, as the signal of `createBlueprint` ends all; what was finished is kept. */
  readonly signal?: AbortSignal;
}

export interface RouteOptions extends CallOptions {
  readonly mode?: ModeChoice;
  /** Who answers: families, providers or `provider/model`; by the task's category when left out. */
  readonly models?: readonly string[];
}

export interface AskOptions extends RouteOptions {
  /** Files to show the models: names and globs relative to `cwd`. */
  readonly context?: readonly string[];
  /** For the whole answer of one model, ms. */
  readonly timeoutMs?: number;
  /** Of one call, where a retry can help. */
  readonly retries?: number;
  /** USD that the calls may cost at most. */
  readonly budget?: number;
  /** A new folder for the files of the answer, absolute or relative to `cwd`. */
  readonly out?: string;
}

export interface RouteTaskOptions extends CallOptions {
  /** What comes first; what the config says when left out. */
  readonly policy?: RoutePolicy;
  /** Rules alone decide: no call is made for it. */
  readonly rules?: boolean;
  /** USD that the calls may cost at most. */
  readonly budget?: number;
}

export interface SolveOptions extends RouteTaskOptions {
  /** How; decided on when left out. */
  readonly workflow?: WorkflowName;
  /** A folder of tests that files must pass, absolute or relative to `cwd`. */
  readonly tests?: string;
  /** Folders to answer from, absolute or relative to `cwd`; the project when left out. */
  readonly sources?: readonly string[];
  /** Fixes of files, or votes on an answer, at most: 0 to 10. */
  readonly rounds?: number;
  /** A folder for what was accepted, absolute or relative to `cwd`. */
  readonly out?: string;
}

export interface RunOptions extends CallOptions {
  /** Ids of the only tasks to run. */
  readonly tasks?: readonly string[];
  /** Tasks at the same time. */
  readonly concurrency?: number;
  readonly failFast?: boolean;
  /** Several models for each task. */
  readonly mode?: ModeChoice;
  readonly strategy?: 'single' | 'ensemble' | 'tournament';
  /** USD that the calls may cost at most. */
  readonly budget?: number;
}

export interface RunResult extends RunSummary {
  readonly tasks: readonly Task[];
}

export interface TournamentOptions extends CallOptions {
  /** The spec, as text. */
  readonly spec: string;
  /** Files to show the models: names and globs relative to `cwd`. */
  readonly context?: readonly string[];
  /** Candidates. */
  readonly k?: number;
  /** Rounds of synthesis at most. */
  readonly loops?: number;
  /** By name; those of the config when left out. */
  readonly critics?: readonly string[];
  readonly earlyStop?: boolean;
  /** A folder of tests that must pass, absolute or relative to `cwd`. */
  readonly tests?: string;
  /** How the tests are run; they must pass. */
  readonly testCommand?: string;
  /** A folder for the approved winner's files, absolute or relative to `cwd`. */
  readonly out?: string;
  /** USD that the calls may cost at most. */
  readonly budget?: number;
}

export interface DebateSettings extends CallOptions {
  /** Models, families or providers; by their roles when left out. */
  readonly critics?: readonly string[];
  readonly strategist?: string;
  readonly judge?: string;
  /** Of the critics' debate at most, 1 to 10. */
  readonly rounds?: number;
  /** Of the strategist's answers at most, 1 to 10. */
  readonly defenseRounds?: number;
  /** Goes on although the critics agree at once that nothing blocks. */
  readonly full?: boolean;
  /** A proposal that is too large is read by section, shortened. */
  readonly summarise?: boolean;
  /** Goes on although settings changed since the debate began. */
  readonly force?: boolean;
  /** USD that the calls may cost at most. */
  readonly budget?: number;
}

export interface DebateOptions extends DebateSettings {
  /** The proposal, as text; the spec of `feature` when left out. */
  readonly proposal?: string;
  readonly feature?: string;
  /** Begins the debate's id; made from the proposal when left out. */
  readonly name?: string;
}

export interface MapOptions extends CallOptions {
  /** How long it may be; 2,000 when left out. */
  readonly tokens?: number;
}

export interface ExportOptions extends CallOptions {
  /** All work of the project when left out. */
  readonly feature?: string;
}

export interface FeatureReport {
  /** All that the page says. */
  readonly document: ReportDocument;
  /** One HTML file that loads nothing and runs nothing; it holds what models were sent and said. */
  readonly page: string;
}

export interface Blueprint {
  /**
   * One answer of several models. The same question again repeats no finished call.
   * @throws BlueprintError when nobody answered (exitCode 5), or the input is wrong (2).
   */
  ask(task: string, options?: AskOptions): Promise<AskOutcome>;
  /** Runs the tasks of a feature that `blueprint new` has planned. @throws BlueprintError */
  run(feature: string, options?: RunOptions): Promise<RunResult>;
  /** A task with its result, and the files or the answer that it ended in. @throws BlueprintError */
  show(feature: string, task: string): Promise<ShownTask>;
  /** All that is kept of a feature, as data and as a page; writes nothing. @throws BlueprintError */
  report(feature: string, options?: CallOptions): Promise<FeatureReport>;
  /** Several candidates for a spec, checked and judged; the best one wins. @throws BlueprintError */
  tournament(options: TournamentOptions): Promise<TournamentReport>;
  /**
   * Critics attack a proposal, its strategist answers. The same proposal again goes on where it stopped.
   * @throws BlueprintError
   */
  debate(options: DebateOptions): Promise<DebateReport>;
  /** Goes on with a debate; without an id with the only unfinished one. @throws BlueprintError */
  resumeDebate(id?: string, options?: DebateSettings): Promise<DebateReport>;
  /** All debates of the project: how far each is, its final position, what it cost. @throws BlueprintError */
  debates(): Promise<DebateStatus[]>;
  /** The part of the project that models see for some words; makes no call. @throws BlueprintError */
  map(query: string, options?: MapOptions): Promise<DrawnMap>;
  /**
   * Pairs of a better and a worse answer to the same prompt, one by one, as `blueprint export preferences`
   * finds them; returns what was left out, by why. @throws BlueprintError
   */
  preferences(options?: ExportOptions): AsyncGenerator<PreferencePair, ExportSkipped>;
  /** Every call, one by one, as `blueprint export trace` gives it. @throws BlueprintError */
  trace(options?: ExportOptions): AsyncGenerator<TraceLine, TraceSummary>;
  /** Who would be asked about a task, by rules; makes no call. @throws BlueprintError */
  route(task: string, options?: RouteOptions): Promise<EnsemblePlan>;
  /**
   * How a task would be solved, and by whom; asks a model once, where one can be asked and `rules` is not set.
   * @throws BlueprintError
   */
  routeTask(task: string, options?: RouteTaskOptions): Promise<RoutedTask>;
  /**
   * Solves a task that belongs to no feature, by the workflow that suits it. The same again repeats no finished
   * call. @throws BlueprintError when no model can be asked (exitCode 5), or the input is wrong (2).
   */
  solve(task: string, options?: SolveOptions): Promise<SolveOutcome>;
}

/**
 * Blueprint from code: see docs/library.md. Reads nothing and starts nothing until one of its functions is
 * called.
 */
export function createBlueprint(options: BlueprintOptions): Blueprint {
  const { onEvent: listen, onWarning } = options;
  const cwd = resolve(options.cwd);
  const below = (path: string | undefined) => (path === undefined ? undefined : resolve(cwd, path));
  const callerOf = ({ signal }: CallOptions): Caller => {
    const signals = [options.signal, signal].filter((each) => each !== undefined);
    return { listen, signal: AbortSignal.any(signals) };
  };

  /** Put together anew for each call: settings may have changed, and each has its own budget. */
  const programWith = async (
    settings: NonNullable<ConfigFlags['options']>,
    untrusted: 'refuse' | 'leave-out' = 'refuse',
  ): Promise<Program> => {
    const { createProgram } = await import('./compose/program.ts');
    return createProgram({
      cwd,
      env: { ...(options.env ?? process.env) },
      flags: {
        options: settings,
        ...(options.trust !== undefined && { trust: options.trust }),
        ...(options.config !== undefined && { config: options.config }),
        ...(options.set !== undefined && { set: options.set }),
      },
      now: () => new Date(),
      untrusted,
      warn: (message) => onWarning?.(message),
    });
  };

  return {
    async ask(task, wanted = {}) {
      const { ask } = await import('./use-cases/ask.ts');
      const { mode = null, models = [], timeoutMs = null, retries = null, out, budget } = wanted;
      const program = await programWith({ budget });
      const caller = callerOf(wanted);
      const input = {
        question: await textOf(task, program),
        mode,
        models,
        context: await filesOf(wanted.context, program, caller),
        timeoutMs,
        retries,
        out: below(out) ?? null,
      };
      return ask(input, program, caller);
    },

    async run(feature, wanted = {}) {
      const { run } = await import('./use-cases/run.ts');
      const { tasks, concurrency, failFast, mode, strategy, budget } = wanted;
      const program = await programWith({ mode, strategy, concurrency, budget });
      const input = { feature, tasks, failFast };
      const { document, ...outcome } = await run(input, program, callerOf(wanted));
      return { ...outcome, tasks: document.tasks };
    },

    async show(feature, task) {
      const { showTask } = await import('./use-cases/show.ts');
      return showTask({ feature, task }, await programWith({}, 'leave-out'));
    },

    async report(feature, wanted = {}) {
      const { reportWithPage } = await import('./use-cases/report.ts');
      return reportWithPage({ feature }, await programWith({}, 'leave-out'), callerOf(wanted));
    },

    async tournament({ spec, context, tests, testCommand, out, budget, signal, ...wanted }) {
      const { tournament } = await import('./use-cases/tournament.ts');
      const program = await programWith({ 'test-command': testCommand, budget });
      const caller = callerOf(signal === undefined ? {} : { signal });
      const input = {
        ...wanted,
        spec: await textOf(spec, program),
        context: await filesOf(context, program, caller),
        tests: below(tests),
        testCommand: testCommand !== undefined,
        out: below(out),
      };
      return tournament(input, program, caller);
    },

    async debate({ proposal, feature, name, ...wanted }) {
      const { debate, debateWished, specOf } = await import('./use-cases/debate.ts');
      const program = await programWith({ budget: wanted.budget });
      const text = proposal ?? (feature === undefined ? '' : await specOf(feature, program));
      const about = { feature: feature ?? null, file: null, name: name ?? null };
      const input = {
        ...about,
        ...debateWished(wanted),
        proposal: await textOf(text, program),
      };
      return debate(input, program, callerOf(wanted));
    },

    async resumeDebate(id, wanted = {}) {
      const { debateWished } = await import('./use-cases/debate.ts');
      const { resumeDebate } = await import('./use-cases/debates.ts');
      const program = await programWith({ budget: wanted.budget });
      return resumeDebate(id ?? null, debateWished(wanted), program, callerOf(wanted));
    },

    async debates() {
      const { listDebates } = await import('./use-cases/debates.ts');
      return listDebates(await programWith({}, 'leave-out'));
    },

    async map(query, { tokens = 2_000, signal } = {}) {
      const { drawMap } = await import('./use-cases/map.ts');
      const caller = callerOf(signal === undefined ? {} : { signal });
      return drawMap(
        { query, tokens, withFacts: true },
        await programWith({}, 'leave-out'),
        caller,
        () => undefined,
      );
    },

    async *preferences({ feature = null, ...wanted } = {}) {
      const { preferencePairs } = await import('./use-cases/export-preferences.ts');
      const program = await programWith({}, 'leave-out');
      return yield* preferencePairs({ feature }, program, callerOf(wanted).signal);
    },

    async *trace({ feature = null, ...wanted } = {}) {
      const { traceLines } = await import('./use-cases/export-trace.ts');
      const program = await programWith({}, 'leave-out');
      return yield* traceLines({ feature }, program, callerOf(wanted).signal);
    },

    async route(question, wanted = {}) {
      const { route } = await import('./use-cases/ask-plan.ts');
      const { mode = null, models = [] } = wanted;
      return route(
        { question, mode, models },
        await programWith({}, 'leave-out'),
        callerOf(wanted),
      );
    },

    async routeTask(task, wanted = {}) {
      const { routeTask } = await import('./use-cases/route-task.ts');
      const { policy = null, rules = false, budget } = wanted;
      const program = await programWith({ budget });
      const input = { text: await textOf(task, program), policy, byModel: !rules };
      return routeTask(input, program, callerOf(wanted));
    },

    async solve(task, wanted = {}) {
      const { solve } = await import('./use-cases/solve.ts');
      const { workflow = null, policy = null, rules = false, rounds = null, budget } = wanted;
      const program = await programWith({ budget });
      const input = {
        text: await textOf(task, program),
        workflow,
        policy,
        byModel: !rules,
        tests: below(wanted.tests) ?? null,
        sources: (wanted.sources ?? []).map((path) => resolve(cwd, path)),
        rounds,
        out: below(wanted.out) ?? null,
      };
      return solve(input, program, callerOf(wanted));
    },
  };
}

async function textOf(text: string, program: Program): Promise<string> {
  const { briefText } = await import('./use-cases/given-input.ts');
  return briefText(Buffer.from(text), 'that was given', program);
}

async function filesOf(globs: readonly string[] = [], program: Program, caller: Caller) {
  const { contextFiles } = await import('./use-cases/given-input.ts');
  return (await contextFiles(globs, program, caller)).files;
}
