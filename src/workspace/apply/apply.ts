import { BlueprintError } from '../../domain/errors.ts';
import type { ChangedFile } from '../../domain/event.ts';
import { decodeText } from '../../text/encoding.ts';
import { sha256 } from '../../text/sha256.ts';
import type { ApplyOutcome, ApplyState, ApplyWay, MergedFile, TextBeforeWork } from '../applier.ts';
import type { OwnState } from '../../files/own-state.ts';
import { renamedFrom } from '../renames.ts';
import type { Workspace } from '../workspace.ts';
import { planApply, type PlannedFile } from './plan.ts';
import { openApplyJournal, type ApplyJournal, type ApplyRecord } from './record.ts';
import { openOwnJournal, otherBytes, refuseForeignWork } from './own-work.ts';
import { cutShort, notWritten, pathWords, refused } from './refusals.ts';
import {
  hashOfTarget,
  missingFolders,
  moveTarget,
  readTarget,
  removeEmpty,
  removeEmptyAbove,
  TargetMoved,
  type Goal,
} from './target.ts';

export interface ApplyOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  /** The feature's folder, absolute. */
  readonly feature: string;
  readonly slug: string;
  readonly workspace: Workspace;
  /** Which of the feature's state is this user's. */
  readonly own?: OwnState;
  readonly now: () => Date;
}

/**
 * Writes approved work into the project: all files or none, each only over what it was made on. A journal
 * beside the feature keeps what was there, so that a cut-off apply is completed by the next, and `undoApply`
 * can take it back. Callers see to it that one process at a time does this to a project.
 * @param check writes nothing
 * @throws BlueprintError `apply-refused` with every file that is in the way, `apply-interrupted`
 */
export async function applyWork(
  options: ApplyOptions,
  way: ApplyWay,
  check: boolean,
): Promise<ApplyOutcome> {
  const journal = await openOwnJournal(options);
  await refuseForeignWork(options);
  return orCutShort(options, journal, () => applyOver(options, journal, way, check));
}

async function applyOver(
  options: ApplyOptions,
  journal: ApplyJournal,
  way: ApplyWay,
  check: boolean,
): Promise<ApplyOutcome> {
  const { root, workspace, now } = options;
  const completed = check ? null : await complete(options, journal);
  const plan = await planApply(root, workspace, await journal.applied(), way);
  if (plan.problems.size > 0) throw refused(options, plan);
  const { files } = plan;
  await way.inspect?.(
    files.map(({ path, target, before, approved }) => ({
      path,
      target,
      before: before === null ? null : textOf(before.bytes, target),
      after: approved === null ? null : textOf(approved, target),
    })),
  );
  // What a merge leaves as it is, is recorded all the same: later work stands on it.
  const written = files.filter(isChanged);
  const outcome = {
    files: written.map(changeOf),
    unchanged: plan.unchanged + files.length - written.length,
    edited: plan.edited,
    merged: written.flatMap(mergedOf),
    completed,
  };
  if (check || files.length === 0) return outcome;
  if (outcome.merged.length > 0) await way.accept?.(outcome.merged);
  const gone = files.flatMap(({ target, before, after }) =>
    after === null && before !== null ? [{ path: target, ...before }] : [],
  );
  const record: ApplyRecord = {
    schemaVersion: 1,
    at: now().toISOString(),
    files: files.map(({ target, before, after, approved }) => ({
      path: target,
      before: before === null ? null : sha256(before.bytes),
      after: after === null ? null : sha256(after),
      ...(approved !== null && approved !== after && { approved: sha256(approved) }),
      mode:
        before?.mode ?? (after === null ? null : (renamedFrom(target, after, gone)?.mode ?? null)),
    })),
    folders: await missingFolders(
      root,
      files.filter(({ after }) => after !== null).map(({ target }) => target),
    ),
  };
  const bytes = {
    before: files.map(({ before }) => before?.bytes ?? null),
    after: files.map(({ after }) => after),
    approved: files.map(({ after, approved }) => (approved === after ? null : approved)),
  };
  await journal.begin(record, bytes);
  try {
    await move(root, journal, 'pending', record, 'after');
  } catch (error) {
    await backFrom(error, async () => {
      await journal.turnBack();
      await takeBack(options, journal, record, 'passed-over');
    });
  }
  await journal.finish();
  return outcome;
}

