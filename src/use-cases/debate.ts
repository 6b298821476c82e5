import * as z from 'zod';
import { runDebate } from '../debate/run-debate.ts';
import type { DebateContext } from '../debate/context.ts';
import { chooseDebaters, type ChosenDebaters } from '../debate/debaters.ts';
import { expectedDebate, type DebateEstimate } from '../debate/expected-calls.ts';
import { finalPage, transcriptPage } from '../debate/pages.ts';
import { promptsHash } from '../debate/prompts.ts';
import { summarised } from '../debate/summarise.ts';
import type { Debaters, FinalPosition } from '../domain/debate.ts';
import type { DebateSettings } from '../domain/debate-settings.ts';
import { BlueprintError, ExitCode, usageFault } from '../domain/errors.ts';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { estimateTokens } from '../domain/text.ts';
import { checkFeatureName, deriveFeatureName } from '../pipeline/feature-slug.ts';
import type { CostReport } from '../report/cost.ts';
import type { ModelPool } from '../strategies/strategy.ts';
import { filesBelow } from '../supervisor/steps.ts';
import type { Asking } from '../supervisor/work.ts';
import { jsonText } from '../text/json-as.ts';
import { sha256 } from '../text/sha256.ts';
import { filesOf } from './ad-hoc-work.ts';
import { checkModelNames } from './ask-plan.ts';
import { countedCost } from './counted-cost.ts';
import type { Caller, Program, Session } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

/** What a debate was asked for with; null: what the config says. Kept, so that it goes on with the same. */
export const debateOptionsSchema = z.strictObject({
  version: z.literal(1),
  /** SHA-256, hex, of the proposal. */
  proposal: z.string(),
  /** Begins the id. */
  name: z.string(),
  /** The feature whose spec it is; null for none. */
  feature: z.string().nullable(),
  /** The file that it came from, from the project's root; null for stdin. */
  file: z.string().nullable(),
  strategist: z.string().nullable(),
  critics: z.array(z.string()).nullable(),
  judge: z.string().nullable(),
  rounds: z.int().nullable(),
  defenseRounds: z.int().nullable(),
  full: z.boolean().nullable(),
  /** What is too large is read by section, shortened. */
  summarise: z.boolean(),
});
export type DebateOptions = z.infer<typeof debateOptionsSchema>;

export interface DebateInput extends Omit<DebateOptions, 'version' | 'proposal' | 'name'> {
  readonly proposal: string;
  /** Made from the proposal where it is null. */
  readonly name: string | null;
  /** Goes on although settings changed since the debate began. */
  readonly force: boolean;
}

/** Null: as the config says. */
export type DebateWished = Pick<
  DebateInput,
  'critics' | 'strategist' | 'judge' | 'rounds' | 'defenseRounds' | 'full' | 'summarise' | 'force'
>;

type Wishes = {
  readonly [Key in keyof DebateWished]?: Readonly<NonNullable<DebateWished[Key]>> | undefined;
};

export function debateWished(wishes: Wishes): DebateWished {
  const { critics, strategist, judge, rounds, defenseRounds, full, summarise, force } = wishes;
  return {
    critics: critics === undefined ? null : [...critics],
    strategist: strategist ?? null,
    judge: judge ?? null,
    rounds: rounds ?? null,
    defenseRounds: defenseRounds ?? null,
    full: full ?? null,
    summarise: summarise ?? false,
    force: force ?? false,
  };
}

/** Nothing is asked for beside what the config says. */
export const debateByConfig = {
  name: null,
  feature: null,
  file: null,
  strategist: null,
  critics: null,
  judge: null,
  rounds: null,
  defenseRounds: null,
  full: null,
  summarise: true,
  force: false,
} as const satisfies Omit<DebateInput, 'proposal'>;

export interface DebateReport {
  readonly id: string;
  /** Absolute: where all of it is kept. */
  readonly folder: string;
  readonly position: FinalPosition;
  /** The final position as Markdown. */
  readonly page: string;
  /** What this command has cost. */
  readonly cost: CostReport;
  readonly exitCode: ExitCode;
}

