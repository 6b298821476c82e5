import type { ChalkInstance } from 'chalk';
import { autorunGateName } from '../../domain/autorun.ts';
import { answerText } from '../../domain/deliverable.ts';
import { blockersOf, derivedStates, planFindings, type DerivedState } from '../../domain/graph.ts';
import { standingText, type Finding } from '../../domain/review.ts';
import { isSettled, type FeatureDocument, type Task, type TaskResult } from '../../domain/task.ts';
import { toSingleLine } from '../../domain/text.ts';
import { progressOf, stateWords, type Progress } from '../../report/progress.ts';
import { counted, someOf } from '../../text/counted.ts';
import type { ReviewRound, ShownTask } from '../../use-cases/show.ts';
import { printable } from './cells.ts';
import { criteriaLines, taskCriteriaLines } from './criteria-view.ts';
import { lines } from './lines.ts';
import { renderTable } from './table.ts';

export const noFeatures = 'No features yet. Make one: blueprint new brief.md';

const colours = {
  done: 'green',
  skipped: 'dim',
  failed: 'red',
  needs_review: 'yellow',
  in_progress: 'cyan',
  pending: 'white',
  ready: 'bold',
  blocked: 'dim',
} as const satisfies Record<DerivedState, keyof ChalkInstance>;

export const stateMarks: Record<DerivedState, string> = {
  done: '✔',
  skipped: '–',
  failed: '✖',
  needs_review: '?',
  in_progress: '▶',
  pending: '·',
  ready: '○',
  blocked: '·',
};

/** In place of a state's mark where the file alone says it. */
export const saidMark = '~';
export const saysTheFile = 'says the file';

export function paintState(state: DerivedState, text: string, paint: ChalkInstance): string {
  return paint[colours[state]](text);
}

/** What a view is told beside the task list. */
export interface ListView {
  /** At most so many tasks, around where the work is. */
  readonly rows?: number;
  /** Ids of tasks that the file alone says have ended (`FeatureStore.saidByFile`). */
  readonly saidByFile?: ReadonlySet<string>;
}

const nobody: ReadonlySet<string> = new Set();

/** The task table of a feature, in the order of the list. */
export function taskTable(
  document: FeatureDocument,
  paint: ChalkInstance,
  width: number,
  { rows = Infinity, saidByFile = nobody }: ListView = {},
): string {
  const states = derivedStates(document.tasks);
  const stateOf = (task: Task): DerivedState => states.get(task.id) ?? task.status;
  const isSaid = ({ id }: Task): boolean => saidByFile.has(id);
  const painted = (text: string, task: Task): string =>
    isSaid(task) ? paint.yellow(text) : paintState(stateOf(task), text, paint);
  const { start, end } = windowOn(document.tasks, rows);
  const table = renderTable(
    document.tasks.slice(start, end),
    [
      {
        title: '',
        value: (task) => (isSaid(task) ? saidMark : stateMarks[stateOf(task)]),
        paint: painted,
      },
      { title: 'task', value: (task) => task.id },
      {
        title: 'state',
        value: (task) => (isSaid(task) ? `${stateOf(task)}, ${saysTheFile}` : stateOf(task)),
        paint: painted,
        expendable: 2,
      },
      { title: 'type', value: (task) => task.type, expendable: 3 },
      { title: 'title', value: (task) => task.title, flexible: true },
      {
        title: 'after',
        value: (task) => shortList(task.dependsOn, 16),
        paint: (text) => paint.dim(text),
        expendable: 1,
      },
    ],
    width,
  );
  const hidden = lines(
    start > 0 && `${start} before these`,
    end < document.tasks.length && `${document.tasks.length - end} after them`,
  );
  return hidden.length === 0 ? table : `${table}\n${paint.dim(`… ${hidden.join(', ')}`)}`;
}

/** Of a list that is too long to show whole, the part that begins shortly before what is still to be done. */
function windowOn(tasks: readonly Task[], rows: number): { start: number; end: number } {
  if (tasks.length <= rows) return { start: 0, end: tasks.length };
  const open = tasks.findIndex(({ status }) => !isSettled(status));
  const start = Math.max(0, Math.min((open === -1 ? tasks.length : open) - 2, tasks.length - rows));
  return { start, end: start + rows };
}

