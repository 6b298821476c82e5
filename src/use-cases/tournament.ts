import type { ResolvedTournament } from '../config/resolved-config.ts';
import { BlueprintError, ExitCode, usageFault } from '../domain/errors.ts';
import { isRules } from '../domain/model-role.ts';
import { requirementsOf } from '../domain/spec.ts';
import { toSingleLine } from '../domain/text.ts';
import { draftName } from '../files/draft-name.ts';
import { deriveFeatureName } from '../pipeline/feature-slug.ts';
import type { ContextFile } from '../pipeline/ports.ts';
import type { CostReport } from '../report/cost.ts';
import { runTournament, type TournamentResult } from '../strategies/tournament/run-tournament.ts';
import { mostCandidates, type TournamentSettings } from '../domain/tournament-settings.ts';
import type { TournamentTable } from '../strategies/tournament/table.ts';
import { adHocWork } from './ad-hoc-work.ts';
import type { AnswerFile } from './ask-outcome.ts';
import { givenTests, withTests } from './given-tests.ts';
import { countedCost } from './counted-cost.ts';
import type { Caller, Program } from './program.ts';
import { projectParts, type ShownProject } from './project-parts.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { promptOf, taskOf } from './tournament-prompt.ts';

export interface TournamentInput {
  readonly spec: string;
  readonly context: readonly ContextFile[];
  readonly k?: number | undefined;
  readonly loops?: number | undefined;
  /** Names; those of the config when absent. */
  readonly critics?: readonly string[] | undefined;
  readonly earlyStop?: boolean | undefined;
  /** Absolute: a folder of tests that must pass. */
  readonly tests?: string | undefined;
  /** The user gave the command that runs the tests, which must pass. */
  readonly testCommand?: boolean;
  /** Absolute: where the approved winner's files go. */
  readonly out?: string | undefined;
}

export interface TournamentReport {
  readonly id: string;
  /** Absolute: where all of it is kept. */
  readonly folder: string;
  /** What of the project the models saw beside `context`; null where that is nothing. */
  readonly project: ShownProject | null;
  readonly table: TournamentTable;
  /** Of the winner, sorted; null content for a deletion. */
  readonly files: readonly AnswerFile[];
  /** What was written into `out`; null when nothing was. */
  readonly written: readonly string[] | null;
  /** What this command has cost. */
  readonly cost: CostReport;
  readonly exitCode: ExitCode;
}

/**
 * A tournament over any folder, from a spec. The same command again over the same project goes on, or shows the
 * same, and pays for no finished call twice.
 * @throws BlueprintError of its input, `no-model`, or of the files in the way; ModelError when no candidate
 * could be had
 */
