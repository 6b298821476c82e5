import type { ChalkInstance } from 'chalk';
import { blockersOf, derivedStates, planFindings, type DerivedState } from '../../domain/graph.ts';
import type { FeatureDocument, Task } from '../../domain/task.ts';
import { withoutControls } from '../../domain/text.ts';
import { progressOf } from '../../report/progress.ts';
import { renderTable } from './table.ts';

const colours: Record<DerivedState, (paint: ChalkInstance) => ChalkInstance> = {
  done: (paint) => paint.green,
  skipped: (paint) => paint.dim,
  failed: (paint) => paint.red,
  needs_review: (paint) => paint.yellow,
  in_progress: (paint) => paint.cyan,
  pending: (paint) => paint.white,
  ready: (paint) => paint.bold,
  blocked: (paint) => paint.dim,
};

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

export function paintState(state: DerivedState, text: string, paint: ChalkInstance): string {
  return colours[state](paint)(text);
}

/** The task table of a feature, in the order of the list. */
export function taskTable(document: FeatureDocument, paint: ChalkInstance, width: number): string {
  const states = derivedStates(document.tasks);
  const stateOf = (task: Task): DerivedState => states.get(task.id) ?? task.status;
  return renderTable(
    document.tasks,
    [
      {
        title: '',
        value: (task) => stateMarks[stateOf(task)],
        paint: (text, task) => paintState(stateOf(task), text, paint),
      },
      { title: 'task', value: (task) => task.id },
      {
        title: 'state',
        value: stateOf,
        paint: (text, task) => paintState(stateOf(task), text, paint),
      },
      { title: 'type', value: (task) => task.type },
      { title: 'title', value: (task) => task.title, flexible: true },
      {
        title: 'after',
        value: (task) => task.dependsOn.join(' '),
        paint: (text) => paint.dim(text),
      },
    ],
    width,
  );
}

/** A feature as `show` and the interactive runner print it. */
export function featureText(
  slug: string,
  document: FeatureDocument,
  paint: ChalkInstance,
  width: number,
): string {
  const warnings = planFindings(document.tasks, document.requirements);
  return [
    `${paint.bold(withoutControls(document.title))}  ${paint.dim(slug)}`,
    progressLine(document, paint),
    '',
    document.tasks.length === 0 ? 'No tasks.' : taskTable(document, paint, width),
    ...(warnings.length === 0
      ? []
      : ['', ...warnings.map(({ message }) => paint.yellow(`warning: ${message}`))]),
  ].join('\n');
}

/** `[#####-----] 5/10 done · 1 ready · 2 need review`. */
export function progressLine(document: FeatureDocument, paint: ChalkInstance): string {
  const { settled, total, states } = progressOf(document.tasks);
  const filled = total === 0 ? 0 : Math.round((settled / total) * 20);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(20 - filled)}]`;
  const others = (['in_progress', 'ready', 'blocked', 'needs_review', 'failed'] as const)
    .filter((state) => (states[state] ?? 0) > 0)
    .map((state) => paintState(state, `${states[state]} ${state.replace('_', ' ')}`, paint));
  return [`${bar} ${settled}/${total} settled`, ...others].join(' · ');
}

/** One task with its plan and the evidence of its result. */
export function taskText(document: FeatureDocument, task: Task, paint: ChalkInstance): string {
  const state = derivedStates(document.tasks).get(task.id) ?? task.status;
  const blockers = blockersOf(task, document.tasks);
  const list = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : [`${title}:`, ...items.map((item) => `  - ${item}`)];
  const { result } = task;
  const lines = [
    `${paint.bold(`${task.id} ${task.title}`)}  ${paintState(state, state, paint)}`,
    paint.dim(
      `${task.type} · ${task.category} · complexity ${task.complexity} · workflow ${task.workflow}`,
    ),
    ...(task.description === '' ? [] : ['', task.description]),
    '',
    ...list('requirements', task.requirements),
    ...list('acceptance', task.acceptance),
    ...list('files', task.files),
    ...list('after', task.dependsOn),
    ...(blockers.length === 0 ? [] : [`waits for ${blockers.join(', ')}`]),
  ];
  if (result !== null) {
    lines.push(
      '',
      `${result.outcome.replaceAll('_', ' ')} by ${result.by} at ${result.at}: ${result.reason}`,
      `attempt ${result.attempt}, ${result.rounds} review round${result.rounds === 1 ? '' : 's'}, author ${result.author ?? 'none'}, reviewer ${result.reviewer ?? 'none'}`,
      ...list(
        'gates',
        result.gates.map(({ gate, status, summary }) => `${gate} ${status}: ${summary}`),
      ),
      ...(result.review === null
        ? []
        : [`review: ${result.review.verdict}: ${result.review.summary}`]),
      ...(result.feedback === null ? [] : [`feedback: ${result.feedback}`]),
      ...list(
        'result files',
        result.files.map(({ path, sha256 }) => (sha256 === null ? `${path} (deleted)` : path)),
      ),
    );
  }
  return lines.join('\n');
}