/** As many words as fit into so many cells, and how many more there are. */
function shortList(words: readonly string[], width: number): string {
  const all = words.join(' ');
  if (all.length <= width) return all;
  let shown = '';
  for (const [index, word] of words.entries()) {
    const rest = ` +${words.length - index}`;
    if (`${shown} ${word}${rest}`.length > width && index > 0) return `${shown}${rest}`;
    shown = index === 0 ? word : `${shown} ${word}`;
  }
  return shown;
}

/** A feature as `show` and the interactive runner print it. */
export function featureText(
  slug: string,
  document: FeatureDocument,
  paint: ChalkInstance,
  width: number,
  view: ListView = {},
): string {
  const warnings = planFindings(document.tasks, document.requirements);
  return lines(
    `${paint.bold(printable(document.title))}  ${paint.dim(printable(slug))}`,
    progressLine(document, paint, width, view.saidByFile),
    '',
    document.tasks.length === 0 ? 'No tasks.' : taskTable(document, paint, width, view),
    saidLines(view.saidByFile ?? nobody, paint),
    criteriaLines(document, paint),
    warnings.length > 0 && '',
    warnings.map(({ message }) => paint.yellow(`warning: ${printable(message)}`)),
  ).join('\n');
}

/** What it means that the file alone says that tasks have ended; nothing where it says so of none. */
function saidLines(saidByFile: ReadonlySet<string>, paint: ChalkInstance): string[] {
  const [first] = saidByFile;
  if (first === undefined) return [];
  const meaning = `${saidMark} ${saysTheFile}: it came with the repository, and was not done by you on this machine. What comes after stands on the files that are there.`;
  return ['', paint.yellow(meaning)];
}

/** `2/4 settled`, and how many of them the file alone says. */
export function settledWords({ settled, total, saidByFile }: Progress): string {
  const said = saidByFile === 0 ? '' : ` (${saidByFile} as the file says)`;
  return `${settled}/${total} settled${said}`;
}

/** `[#####-----] 5/10 settled · 1 ready · 2 needs review`, on as many lines as `width` cells ask for. */
export function progressLine(
  document: FeatureDocument,
  paint: ChalkInstance,
  width = Infinity,
  saidByFile = nobody,
): string {
  const progress = progressOf(document.tasks, saidByFile);
  const { settled, total, states } = progress;
  const parts = [
    { text: `${bar(settled, total, width < 60 ? 10 : 20)} ${settledWords(progress)}` },
    ...(['in_progress', 'ready', 'blocked', 'needs_review', 'failed'] as const)
      .filter((state) => (states[state] ?? 0) > 0)
      .map((state) => ({ text: `${states[state]} ${stateWords(state)}`, state })),
  ];
  let line = 0;
  return parts.reduce((done, part, index) => {
    const painted = 'state' in part ? paintState(part.state, part.text, paint) : part.text;
    const cells = part.text.length;
    if (index > 0 && line + 3 + cells > width) {
      line = cells;
      return `${done}\n${painted}`;
    }
    line += (index > 0 ? 3 : 0) + cells;
    return index > 0 ? `${done} · ${painted}` : painted;
  }, '');
}

/** `[####----]` */
export function bar(done: number, total: number, cells: number): string {
  const filled = total === 0 ? 0 : Math.round((Math.min(done, total) / total) * cells);
  return `[${'#'.repeat(filled)}${'-'.repeat(cells - filled)}]`;
}