/**
 * Debates a proposal, or goes on with its debate: the same proposal under the same name is the same debate.
 * @throws BlueprintError of the input, `no-model`, `debate-too-few-families`, `proposal-too-large`,
 * `work-changed`, `work-held`. @throws ModelError when one who takes part cannot be heard
 */
export async function debate(
  input: DebateInput,
  program: Program,
  caller: Caller,
): Promise<DebateReport> {
  const { proposal, force } = input;
  // Before anything is written: settings that were left out would be another debate's.
  if (program.config.untrusted !== null) throw new BlueprintError(program.config.untrusted);
  refuseSecrets('The proposal', proposal, program.redactor);
  const { name, options, settings, debaters, warnings, isLarge } = await prepared(
    input,
    program,
    caller,
  );
  const { counted, report } = await countedCost(caller, program);
  const folder = {
    kind: 'debates',
    name,
    inputs: { proposal },
    config: program.config,
    facts: { ...factsOf(proposal, debaters, settings), summarised: `${isLarge}` },
    force,
  } as const;
  return program.inFolder(folder, counted, async (session) => {
    const { artefacts, emit } = session;
    const write = (file: string, text: string) => artefacts.write(session.name, file, text);
    await write('proposal.md', proposal);
    await write('options.json', jsonText(options));
    // What it came to before stands no more.
    if (force) await write('final.json', '');
    for (const message of warnings)
      emit({ type: 'warning', code: 'debate-families', message, task: null });
    const whole = await contextOf(session, input, { debaters, settings }, program);
    const context = isLarge ? { ...whole, proposal: await summarised(whole) } : whole;
    const result = await runDebate(context, (answers) =>
      write('answers.jsonl', answers.map((each) => shownJson(JSON.stringify(each))).join('')),
    );
    const { position } = result;
    const page = finalPage(position);
    await write('transcript.md', transcriptPage(result, proposal));
    await write('final.md', page);
    await write('final.json', shownJson(jsonText(position)));
    return {
      id: session.name,
      folder: session.folder,
      position,
      page,
      cost: report(),
      exitCode: exitCodeOf(position),
    };
  });
}

/** One JSON text, with what models wrote in it as it may be printed to a terminal. */
function shownJson(json: string): string {
  return `${jsonWithHiddenShown(json).trimEnd()}\n`;
}

export interface DebatePreview extends ChosenDebaters, DebateEstimate {}

/** What a debate would take. Makes no call and writes nothing. @throws as `debate` */
export async function previewDebate(
  input: DebateInput,
  program: Program,
  caller: Caller,
): Promise<DebatePreview> {
  const { settings, debaters, warnings } = await prepared(input, program, caller);
  const priceOf = (await program.prices()).of;
  return {
    debaters,
    warnings,
    ...expectedDebate(input.proposal, debaters, settings, priceOf),
  };
}

/** 0 for a proposal that may be built, conditions or not; 1 where it is blocked; 3 where issues stay unanswered. */
export function exitCodeOf({ missing, verdict }: FinalPosition): ExitCode {
  if (missing.length > 0) return ExitCode.needsReview;
  return verdict === 'BLOCKED' ? ExitCode.failed : ExitCode.done;
}

interface Prepared extends ChosenDebaters {
  readonly name: string;
  readonly options: DebateOptions;
  readonly settings: DebateSettings;
  /** It is shown shortened. */
  readonly isLarge: boolean;
}

