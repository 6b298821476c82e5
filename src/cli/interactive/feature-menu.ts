import type { ChalkInstance } from 'chalk';
import { BlueprintError } from '../../domain/errors.ts';
import type { ChangedFile } from '../../domain/event.ts';
import { derivedStates, type DerivedState } from '../../domain/graph.ts';
import { isSettled, type FeatureDocument, type Task } from '../../domain/task.ts';
import { apply, undo, workState, type WorkState } from '../../use-cases/apply.ts';
import { archive, holdings } from '../../use-cases/archive.ts';
import { cost } from '../../use-cases/cost.ts';
import { diff } from '../../use-cases/diff.ts';
import { preview } from '../../use-cases/preview.ts';
import { show, showSpec, type ShownFeature, type SpecState } from '../../use-cases/show.ts';
import { stateWords } from '../../report/progress.ts';
import { autorunLines, confirmed, withPermission } from '../allow-autoruns.ts';
import { printable } from '../views/cells.ts';
import { costText } from '../views/cost-view.ts';
import { changedFileLines, foreignWork, paintDiff } from '../views/diff-view.ts';
import { holdingsLines } from '../views/holdings-view.ts';
import {
  featureText,
  saidMark,
  saysTheFile,
  stateMarks,
  taskTable,
} from '../views/feature-view.ts';
import { previewText } from '../views/preview-view.ts';
import { specLines } from '../views/spec-view.ts';
import { addTask } from './edit-task.ts';
import { planAgain } from './plan-again.ts';
import type { Choice } from './list-prompt.ts';
import { reviewTask } from './review.ts';
import { runTasks } from './run-tasks.ts';
import type { RunnerSession } from './session.ts';
import { openTask } from './task-menu.ts';

type Action = keyof typeof actions | 'archive' | 'back' | 'quit';

/** Lines that the menu and the feature's heading take of the screen. */
const menuLines = 19;
const fewestTasks = 5;

/** Shows the graph and does what is chosen, until the person leaves. Every action also exists as a command. */
export async function openFeature(slug: string, session: RunnerSession): Promise<'back' | 'quit'> {
  const { program, context, prompts, say, tell } = session;
  const { screen, signal } = context;
  for (;;) {
    const shown = await show({ feature: slug }, program);
    const { document, saidByFile, spec } = shown;
    const rows = Math.max(fewestTasks, screen.rows - menuLines);
    const text = featureText(slug, document, screen.paint, screen.columns, { rows, saidByFile });
    const finished =
      document.tasks.length > 0 && document.tasks.every(({ status }) => isSettled(status));
    const work = finished ? await workState({ feature: slug }, program, { signal }) : null;
    const end = work === null ? '' : `\n\n${endWords(work, screen.paint)}`;
    const changed = specLines(slug, spec, document, screen.paint).map((line) => `\n${line}`);
    say(`\n${text}${end}${changed.join('')}\n\n`);
    const choices = choicesFor(document, document.tasks.length > rows, work, spec);
    const action = await prompts.select<Action>('What next?', choices, { back: 'back' });
    if (action === 'back' || action === 'quit') return action;
    try {
      if (action === 'archive') {
        if (await archiveFeature(slug, session)) return 'back';
        continue;
      }
      const act: Act = actions[action];
      await act(slug, shown, session);
    } catch (error) {
      tell(error);
    }
  }
}

function endWords({ state, place }: WorkState, paint: ChalkInstance): string {
  return state === 'foreign'
    ? paint.yellow(`All is settled, as the file says. Files that you did not approve: ${place}`)
    : paint.green(`All is settled. Files: ${place}`);
}

/** @returns whether the person did it. */
async function archiveFeature(
  feature: string,
  { program, context: { signal }, prompts, say }: RunnerSession,
): Promise<boolean> {
  for (const line of holdingsLines(await holdings({ feature }, program, { signal }))) say(line);
  if (!(await prompts.confirm(`Archive ${feature}?`, false))) return false;
  const folder = await archive({ feature }, program, { signal });
  say(`${feature} is archived: ${folder}`);
  return true;
}

type Act = (slug: string, shown: ShownFeature, session: RunnerSession) => Promise<unknown>;

