import {
  withPermitted,
  type Autorun,
  type FindAutoruns,
  type PermittedFile,
} from '../domain/autorun.ts';
import type { FileChanges } from '../domain/bundle.ts';
import { bundleOver, deliveredFiles } from '../domain/deliverable.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { Emit } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { isRules } from '../domain/model-role.ts';
import type { Task } from '../domain/task.ts';
import { cleanedText } from '../domain/text.ts';
import type { Gates } from '../supervisor/checks.ts';
import { fileHashes, gateLines } from '../workflows/task-result.ts';
import { contentHash } from '../text/moved-file.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import {
  approvalReason,
  autorunsOf,
  criteriaSeen,
  isAutorunFailure,
  orPermitted,
  refuseFailedGates,
  refuseUnpermitted,
} from './approval.ts';
import { attemptOf, openAttempt, type AttemptOutcome } from './attempt.ts';
import { decided, settleByHand, type ByHandDependencies } from './by-hand.ts';
import { refuseForeign, warnOfForeign } from './foreign-work.ts';
import { requireLease } from './require-lease.ts';
import { withFinished } from './with-finished.ts';
import { proposedFiles } from './proposed-files.ts';
import { baseOfChanges, rebaseWork } from './merge-work.ts';
import { noteOf, type TaskDependencies } from './task-dependencies.ts';

export interface DecisionDependencies
  extends ByHandDependencies, Gates, Pick<TaskDependencies, 'artefacts' | 'workspace'> {
  readonly signal: AbortSignal;
  readonly findAutoruns: FindAutoruns;
}

/** Files as they were before changes. */
export interface TextsBefore {
  readonly texts: FileChanges;
  /** Paths of those that were there and are no text. */
  readonly noText: ReadonlySet<string>;
}

export interface PendingWork {
  readonly task: Task;
  readonly changes: FileChanges;
  readonly outcome: AttemptOutcome;
  /** Files that a person changed since the attempt ended. */
  readonly edited: readonly string[];
}

export interface ApprovalOptions {
  /** Although a gate fails; never for unsafe paths, nor for what runs by itself. */
  readonly force: boolean;
  /** What runs by itself, and the person has seen and said yes to. */
  readonly permitted?: readonly PermittedFile[];
}

/** What was approved of a task, and what it was made on; null where it is not done. */
export async function approvedWork(
  slug: string,
  task: Task,
  dependencies: Pick<DecisionDependencies, 'artefacts'>,
): Promise<{ outcome: AttemptOutcome; before: TextsBefore; changes: FileChanges } | null> {
  if (task.status !== 'done') return null;
  const outcome = (await attemptOf(slug, task, dependencies)?.approved()) ?? null;
  if (outcome === null) return null;
  const changes = deliveredFiles(outcome.deliverable);
  const known = new Map(outcome.base);
  const texts = new Map([...changes.keys()].map((path) => [path, known.get(path) ?? null]));
  const there = outcome.seen.flatMap(([path, hash]) => (hash === null ? [] : [path]));
  const noText = new Set(there.filter((path) => !known.has(path)));
  return { outcome, before: { texts, noText }, changes };
}

/** What a task's last attempt proposes, a person's edits below `partial/…/files` included. */
export async function proposedWork(
  slug: string,
  task: Task,
  dependencies: Pick<DecisionDependencies, 'artefacts'>,
): Promise<PendingWork | null> {
  const attempt = attemptOf(slug, task, dependencies);
  const outcome = (await attempt?.outcome()) ?? null;
  if (attempt === null || outcome === null) return null;
  const work =
    task.status === 'needs_review'
      ? await proposedFiles(attempt, outcome)
      : { changes: deliveredFiles(outcome.deliverable), edited: [] };
  return { task, outcome, ...work };
}

/**
 * A person's approval of work that waits for them: gates are run again on it as it is now, then its
 * files are committed.
 * @throws BlueprintError `not-in-review`, `work-missing`, `gates-failed`, `base-moved`, `task-leased`;
 * AutorunNotAllowed where it holds what runs by itself, and neither the task nor the person wants that
 */
