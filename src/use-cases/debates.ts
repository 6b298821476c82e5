import { finalPositionSchema, type FinalPosition } from '../domain/debate.ts';
import { BlueprintError } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import { createCostFold, type CostReport } from '../report/cost.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { didYouMean } from '../text/nearest.ts';
import { sha256 } from '../text/sha256.ts';
import {
  debate,
  debateOptionsSchema,
  type DebateInput,
  type DebateOptions,
  type DebateReport,
  type DebateWished,
} from './debate.ts';
import type { AdHocFolder, AdHocWork, Caller, Program } from './program.ts';

/** A part of a debate that ended, for people. */
export interface DebateStep {
  /** As `baseline`, `round`, `judge`, `peer-review`, `defence`, `final`. */
  readonly phase: string;
  readonly name: string | null;
  readonly outcome: string;
  readonly detail: string;
}

export interface DebateStatus {
  readonly id: string;
  /** From the project's root. */
  readonly path: string;
  readonly feature: string | null;
  readonly file: string | null;
  /** What ended so far, in order, each once. */
  readonly steps: readonly DebateStep[];
  /** Null: it is not finished. */
  readonly position: FinalPosition | null;
  readonly cost: CostReport;
}

/** All debates of the project, by id. */
export async function listDebates(program: Program): Promise<DebateStatus[]> {
  const all = await foldersOf(program);
  return Promise.all(all.map((work) => statusOf(work, program)));
}

/** One debate; without an id the only one. @throws BlueprintError `debate-not-found` */
export async function debateStatus(id: string | null, program: Program): Promise<DebateStatus> {
  return statusOf(await find(id, program), program);
}

/** The final position as Markdown; null while there is none. @throws BlueprintError `debate-not-found` */
export async function showDebate(
  id: string | null,
  program: Program,
): Promise<{ status: DebateStatus; page: string | null }> {
  const work = await find(id, program);
  const status = await statusOf(work, program);
  return { status, page: status.position === null ? null : await work.read('final.md') };
}

/**
 * Goes on with a debate, with what it was asked for with; without an id with the only one that is not finished.
 * @throws BlueprintError `debate-not-found`, `debate-damaged`, `proposal-changed`, and as `debate`
 */
export async function resumeDebate(
  id: string | null,
  wanted: DebateWished,
  program: Program,
  caller: Caller,
): Promise<DebateReport> {
  const work = await find(id, program, async (each) => (await positionOf(each)) === null);
  const { options, proposal } = await begun(work);
  return debate({ ...options, ...given(wanted), proposal, force: wanted.force }, program, caller);
}

/** What it was begun with. @throws BlueprintError `debate-damaged`, `proposal-changed` */
export async function begun(
  work: AdHocWork,
): Promise<{ options: DebateOptions; proposal: string }> {
  const options = await optionsOf(work);
  const proposal = await work.read('proposal.md');
  if (options === null || proposal === null)
    throw new BlueprintError({
      code: 'debate-damaged',
      message: `The debate ${idOf(work)} cannot be gone on with: ${options === null ? 'options.json' : 'proposal.md'} is missing or damaged`,
      target: `${work.path}/${options === null ? 'options.json' : 'proposal.md'}`,
      fix: 'Start it again with the same proposal: finished steps are found and kept.',
    });
  if (sha256(proposal) !== options.proposal)
    throw new BlueprintError({
      code: 'proposal-changed',
      message: `The proposal of the debate ${idOf(work)} was changed since it began`,
      target: `${work.path}/proposal.md`,
      fix: `Put it back, or debate the changed one: blueprint debate start ${work.path}/proposal.md`,
    });
  return { options, proposal };
}

/** To open it for more than a reading. */
export function debateFolder(
  { name }: DebateOptions,
  proposal: string,
  { config }: Program,
): AdHocFolder {
  return { kind: 'debates', name, inputs: { proposal }, config };
}

function given(wanted: DebateWished): Partial<DebateInput> {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([, value]) => value !== undefined && value !== null && value !== false,
    ),
  );
}

async function statusOf(work: AdHocWork, program: Program): Promise<DebateStatus> {
  const steps = new Map<string, DebateStep>();
  const fold = createCostFold((await program.prices()).of);
  await work.readEvents((event) => {
    fold.follow(event);
    if (event.type !== 'step-finish' || event.of !== 'debate') return;
    const { step: phase, name, outcome, detail } = event;
    // What is resumed is told again.
    steps.set(`${phase} ${name ?? ''}`, { phase, name, outcome, detail });
  });
  const options = await optionsOf(work);
  return {
    id: idOf(work),
    path: work.path,
    feature: options?.feature ?? null,
    file: options?.file ?? null,
    steps: [...steps.values()],
    position: await positionOf(work),
    cost: fold.report(),
  };
}

async function optionsOf(work: AdHocWork): Promise<DebateOptions | null> {
  return parseJsonAs(await work.read('options.json'), debateOptionsSchema);
}

/** The final position; null while there is none, or none that can be read. */
export async function positionOf(work: AdHocWork): Promise<FinalPosition | null> {
  return parseJsonAs(await work.read('final.json'), finalPositionSchema);
}

function idOf({ path }: AdHocWork): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function foldersOf(program: Program): Promise<AdHocWork[]> {
  const all = await program.adHocWork();
  return all.filter(({ path }) => path.startsWith('.blueprint/debates/'));
}

/** The debate of that id; without one the only one that fits. */
export async function find(
  id: string | null,
  program: Program,
  fits: (work: AdHocWork) => Promise<boolean> = async () => true,
): Promise<AdHocWork> {
  const all = await foldersOf(program);
  const ids = all.map(idOf);
  if (id !== null) {
    const found = all.find((work) => idOf(work) === id);
    if (found !== undefined) return found;
    throw notFound(`There is no debate «${toSingleLine(id, 100)}»`, `${didYouMean(id, ids)}`, ids);
  }
  const fitting: AdHocWork[] = [];
  for (const work of all) if (await fits(work)) fitting.push(work);
  const [only, another] = fitting;
  if (only !== undefined && another === undefined) return only;
  throw notFound(
    fitting.length === 0 ? 'There is no debate to take' : 'There are several debates',
    '',
    fitting.map(idOf),
  );
}

function notFound(message: string, hint: string, ids: readonly string[]): BlueprintError {
  return new BlueprintError({
    code: 'debate-not-found',
    message,
    target: '.blueprint/debates',
    fix:
      ids.length === 0
        ? 'Begin one: blueprint debate start FILE'
        : `${hint}Name one of: ${ids.join(', ')}`,
  });
}