const actions = {
  async review(slug, shown, session) {
    const waiting = shown.document.tasks.filter(({ status }) => status === 'needs_review');
    const [only, ...others] = waiting;
    const task =
      others.length === 0 ? only : await pickTask('Which work?', shown, waiting, session);
    if (task !== undefined && task !== null) await reviewTask(slug, task.id, session);
  },
  all: (slug, _shown, session) => runTasks(slug, [], session),
  async next(slug, { document }, session) {
    const [task] = runnableTasks(document);
    if (task !== undefined) await runTasks(slug, [task.id], session);
  },
  async one(slug, shown, session) {
    const tasks = runnableTasks(shown.document);
    const task = await pickTask('Run which task?', shown, tasks, session);
    if (task !== null) await runTasks(slug, [task.id], session);
  },
  async open(slug, shown, session) {
    const task = await pickTask('Which task?', shown, shown.document.tasks, session);
    if (task !== null) await openTask(slug, task.id, session);
  },
  again: (slug, _shown, session) => planAgain(slug, session),
  debate: async (slug, _shown, session) => {
    const { debateSpec } = await import('./debate-spec.ts');
    await debateSpec(slug, session);
  },
  add: (slug, _shown, session) => addTask(slug, session),
  async preview(slug, _shown, { program, context: { screen, signal }, page }) {
    const found = await preview({ feature: slug }, program, { signal });
    await page(`\n${previewText(slug, found, screen.paint, screen.columns)}\n`);
  },
  async cost(slug, _shown, { program, context: { screen, signal }, page }) {
    const report = await cost({ feature: slug }, program, { signal });
    await page(`\n${costText(slug, report, screen.paint, screen.columns)}\n`);
  },
  report: async (slug, _shown, session) => {
    const { reportFeature } = await import('./report.ts');
    await reportFeature(slug, session);
  },
  async spec(slug, _shown, { program, say, page }) {
    const text = await showSpec({ feature: slug }, program);
    if (text === null) say('There is no spec.md.');
    else await page(`\n${printable(text)}`);
  },
  async changes(slug, _shown, { program, context: { screen, signal }, say, page }) {
    const changes = await diff({ feature: slug, task: null }, program, { signal });
    if (changes.foreign.length > 0) say(screen.paint.yellow(foreignWork(changes.foreign)));
    for (const line of autorunLines(changes.autoruns)) say(screen.paint.yellow(line));
    await page(changes.diff === '' ? 'No changes.' : `\n${paintDiff(changes.diff, screen.paint)}`);
    say(screen.paint.dim(`Approved files: ${changes.place}`));
  },
  apply: (slug, _shown, session) => applyAsked({ feature: slug, merge: false }, session),
  async merge(slug, _shown, session) {
    const { program, context, prompts, page } = session;
    const { screen, signal } = context;
    const asked = { feature: slug, merge: true };
    const { mergeDiff } = await apply({ ...asked, check: true }, program, { signal });
    await page(`\n${paintDiff(mergeDiff, screen.paint)}`);
    if (!(await prompts.confirm('Write this and the rest of the work?', true))) return;
    await applyAsked(asked, session).catch(async (error: unknown) => {
      if (!(error instanceof BlueprintError) || error.code !== 'gates-failed') throw error;
      session.say(screen.paint.yellow(error.message));
      if (await prompts.confirm('Write it all the same?', false))
        await applyAsked({ ...asked, force: true }, session);
    });
  },
  async undo(slug, _shown, { program, context: { screen, signal }, say }) {
    const files = (await undo({ feature: slug }, program, { signal }))?.files ?? [];
    say(['As before:', ...changedFileLines(files, screen.paint)].join('\n'));
  },
  async whole(_slug, { document, saidByFile }, { context: { screen }, page }) {
    await page(`\n${taskTable(document, screen.paint, screen.columns, { saidByFile })}`);
  },
  refresh: async () => undefined,
} satisfies Record<string, Act>;

async function applyAsked(
  asked: { readonly feature: string; readonly merge: boolean; readonly force?: boolean },
  { program, context, prompts, say }: RunnerSession,
): Promise<void> {
  const { screen, signal } = context;
  const { files, autoruns } = await withPermission(
    (permitted) => apply({ ...asked, check: false, permitted }, program, { signal }),
    (found) => confirmed(found, (line) => say(screen.paint.yellow(line)), prompts),
  );
  // Those that were asked about were listed with the question.
  const listed = autoruns.every(({ permittedBy }) => permittedBy !== 'person') ? autoruns : [];
  say([...autorunLines(listed), appliedText(files, screen.paint)].join('\n'));
}

function appliedText(files: readonly ChangedFile[], paint: ChalkInstance): string {
  const done = files.length === 0 ? 'Your files hold the work.' : 'In your files, not committed:';
  return [done, ...changedFileLines(files, paint)].join('\n');
}