export async function approveTask(
  slug: string,
  id: string,
  { force, permitted = [] }: ApprovalOptions,
  dependencies: DecisionDependencies,
): Promise<{
  task: Task;
  files: readonly string[];
  edited: readonly string[];
  autoruns: readonly Autorun[];
}> {
  const { workspace, emit } = dependencies;
  return withFinished(slug, id, dependencies, async (task, lease) => {
    requireReview(slug, task, 'approved');
    await refuseForeign(slug, task, dependencies);
    const work = await proposedWork(slug, task, dependencies);
    if (work === null || isMissing(task, work)) throw workMissing(slug, id);
    const { changes, merged, conflicts, view } = await rebaseWork(
      work.changes,
      work.outcome,
      workspace,
    );
    refuseMoved(slug, id, conflicts);
    const found =
      changes.size === 0 ? [] : await gatesFor(slug, task, work, changes, view, dependencies);
    const autoruns = withPermitted(await autorunsOf(task, changes, view, dependencies), permitted);
    const others = found.filter((gate) => !isAutorunFailure(gate));
    refuseFailedGates(slug, id, others, force, dependencies.blockingGates);
    refuseUnpermitted(slug, id, autoruns);
    const gates = found.map((gate) => orPermitted(gate, autoruns));
    let hash: string | undefined;
    if (changes.size > 0) {
      const seen = new Map([...view.seen()].filter(([path]) => changes.has(path)));
      const by = { author: null, reviewer: null, ...task.result, by: 'person' as const };
      await requireLease(lease, slug, id);
      const committed = await workspace.commit(changes, seen, noteOf(task, by));
      if (committed.outcome === 'conflict') refuseMoved(slug, id, committed.paths);
      else hash = committed.commit;
    }
    if (work.edited.length > 0 || merged.length > 0)
      await attemptOf(slug, task, dependencies)?.keepApproved({
        ...work.outcome,
        deliverable: { kind: 'files', bundle: bundleOver(work.outcome.deliverable, changes) },
        ...(await baseOfChanges(changes, view)),
      });
    if (autoruns.length > 0)
      await attemptOf(slug, task, dependencies)?.keepPermitted(
        autoruns.map(({ path, sha256: hash }) => ({ path, sha256: hash })),
      );
    const wanted = autoruns.filter(({ permittedBy }) => permittedBy !== 'task');
    const files = fileHashes(changes);
    const reason = approvalReason(work.edited, merged, wanted, gates, dependencies.blockingGates);
    const { task: settled } = await settleByHand(
      slug,
      id,
      lease,
      'done',
      dependencies,
      {
        outcome: 'approved',
        reason,
        files,
        gates: gateLines(gates),
        ...(hash !== undefined && { commit: hash }),
        ...criteriaSeen(task, changes),
      },
      () => {
        recordEdits(id, work, emit);
        const decidedOn = changesOf(deliveredFiles(work.outcome.deliverable), changes);
        decided(emit, 'approve', id, { detail: reason, files: decidedOn });
      },
    );
    emit({
      type: 'task-finish',
      task: id,
      status: 'done',
      reason,
      attempt: settled.result?.attempt ?? 0,
      rounds: settled.result?.rounds ?? 0,
    });
    const paths = files.map(({ path }) => path);
    return { task: settled, files: paths, edited: work.edited, autoruns };
  });
}

/** Files were proposed, and none is left; an answer and a review have none. */
function isMissing({ type }: Task, { changes, outcome }: PendingWork): boolean {
  return changes.size === 0 && type !== 'review' && outcome.deliverable.kind === 'files';
}

function workMissing(slug: string, id: string): BlueprintError {
  return new BlueprintError({
    code: 'work-missing',
    message: `The work of task ${id} is no longer below partial/${id}`,
    target: `${slug}/${id}`,
    fix: `Do it again: blueprint task set-status ${slug} ${id} pending, then blueprint run ${slug} --task ${id}`,
  });
}

function refuseMoved(slug: string, id: string, paths: readonly string[]): void {
  if (paths.length === 0) return;
  throw new BlueprintError({
    code: 'base-moved',
    message: `${paths.join(', ')} changed since task ${id} was worked on`,
    target: `${slug}/${id}`,
    fix: `Send it back: blueprint reject ${slug} ${id} --feedback "Build on the newer files."`,
  });
}

/**
 * Sends work back with a person's words, work that is done too; the next run corrects it by them.
 * @throws BlueprintError `feedback-missing`, `not-in-review`, `task-leased`
 */