/**
 * Takes the last apply back: all files or none, each only where it still is as it was applied.
 * @returns null when there is nothing to undo
 * @throws BlueprintError `undo-refused` with every file that changed since, `apply-interrupted`
 */
export async function undoApply(options: ApplyOptions): Promise<ApplyOutcome | null> {
  const journal = await openOwnJournal(options);
  return orCutShort(options, journal, () => undoOver(options, journal));
}

async function undoOver(
  options: ApplyOptions,
  journal: ApplyJournal,
): Promise<ApplyOutcome | null> {
  const { root } = options;
  await journal.sweep();
  const cutOff = (await journal.undoing()) ?? (await journal.pending());
  if (cutOff !== null) {
    await refuseUnknown(options, cutOff);
    if ((await journal.undoing()) === null) await journal.turnBack();
    await takeBack(options, journal, cutOff);
    return { ...nothingBeside, files: cutOff.files.map(undoneOf), completed: 'undo' };
  }
  const record = (await journal.records()).at(-1);
  if (record === undefined) return null;
  const changed = await filesBeside(root, record, ['after']);
  if (changed.length > 0)
    throw new BlueprintError({
      code: 'undo-refused',
      message: `${pathWords(changed)} changed since ${changed.length === 1 ? 'it was' : 'they were'} applied, so nothing is undone`,
      target: changed[0] ?? options.slug,
      fix: `Put ${changed.length === 1 ? 'it' : 'them'} back as applied (keep your changes elsewhere), then run blueprint undo ${options.slug} again. What was there before stands in ${journal.folders.done}.`,
    });
  await journal.beginUndo();
  try {
    await move(root, journal, 'undoing', record, 'before');
  } catch (error) {
    await backFrom(error, async () => {
      await move(root, journal, 'undoing', record, 'after', 'passed-over');
      await journal.keep();
    });
  }
  await journal.finishUndo();
  return { ...nothingBeside, files: record.files.map(undoneOf), completed: null };
}

const nothingBeside = { unchanged: 0, edited: [], merged: [] } as const;

/** Nothing of it was approved or applied by this user. */
const notOwn = { state: 'foreign', edited: 0, canMerge: false, canUndo: false } as const;

/** Reads only. */
export async function applyState(
  options: ApplyOptions,
  before: TextBeforeWork,
): Promise<ApplyState> {
  const foreign = await options.workspace.foreign();
  if (foreign.length > 0) return { ...notOwn, files: foreign.length };
  const journal = await openOwnJournal(options).catch((error: unknown) => {
    if (error instanceof BlueprintError && error.code === 'state-foreign') return null;
    throw error;
  });
  if (journal === null) return { ...notOwn, files: 0 };
  const cutOff = (await journal.pending()) ?? (await journal.undoing());
  if (cutOff !== null)
    return {
      state: 'interrupted',
      files: cutOff.files.length,
      edited: 0,
      canMerge: false,
      canUndo: true,
    };
  const records = await journal.records();
  const way = { merge: false, before };
  const plan = await planApply(options.root, options.workspace, await journal.applied(), way);
  const edited = plan.edited.length;
  const both = { edited, canMerge: plan.canMerge, canUndo: records.length > 0 };
  if (plan.problems.size > 0) return { state: 'blocked', files: plan.problems.size, ...both };
  if (plan.files.length > 0) return { state: 'ready', files: plan.files.length, ...both };
  return { state: plan.unchanged + edited > 0 ? 'applied' : 'nothing', files: 0, ...both };
}

/** Ends what a killed process began: an apply forwards, an undo backwards. */
async function complete(
  options: ApplyOptions,
  journal: ApplyJournal,
): Promise<ApplyOutcome['completed']> {
  await journal.sweep();
  const undoing = await journal.undoing();
  if (undoing !== null) {
    await refuseUnknown(options, undoing);
    await takeBack(options, journal, undoing);
    return 'undo';
  }
  const pending = await journal.pending();
  if (pending === null) return null;
  await refuseUnknown(options, pending);
  await move(options.root, journal, 'pending', pending, 'after');
  await journal.finish();
  return 'apply';
}

async function takeBack(
  { root }: ApplyOptions,
  journal: ApplyJournal,
  record: ApplyRecord,
  moved: Moved = 'refused',
): Promise<void> {
  await move(root, journal, 'undoing', record, 'before', moved);
  await journal.finishUndo();
}

/** What is done about a file in neither state: when steps are taken back, it is one that was not reached. */
type Moved = 'refused' | 'passed-over';