async function prepared(
  input: DebateInput,
  { config, pool: poolOf }: Program,
  { signal }: Caller,
): Promise<Prepared> {
  const { proposal, name, feature, file, strategist, judge } = input;
  const { debate: configured } = config;
  const rounds = bounded('--rounds', input.rounds ?? configured.rounds);
  const defenseRounds = bounded(
    '--defense-rounds',
    input.defenseRounds ?? configured.defenseRounds,
  );
  const settings = { rounds, defenseRounds, full: input.full ?? configured.full };
  const critics = input.critics ?? configured.critics;
  const named = [strategist, judge, ...(critics ?? [])].filter((each) => each !== null);
  checkModelNames(named, config, '--critics, --strategist or --judge');
  const pool = await poolOf(named, signal);
  const { count, fewFamilies } = configured;
  const chosen = chooseDebaters(pool.primaries, { strategist, critics, judge, count, fewFamilies });
  const tooLarge = sizeProblem(proposal, chosen.debaters, pool, config.executor.maxOutputTokens);
  if (tooLarge !== null && !input.summarise) throw tooLarge;
  const slug = name === null ? (feature ?? deriveFeatureName(proposal)) : checkFeatureName(name);
  return {
    ...chosen,
    name: slug,
    settings,
    isLarge: tooLarge !== null,
    options: {
      version: 1,
      proposal: sha256(proposal),
      name: slug,
      feature,
      file,
      strategist,
      critics: input.critics,
      judge,
      rounds: input.rounds,
      defenseRounds: input.defenseRounds,
      full: input.full,
      summarise: input.summarise,
    },
  };
}

function bounded(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 10) return value;
  throw usageFault(`${option} takes a whole number from 1 to 10`, `Give it as ${option} 3.`);
}

/** Beside the proposal: instructions, issues of all critics, what was said last. */
const besideTokens = 12_000;

/** `proposal-too-large`, where a model cannot take what it would be shown; null where all can. */
function sizeProblem(
  proposal: string,
  { strategist, critics, judge }: Debaters,
  pool: ModelPool,
  maxOutputTokens: number,
): BlueprintError | null {
  const tokens = estimateTokens(proposal);
  const known = new Map(
    (['strategist', 'critic', 'judge'] as const)
      .flatMap((role) => pool.primaries(role))
      .map(({ model, contextTokens }) => [model, contextTokens]),
  );
  for (const { model } of [strategist, ...critics, judge]) {
    const takes = known.get(model) ?? null;
    if (takes === null) continue;
    const room = takes - Math.min(maxOutputTokens, takes / 2) - besideTokens;
    if (tokens <= room) continue;
    return new BlueprintError({
      code: 'proposal-too-large',
      message: `The proposal has about ${tokens} tokens; ${model} takes ${takes}, of which ${Math.max(0, Math.floor(room))} are left for it`,
      target: model,
      fix: 'Have it read by section, shortened (--summarise), debate a part of it, or name models that take more (--critics, --strategist, --judge).',
    });
  }
  return null;
}

/** What may not change unnoticed while a debate goes on. */
function factsOf(
  proposal: string,
  { strategist, critics, judge }: Debaters,
  { rounds, defenseRounds, full }: DebateSettings,
): Record<string, string> {
  return {
    proposal: sha256(proposal),
    prompts: promptsHash,
    strategist: strategist.model,
    critics: critics.map(({ model }) => model).join(', '),
    judge: judge.model,
    rounds: `${rounds}`,
    'defense-rounds': `${defenseRounds}`,
    full: `${full}`,
  };
}

async function contextOf(
  session: Session,
  { proposal }: DebateInput,
  { debaters, settings }: Pick<Prepared, 'debaters' | 'settings'>,
  program: Program,
): Promise<DebateContext> {
  return {
    asking: await askingOf(session, program),
    id: session.name,
    proposal,
    original: proposal,
    debaters,
    settings,
    files: filesBelow(filesOf(session), 'partial/debate'),
  };
}

/** What the calls of a debate share. */
export async function askingOf(
  { name, emit, signal, router }: Session,
  { config }: Program,
): Promise<Asking> {
  return {
    limits: { maxOutputTokens: config.executor.maxOutputTokens },
    salt: undefined,
    purpose: { stage: 'debate', feature: name, task: null, attempt: 1, round: 0 },
    router: await router(),
    emit,
    signal,
  };
}

/** The spec of a feature, planned or not. @throws BlueprintError where there is none */
export async function specOf(feature: string, { artefacts, store }: Program): Promise<string> {
  const spec = await artefacts.read(feature, 'spec.md');
  if (spec !== null) return spec;
  await store.get(feature);
  throw usageFault(`The feature ${feature} has no spec.md`, 'Plan it: blueprint new');
}