/** One task with its plan, the evidence of its result, and the answer where it ended in one. */
export function taskText(
  document: FeatureDocument,
  task: Task,
  paint: ChalkInstance,
  shown: Partial<Pick<ShownTask, 'deliverable' | 'paths' | 'rounds' | 'isSaidByFile'>> = {},
): string {
  const { deliverable = null, paths = [], rounds = [], isSaidByFile = false } = shown;
  const isNew = new Set(paths.flatMap(({ path, mark }) => (mark === 'new' ? path : [])));
  const said = isSaidByFile ? paint.yellow(`, ${saysTheFile}`) : '';
  const state = derivedStates(document.tasks).get(task.id) ?? task.status;
  const blockers = blockersOf(task, document.tasks);
  return lines(
    `${paint.bold(`${task.id} ${printable(task.title)}`)}  ${paintState(state, stateWords(state), paint)}${said}`,
    paint.dim(
      `${task.type} · ${task.category} · complexity ${task.complexity} · workflow ${task.workflow ?? 'open'}`,
    ),
    autorunLine(task, paint),
    task.description !== '' && ['', printable(task.description)],
    '',
    section('requirements', requirementLines(document, task), paint),
    section('acceptance', task.acceptance, paint),
    section(
      'files',
      task.files.map((path) => (isNew.has(path) ? `${path} (new)` : path)),
      paint,
    ),
    section('after', task.dependsOn, paint),
    blockers.length > 0 && paint.yellow(`waits for ${someOf(blockers)}`),
    isSaidByFile && ['', paint.yellow(saidOfTask)],
    task.result !== null && ['', ...resultLines(task.result, paint)],
    rounds.flatMap((round) => roundLines(round, paint)),
    deliverable?.kind === 'answer' && [
      '',
      paint.bold('answer:'),
      printable(answerText(deliverable)).trimEnd(),
    ],
  ).join('\n');
}

const saidOfTask =
  'All that follows came with the repository: it was not checked or approved by you on this machine.';

/** What the gate said of work that runs by itself; null where it holds none. */
function autorunLine({ result }: Task, paint: ChalkInstance): string | null {
  const said = result?.gates.find(({ gate }) => gate === autorunGateName);
  return said === undefined ? null : paint.yellow(`! ${printable(said.summary)}`);
}

function requirementLines({ requirements }: FeatureDocument, task: Task): string[] {
  return task.requirements.map((id) => {
    const text = requirements.find((requirement) => requirement.id === id)?.text;
    return text === undefined ? id : `${id} ${toSingleLine(text, 120)}`;
  });
}

function resultLines(result: TaskResult, paint: ChalkInstance): string[] {
  const { author, authors, reviewer, review, feedback } = result;
  const outcome = result.outcome.replaceAll('_', ' ');
  const gates = result.gates.map(({ gate, status, summary }) => `${gate} ${status}: ${summary}`);
  const files = result.files.map(({ path, sha256 }) =>
    sha256 === null ? `${path} (deleted)` : path,
  );
  const work = `attempt ${result.attempt}, ${counted(result.rounds, 'review round')}, ${authors === undefined ? `author ${author ?? 'none'}` : `authors ${authors.join(', ')}`}, reviewer ${reviewer ?? 'none'}`;
  return lines(
    `${paint.bold(outcome)} by ${result.by} at ${result.at}: ${printable(result.reason)}`,
    paint.dim(printable(work)),
    section('gates', gates, paint),
    taskCriteriaLines(result.criteria ?? [], paint),
    review !== null && `review: ${review.verdict}: ${printable(review.summary)}`,
    feedback !== null && `feedback: ${printable(feedback)}`,
    section('result files', files, paint),
  );
}

function roundLines({ round, review }: ReviewRound, paint: ChalkInstance): string[] {
  const { verdict, findings, note } = review;
  const title = `review ${round}: ${verdict}, ${counted(findings.length, 'finding')}`;
  return lines(
    findings.length === 0 ? title : section(title, findings.map(findingText), paint),
    note !== undefined && printable(note),
  );
}

function findingText(finding: Finding): string {
  const { id, severity, category, location, evidence, fixHint, cites } = finding;
  const place = location === null ? '' : ` at ${location}`;
  const cited = cites ? `, cites ${cites}` : '';
  return lines(
    `${id === undefined ? '' : `${id} `}${severity}, ${category}${place}${cited}: ${evidence}`,
    standingText(finding),
    fixHint !== '' && `fix: ${fixHint}`,
  ).join('\n');
}

/** A titled list; nothing when it is empty. */
export function section(title: string, items: readonly string[], paint: ChalkInstance): string[] {
  if (items.length === 0) return [];
  const list = items.map((item) => `  - ${printable(item).replaceAll('\n', '\n    ')}`);
  return [paint.bold(`${title}:`), ...list];
}
