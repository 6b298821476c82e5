import { finalPositionSchema, type FinalPosition } from '../domain/debate.ts';
import { answerText } from '../domain/deliverable.ts';
import { BlueprintError, orNull, throwIfAborted } from '../domain/errors.ts';
import { derivedStates } from '../domain/graph.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { approvedWork, proposedWork } from '../executor/decide.ts';
import { createCostFold } from '../report/cost.ts';
import { reportPage } from '../report/page/page.ts';
import { roomFor, type Room } from '../report/work/bounded.ts';
import { bounds, cutText } from '../report/work/bounds.ts';
import { debatePart } from '../report/work/debate-part.ts';
import type { DebatePart, ReportDocument, TaskWork, WorkPart } from '../report/work/document.ts';
import { featurePart } from '../report/work/feature-part.ts';
import { createJournalFold, type JournalReading } from '../report/work/journal.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { displayableDiff, unifiedDiff } from '../text/unified-diff.ts';
import { adHocCosts } from './cost.ts';
import { debateStatus, listDebates, type DebateStatus } from './debates.ts';
import { textsBefore } from './diff.ts';
import type { Caller, Program } from './program.ts';

/**
 * All that is kept of a feature, read and judged: nothing is written, and no call is made.
 * @throws BlueprintError `feature-not-found`, `feature-not-planned`
 */
export async function report(
  { feature }: { readonly feature: string },
  program: Program,
  { signal }: Caller,
): Promise<ReportDocument> {
  const document = await program.store.get(feature);
  const prices = await program.prices();
  const parts = program.look(feature, signal);
  const costs = createCostFold(prices.of);
  const events = createJournalFold();
  const skipped = await parts.readEvents((event) => {
    costs.follow(event);
    events.follow(event);
  });
  throwIfAborted(signal);
  const journal = events.reading();
  const cost = costs.report();
  const kept = featurePart({
    document,
    states: derivedStates(document.tasks),
    saidByFile: await program.store.saidByFile(feature, document.tasks),
    works: await worksOf(feature, document, program, signal),
    journal,
    cost,
  });
  const debates = await listDebates(program);
  const own = debates.filter((debate) => debate.feature === feature);
  return program.redactor.deep<ReportDocument>({
    version: 1,
    made: program.now().toISOString(),
    subject: { kind: 'feature', name: feature, title: document.title },
    feature: kept,
    debates: [
      ...own.map((status) => debateOf(status, status.cost.total)),
      ...(await taskDebates(feature, document, journal, program)),
    ].map(debatePart),
    cost,
    pricesAsOf: prices.asOf,
    skipped,
    works: await otherWorks(own, program),
  });
}

export type { ReportDocument };

/** A feature's report, and the page that is drawn from it. @throws BlueprintError as `report` */
export async function reportWithPage(
  input: { readonly feature: string },
  program: Program,
  caller: Caller,
): Promise<{ readonly document: ReportDocument; readonly page: string }> {
  const document = await report(input, program, caller);
  return { document, page: reportPage(document) };
}

/** A debate of its own; without an id the only one. @throws BlueprintError `debate-not-found` */
export async function debateReport(
  { id }: { readonly id: string | null },
  program: Program,
): Promise<ReportDocument> {
  const status = await debateStatus(id, program);
  return program.redactor.deep<ReportDocument>({
    version: 1,
    made: program.now().toISOString(),
    subject: { kind: 'debate', name: status.id, title: aboutOf(status) },
    feature: null,
    debates: [debatePart(debateOf(status, null))],
    cost: status.cost,
    pricesAsOf: (await program.prices()).asOf,
    skipped: { unreadable: 0, unknown: 0 },
    works: await otherWorks([status], program),
  });
}

/** The feature that is meant where none is named: the only one. @throws BlueprintError `feature-missing` */
export async function onlyFeature(program: Pick<Program, 'features'>): Promise<string> {
  const [only, ...others] = await program.features();
  if (only !== undefined && others.length === 0) return only;
  throw new BlueprintError({
    code: 'feature-missing',
    message:
      only === undefined
        ? 'There is no feature to report on'
        : 'There are several features to report on',
    fix:
      only === undefined
        ? 'Make one: blueprint new brief.md. A debate of its own: blueprint report --debate ID'
        : `Name one: blueprint report ${only}. All of them: blueprint list`,
  });
}