function choicesFor(
  document: FeatureDocument,
  cut: boolean,
  work: WorkState | null,
  spec: SpecState,
): Choice<Action>[] {
  const states = [...derivedStates(document.tasks).values()];
  const waiting = states.filter((state) => state === 'needs_review').length;
  const open = states.filter((state) => isOpen(state) || state === 'blocked').length;
  const [next, another] = runnableTasks(document);
  const changes: Choice<Action> | false = document.tasks.some(
    ({ status, result }) => status === 'done' && result !== null && result.files.length > 0,
  ) && {
    name: work?.state === 'foreign' ? 'See all changes' : 'See all approved changes',
    value: 'changes',
  };
  const choices: (Choice<Action> | false)[] = [
    spec.changes !== null && {
      name: 'Plan anew what changed in spec.md',
      value: 'again',
      note: 'What stands is kept, with its work.',
    },
    waiting > 0 && {
      name: `Review what waits for you (${waiting})`,
      value: 'review',
      note: 'See the work, then approve it or send it back with your words.',
    },
    next !== undefined && {
      name: open === 1 ? `Run ${next.id}: ${next.title}` : `Run all (${open} to do)`,
      value: 'all',
      note: 'Each is written, checked, reviewed and corrected until approved.',
    },
    next !== undefined &&
      open > 1 && { name: `Run the next: ${next.id} ${next.title}`, value: 'next' },
    another !== undefined && { name: 'Run one…', value: 'one' },
    open === 0 && changes,
    work !== null &&
      work.canMerge && {
        name: 'Merge the work into your changed files',
        value: 'merge',
        note: 'Both changes line by line, shown first; it can be undone.',
      },
    work !== null &&
      !work.canMerge &&
      ['ready', 'blocked', 'interrupted'].includes(work.state) && {
        name: 'Apply the work to your files',
        value: 'apply',
        note: 'All or nothing; nothing is committed, and it can be undone.',
      },
    work !== null &&
      work.canUndo && {
        name: 'Undo the last apply',
        value: 'undo',
        note: 'Your files are then as before it; the work stays approved.',
      },
    document.tasks.length > 0 && {
      name: 'Open a task…',
      value: 'open',
      note: 'Its plan, result and changes; run, edit, remove it, change its status.',
    },
    open > 0 && changes,
    open > 0 && {
      name: 'See what a run would do and cost',
      value: 'preview',
      note: 'Order, models and estimate; nothing is called.',
    },
    { name: 'See what it has cost', value: 'cost' },
    {
      name: 'Write its report',
      value: 'report',
      note: 'All that was done and found, as a page for the browser.',
    },
    { name: 'Read the spec', value: 'spec' },
    {
      name: 'Debate the spec…',
      value: 'debate',
      note: 'Critics attack it; asks before any call.',
    },
    { name: 'Add a task…', value: 'add' },
    cut && { name: `List all ${document.tasks.length} tasks`, value: 'whole' },
    {
      name: 'Archive it',
      value: 'archive',
      note: 'Puts the whole feature aside; blueprint archive NAME --restore takes it back.',
    },
    { name: 'Look again', value: 'refresh', note: 'Reads what others did meanwhile.' },
    { name: 'Another feature', value: 'back' },
    { name: 'Quit', value: 'quit' },
  ];
  return choices.filter((choice) => choice !== false);
}

/** What a run would take up, in the order of the list. */
function runnableTasks(document: FeatureDocument): Task[] {
  const states = derivedStates(document.tasks);
  return document.tasks.filter((task) => isOpen(states.get(task.id)));
}

function isOpen(state: DerivedState | undefined): boolean {
  return state === 'ready' || state === 'in_progress' || state === 'failed';
}

/** Null when the person goes back. */
async function pickTask(
  message: string,
  { document, saidByFile }: ShownFeature,
  tasks: readonly Task[],
  { prompts }: RunnerSession,
): Promise<Task | null> {
  const states = derivedStates(document.tasks);
  const width = Math.max(0, ...tasks.map(({ id }) => id.length));
  const choices: Choice<Task | null>[] = tasks.map((task) => {
    const state = states.get(task.id) ?? task.status;
    const isSaid = saidByFile.has(task.id);
    const said = isSaid ? [saysTheFile] : [];
    return {
      name: `${isSaid ? saidMark : stateMarks[state]} ${task.id.padEnd(width)}  ${task.title}`,
      short: `${task.id} ${task.title}`,
      value: task,
      note: [stateWords(state), ...said, task.type, ...afterWords(task)].join(' · '),
    };
  });
  // A long list opens where the work is.
  const initial = tasks.find(({ status }) => !isSettled(status)) ?? null;
  return prompts.select(message, [...choices, { name: '  Back', value: null }], {
    back: null,
    ...(initial !== null && { initial }),
  });
}

function afterWords({ dependsOn }: Task): string[] {
  return dependsOn.length === 0 ? [] : [`after ${dependsOn.join(' ')}`];
}