/** Brings every file of the record to one of its sides. Each step may have been done before. */
async function move(
  root: string,
  journal: ApplyJournal,
  from: 'pending' | 'undoing',
  record: ApplyRecord,
  side: 'before' | 'after',
  moved: Moved = 'refused',
): Promise<void> {
  const other = side === 'before' ? 'after' : 'before';
  const numbered = record.files.map((file, index) => ({ file, index }));
  // What goes has to go first: it may stand where a folder is to be.
  const gone = numbered.filter(({ file }) => file[side] === null);
  const there = numbered.filter(({ file }) => file[side] !== null);
  const step = async (path: string, start: string | null, goal: Goal): Promise<void> => {
    try {
      await moveTarget(root, path, start, goal);
    } catch (error) {
      if (moved === 'refused' || !(error instanceof TargetMoved)) throw error;
    }
  };
  for (const { file } of gone) {
    await step(file.path, file[other], null);
    if (side === 'after') await removeEmptyAbove(root, file.path);
  }
  if (side === 'before')
    for (const folder of record.folders.toReversed()) await removeEmpty(root, folder);
  for (const { file, index } of there) {
    const bytes = await journal.bytes(from, side, index);
    if (sha256(bytes) !== file[side]) throw otherBytes(file.path, journal.folders[from]);
    await step(file.path, file[other], { bytes, mode: file.mode });
  }
}

/** Files that are in none of these states of a record. */
async function filesBeside(
  root: string,
  record: ApplyRecord,
  states: readonly ('before' | 'after')[],
): Promise<string[]> {
  const found: string[] = [];
  for (const file of record.files) {
    const hash = await currentHash(root, file.path);
    if (!states.some((state) => file[state] === hash)) found.push(file.path);
  }
  return found;
}

/** Undefined for what is no file and not absent either: no hash equals it. */
async function currentHash(root: string, path: string): Promise<string | null | undefined> {
  try {
    const target = await readTarget(root, path);
    // A folder in the place of a file that was deleted is as good as no file.
    if (target.kind === 'other') return target.what === 'a folder' ? null : undefined;
    return hashOfTarget(target);
  } catch (error) {
    if (error instanceof BlueprintError) return undefined;
    throw error;
  }
}

async function refuseUnknown(options: ApplyOptions, record: ApplyRecord): Promise<void> {
  const unknown = await filesBeside(options.root, record, ['before', 'after']);
  if (unknown.length === 0) return;
  const { folders } = openApplyJournal(options.feature);
  throw new BlueprintError({
    code: 'apply-interrupted',
    message: `An apply of ${options.slug} was cut short, and ${pathWords(unknown)} changed since`,
    target: unknown[0] ?? options.slug,
    fix: `Put ${unknown.length === 1 ? 'it' : 'them'} back as before or after the apply (both stand in ${folders.pending} or ${folders.undoing}), then run the same command again; or delete that folder to leave the files as they are.`,
  });
}

/** Goes back after an error, which is thrown then; it is what to tell, should going back fail as well. */
async function backFrom(error: unknown, goBack: () => Promise<void>): Promise<never> {
  await goBack().catch(() => undefined);
  throw error;
}

/** Words for what keeps files from being written: all are as they were, or the journal says what is begun. */
async function orCutShort<T>(
  options: ApplyOptions,
  journal: ApplyJournal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const begun = await journal.isBegun();
    throw begun ? cutShort(options, error) : notWritten(options, error);
  }
}

function isChanged({ before, after }: PlannedFile): boolean {
  return before === null || after === null || !before.bytes.equals(after);
}

function changeOf(file: PlannedFile): ChangedFile {
  const change = file.after === null ? 'deleted' : file.before === null ? 'added' : 'modified';
  return { path: file.target, change };
}

function mergedOf({ target, before, after, approved }: PlannedFile): MergedFile[] {
  if (before === null || after === null || after === approved) return [];
  return [{ path: target, before: textOf(before.bytes, target), after: textOf(after, target) }];
}

/** Empty where it is none. */
function textOf(bytes: Buffer, path: string): string {
  const decoded = decodeText(bytes, path);
  return 'text' in decoded ? decoded.text : '';
}

function undoneOf({ path, before, after }: ApplyRecord['files'][number]): ChangedFile {
  return { path, change: before === null ? 'deleted' : after === null ? 'added' : 'modified' };
}