/** What tasks came to, by id: approved work, else what is proposed. */
async function worksOf(
  feature: string,
  { tasks }: FeatureDocument,
  program: Program,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TaskWork>> {
  const works = new Map<string, TaskWork>();
  const room = roomFor(bounds.diffs);
  for (const task of tasks) {
    throwIfAborted(signal);
    const work = await workOf(feature, task, program, signal);
    if (work !== null) works.set(task.id, cutWork(work, room));
  }
  return works;
}

async function workOf(
  feature: string,
  task: Task,
  program: Program,
  signal: AbortSignal,
): Promise<TaskWork | null> {
  const approved = await approvedWork(feature, task, program);
  const work = approved ?? (await proposedWork(feature, task, program));
  if (work === null) return null;
  const { changes, outcome } = work;
  const standing = approved === null ? 'proposed' : 'approved';
  const { deliverable } = outcome;
  if (deliverable.kind === 'answer')
    return { standing, files: [], diff: '', cutLines: 0, answer: answerText(deliverable) };
  // Over the files that are there now; where the system refuses to read them, over none.
  const before =
    approved?.before ??
    (await orNull(
      program
        .look(feature, signal)
        .workspace()
        .then((workspace) => textsBefore(workspace.base(), changes)),
    ));
  const diff = unifiedDiff(before?.texts ?? new Map(), changes, before?.noText);
  return { standing, files: [...changes.keys()].sort(), diff, cutLines: 0, answer: null };
}

/** With as much of it as there is room for. */
function cutWork(work: TaskWork, room: Room): TaskWork {
  const lines = displayableDiff(work.diff.replaceAll('\r\n', '\n')).trimEnd().split('\n');
  const shown: string[] = [];
  for (const line of lines) {
    const cut = cutText(line, bounds.text);
    if (shown.length === bounds.diffLines || !room.take(cut.length)) break;
    shown.push(cut);
  }
  return {
    ...work,
    files: work.files.slice(0, bounds.events),
    diff: shown.join('\n'),
    cutLines: lines.length - shown.length,
    answer: work.answer === null ? null : cutText(work.answer, 4 * bounds.text),
  };
}

function aboutOf({ feature, file, id }: DebateStatus): string {
  if (feature !== null) return `the spec of ${feature}`;
  return file ?? id;
}

function debateOf(status: DebateStatus, spend: DebatePart['spend']): DebatePart {
  const { id, position } = status;
  const steps = status.steps.map(({ phase, name, outcome, detail }) => ({
    of: 'debate',
    step: phase,
    name,
    outcome,
    detail,
  }));
  return { id, about: aboutOf(status), position, steps, spend };
}

/** Debates of what tasks delivered, before its review: of each task's last attempt. */
async function taskDebates(
  feature: string,
  { tasks }: FeatureDocument,
  { attempts }: JournalReading,
  { artefacts }: Program,
): Promise<DebatePart[]> {
  const debates: DebatePart[] = [];
  for (const { id, title } of tasks) {
    const last = attempts.get(id)?.findLast(({ steps }) => steps.some(isOfDebate));
    if (last === undefined) continue;
    const path = `partial/${id}/${last.number}/debate/final.json`;
    const position = parseJsonAs<FinalPosition>(
      await artefacts.read(feature, path),
      finalPositionSchema,
    );
    const steps = last.steps.filter(isOfDebate);
    const about = `what ${id} delivered: ${title}`;
    debates.push({ id: `${id}-${last.number}`, about, position, steps, spend: null });
  }
  return debates;
}

function isOfDebate({ of }: { readonly of: string }): boolean {
  return of === 'debate';
}

async function otherWorks(
  known: readonly DebateStatus[],
  program: Program,
): Promise<readonly WorkPart[]> {
  const paths = new Set(known.map(({ path }) => path));
  return (await adHocCosts(program))
    .filter(({ path }) => !paths.has(path))
    .map(({ path, report: { total, cutOff } }) => ({ path, spend: total, cutOff }));
}