export async function tournament(
  wanted: TournamentInput,
  program: Program,
  caller: Caller,
): Promise<TournamentReport> {
  const tested = wanted.tests !== undefined || wanted.testCommand === true;
  const config = tested ? withTests(program.config) : program.config;
  refuseSecrets('The spec', wanted.spec, program.redactor);
  const mustPass = tested ? ['tests'] : [];
  const settings = settingsOf(config.tournament, wanted, mustPass);
  const tests =
    wanted.tests === undefined ? new Map() : await givenTests(config.root, wanted.tests);
  const task = taskOf(wanted.spec);
  const { executor, gates } = config;
  const { coder, critic, synthesizer, judge } = config.roles;
  // Keys in the order of version 0.1.0, whose tournaments are found by the same text.
  const { k, loops, margin, earlyStop, deadlineMs, critics, ...more } = settings;
  const { knownCritics } = config.tournament;
  const { run, testCommand, commands, setup } = gates;
  const prepare = setup === null || setup.reads !== null ? setup : setup.run;
  const inputs = {
    prompt: promptOf(task, wanted, config.executor.codec),
    settings: { k, loops, margin, earlyStop, deadlineMs, critics, knownCritics, ...more },
    models: { coder, critic, synthesizer, judge },
    gates: { run, testCommand, commands, prepare },
    tests: [...tests],
    output: executor.maxOutputTokens,
  };
  const { counted, report } = await countedCost(caller, program);
  const name = deriveFeatureName(wanted.spec);
  const folder = { kind: 'tournaments', name, inputs, config } as const;
  return program.inFolder(folder, counted, async (session) => {
    const { emit, artefacts } = session;
    const router = await session.router();
    const out = wanted.out === undefined ? null : await session.outFolder(wanted.out);
    await out?.check();
    if (isRules(router.decide('coder').chosen)) throw needsModel(config.roles.coder);
    emit({ type: 'task-start', task: task.id, title: task.title, attempt: 1, resumed: false });
    const { spec: words, context } = wanted;
    const project = await projectParts(session, program, { task: task.id, words, context });
    const prompt = promptOf(task, wanted, executor.codec, project.parts);
    const about = {
      task,
      stage: 'execute',
      of: task.id,
      prompt,
      words: wanted.spec,
      frozen: tests,
      requirements: requirementsOf(wanted.spec),
      folder: 'partial',
    };
    const result = await runTournament({
      ...(await adHocWork(session, config, about)),
      settings,
      priceOf: (await program.prices()).of,
    });
    const { winner, table, doubts, stop } = result;
    const { changes } = winner.candidate;
    for (const [path, content] of changes)
      if (content !== null)
        await artefacts.write(session.name, `files/${winner.id}/${draftName(path)}`, content);
    const base = (await session.workspace()).project();
    const written =
      doubts.length === 0 && out !== null ? await out.write(await base.checkedOut(changes)) : null;
    emit({
      type: 'task-finish',
      task: task.id,
      status: doubts.length === 0 ? 'done' : 'needs_review',
      reason: reasonOf(result),
      attempt: 1,
      rounds: result.rounds.length,
    });
    const exitCode = stop?.exitCode ?? (doubts.length === 0 ? ExitCode.done : ExitCode.needsReview);
    await project.finish(exitCode);
    return {
      id: session.name,
      folder: session.folder,
      project: project.shown,
      table,
      files: [...changes]
        .map(([path, content]) => ({ path, content }))
        .sort((a, b) => (a.path < b.path ? -1 : 1)),
      written,
      cost: report(),
      exitCode,
    };
  });
}

function settingsOf(
  config: ResolvedTournament,
  wanted: TournamentInput,
  mustPass: readonly string[],
): TournamentSettings {
  const { k = config.k, loops = config.loops, earlyStop = config.earlyStop } = wanted;
  if (!Number.isInteger(k) || k < 1 || k > mostCandidates)
    throw usageFault(`--k takes a whole number from 1 to ${mostCandidates}`, 'Give it as --k 3.');
  if (!Number.isInteger(loops) || loops < 0 || loops > 10)
    throw usageFault('--loops takes a whole number from 0 to 10', 'Give it as --loops 2.');
  const known = config.knownCritics;
  const critics = wanted.critics?.map((name) => {
    const critic = known.find((each) => each.name === name);
    if (critic !== undefined) return critic;
    throw usageFault(
      `There is no critic «${toSingleLine(name, 60)}»`,
      `Known are ${known.map((each) => each.name).join(', ')}; describe others under "critics" in the config.`,
    );
  });
  if (critics?.length === 0)
    throw usageFault('--critics names nobody', 'Give it as --critics a,b.');
  const own = critics === undefined ? {} : { critics: [...new Set(critics)] };
  return { ...config, k, loops, earlyStop, mustPass, ...own };
}

function reasonOf({ doubts, winner }: TournamentResult): string {
  return doubts.length === 0
    ? `${winner.id} wins: the checks passed and no critic found what blocks.`
    : doubts.map(({ reason, detail }) => `${reason}: ${toSingleLine(detail)}`).join(' ');
}

function needsModel({ models }: { models: readonly { provider: string }[] }): BlueprintError {
  return new BlueprintError({
    code: 'no-model',
    message: 'A tournament needs a model: rules would write the same each time',
    target: 'roles.coder',
    fix: `Set the key of one of ${[...new Set(models.map(({ provider }) => provider))].filter((name) => name !== 'offline').join(', ')}, or change roles.coder in the config.`,
    exitCode: ExitCode.unavailable,
  });
}