export async function rejectTask(
  slug: string,
  id: string,
  feedback: string,
  dependencies: ByHandDependencies & Pick<TaskDependencies, 'artefacts'>,
): Promise<Task> {
  const words = cleanedText(feedback).trim();
  if (words === '')
    throw new BlueprintError({
      code: 'feedback-missing',
      message: `Task ${id} is rejected without a word on what to change`,
      target: `${slug}/${id}`,
      fix: `blueprint reject ${slug} ${id} --feedback "…"`,
    });
  return withFinished(slug, id, dependencies, async (task, lease) => {
    if (task.status !== 'done') requireReview(slug, task, 'rejected');
    const work = await proposedWork(slug, task, dependencies);
    await warnOfForeign(slug, task, dependencies);
    const settled = await settleByHand(
      slug,
      id,
      lease,
      'pending',
      dependencies,
      { outcome: 'rejected', reason: 'Rejected by a person, with feedback.', feedback: words },
      () => {
        if (work !== null) recordEdits(id, work, dependencies.emit);
        decided(dependencies.emit, 'reject', id, { feedback: words });
      },
    );
    return settled.task;
  });
}

/**
 * Has work that waits for a person reviewed again as it is: the next run asks a reviewer, and pays no author.
 * @throws BlueprintError `not-in-review`, `work-missing`, `nothing-to-review`, `base-moved`, `task-leased`
 */
export async function reviewTaskAgain(
  slug: string,
  id: string,
  dependencies: ByHandDependencies & Pick<TaskDependencies, 'artefacts' | 'workspace'>,
): Promise<Task> {
  return withFinished(slug, id, dependencies, async (task, lease) => {
    requireReview(slug, task, 'reviewed again');
    await refuseForeign(slug, task, dependencies);
    if (task.type !== 'review') await requireReviewable(slug, task, dependencies);
    const changed = {
      outcome: 'rejected',
      reason: 'To be reviewed again.',
      feedback: null,
    } as const;
    const record = (): void =>
      decided(dependencies.emit, 'set-status', id, { detail: 'to be reviewed again' });
    return (await settleByHand(slug, id, lease, 'pending', dependencies, changed, record)).task;
  });
}

async function requireReviewable(
  slug: string,
  task: Task,
  dependencies: Pick<DecisionDependencies, 'artefacts' | 'workspace'>,
): Promise<void> {
  const work = await proposedWork(slug, task, dependencies);
  if (work === null || isMissing(task, work)) throw workMissing(slug, task.id);
  const { author } = work.outcome;
  if (author === null || isRules(author.ref))
    throw new BlueprintError({
      code: 'nothing-to-review',
      message: `Task ${task.id} holds a scaffold made by rules, which no model reviews`,
      target: `${slug}/${task.id}`,
      fix: `Have a model write it: blueprint run ${slug} --task ${task.id} --replace-scaffolds`,
    });
  const { conflicts } = await rebaseWork(work.changes, work.outcome, dependencies.workspace);
  refuseMoved(slug, task.id, conflicts);
}

/** Records what a person changed of proposed files before they decided. */
function recordEdits(id: string, { changes, edited, outcome }: PendingWork, emit: Emit): void {
  if (edited.length === 0) return;
  const files = changesOf(deliveredFiles(outcome.deliverable), changes);
  decided(emit, 'edit', id, { files: files.filter(({ path }) => edited.includes(path)) });
}

/** Paths with the hashes of what was proposed and of what it came to; null where there is no file. */
function changesOf(before: FileChanges, after: FileChanges) {
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((path) => ({
    path,
    before: contentHash(before.get(path) ?? null),
    after: contentHash(after.get(path) ?? null),
  }));
}

function requireReview(slug: string, task: Task, verb: string): void {
  if (task.status === 'needs_review') return;
  throw new BlueprintError({
    code: 'not-in-review',
    message: `Task ${task.id} is ${task.status}; only work that needs review${verb === 'rejected' ? ' or is done' : ''} can be ${verb}`,
    target: `${slug}/${task.id}`,
    fix: `See what waits for you: blueprint show ${slug}`,
  });
}

function gatesFor(
  slug: string,
  task: Task,
  work: PendingWork,
  changes: FileChanges,
  view: WorkspaceBase,
  { artefacts, checkGates, signal }: DecisionDependencies,
): Promise<GateResult[]> {
  const bundle = bundleOver(work.outcome.deliverable, changes);
  const author = work.outcome.author ?? {
    ref: { provider: 'person', model: 'by-hand' },
    family: 'person',
  };
  const attempt = openAttempt(artefacts, slug, task.id, task.result?.attempt ?? 0);
  const keep = (name: string, text: string) => attempt.files.write(`approval/${name}`, text);
  return checkGates({ task, candidate: { bundle, changes, author }, base: view, keep }, signal);
}
