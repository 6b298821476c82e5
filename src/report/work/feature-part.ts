import { planFindings } from '../../domain/graph.ts';
import type { FeatureDocument, Task } from '../../domain/task.ts';
import { counted } from '../../text/counted.ts';
import { criteriaMatrix, hasCriteria, servingTasks } from '../criteria.ts';
import { progressOf } from '../progress.ts';
import { boundedAttempt, roomFor, type Room } from './bounded.ts';
import { bounds, cutText } from './bounds.ts';
import { criticalPath } from './critical-path.ts';
import type {
  Coverage,
  FeaturePart,
  FeatureReadings,
  RequirementPart,
  TaskPart,
} from './document.ts';
import { lengthOf, type Bar } from './spans.ts';

/** A feature as its report tells of it: all that there is room for. */
export function featurePart(readings: FeatureReadings): FeaturePart {
  const { document, saidByFile, journal } = readings;
  const { requirements, plan } = document;
  const worked = new Map(
    document.tasks.map(({ id }) => [
      id,
      lengthOf((journal.attempts.get(id) ?? []).flatMap(({ spans }) => spans)),
    ]),
  );
  const path = criticalPath(document.tasks, (id) => worked.get(id) ?? 0);
  const critical = new Set(path.ms === 0 ? [] : path.tasks.map(({ id }) => id));
  const room = roomFor(bounds.evidence);
  const tasks = document.tasks.map((task) =>
    taskPart(task, readings, {
      workedMs: worked.get(task.id) ?? 0,
      isCritical: critical.has(task.id),
      room,
    }),
  );
  const { bars, decisions, warnings } = journal;
  const shownBars = barsShown(bars);
  const findings = planFindings(document.tasks, requirements).map(({ message }) => message);
  return {
    progress: progressOf(document.tasks, saidByFile),
    requirements: coverageOf(document, tasks),
    tasks,
    remarks: [...new Set([...findings, ...plan.warnings])].map((text) => cutText(text)),
    workedMs: lengthOf(bars),
    criticalPath: path,
    bars: shownBars,
    decisions: decisions.slice(-bounds.events).map((decision) => ({
      ...decision,
      feedback: decision.feedback === null ? null : cutText(decision.feedback),
      detail: cutText(decision.detail),
      files: decision.files.slice(0, bounds.list),
    })),
    warnings: warnings
      .slice(-bounds.events)
      .map((warning) => ({ ...warning, message: cutText(warning.message) })),
    applied: journal.applied
      .slice(-bounds.list)
      .map((applied) => ({ ...applied, files: applied.files.slice(0, bounds.list) })),
    outlooks: journal.outlooks,
    first: journal.first,
    last: journal.last,
    leftOut: {
      bars: bars.length - shownBars.length,
      decisions: Math.max(0, decisions.length - bounds.events),
      warnings: Math.max(0, warnings.length - bounds.events),
    },
  };
}

/** The longest: what is shorter than a line is wide is not missed. */
function barsShown(bars: readonly Bar[]): readonly Bar[] {
  if (bars.length <= bounds.bars) return bars;
  const longest = new Set(
    [...bars].sort((a, b) => b.to - b.from - (a.to - a.from)).slice(0, bounds.bars),
  );
  return bars.filter((bar) => longest.has(bar));
}

function taskPart(
  { status, ...task }: Task,
  { states, saidByFile, works, journal, cost }: FeatureReadings,
  told: Pick<TaskPart, 'workedMs' | 'isCritical'> & { readonly room: Room },
): TaskPart {
  const { room, workedMs, isCritical } = told;
  const attempts = journal.attempts.get(task.id) ?? [];
  const leftOut: string[] = [];
  const older = attempts.length - bounds.attempts;
  if (older > 0) leftOut.push(counted(older, 'older attempt'));
  const shown = attempts
    .slice(-bounds.attempts)
    .map((attempt) => boundedAttempt(attempt, room, (what) => leftOut.push(what)));
  return {
    ...task,
    description: cutText(task.description),
    result: task.result && { ...task.result, reason: cutText(task.result.reason) },
    state: states.get(task.id) ?? status,
    saidByFile: saidByFile.has(task.id),
    attempts: shown,
    leftOut,
    workedMs,
    isCritical,
    spend: cost.byTask.find(({ name }) => name === task.id) ?? null,
    work: works.get(task.id) ?? null,
  };
}

/** Requirements with what serves them. */
function coverageOf(document: FeatureDocument, tasks: readonly TaskPart[]): RequirementPart[] {
  const { requirements } = document;
  const matrix = hasCriteria(document) ? criteriaMatrix(document) : [];
  const serving = servingTasks(tasks);
  return requirements.map((requirement, at) => {
    const own = serving.get(requirement.id) ?? [];
    return {
      ...requirement,
      coverage: coverageBy(own),
      tasks: own.map(({ id }) => id),
      files: [...new Set(own.flatMap(filesOf))].sort(),
      criteria: matrix[at]?.criteria ?? [],
    };
  });
}

function coverageBy(tasks: readonly TaskPart[]): Coverage {
  if (tasks.length === 0) return 'uncovered';
  const has = (state: TaskPart['state']): boolean => tasks.some((task) => task.state === state);
  if (has('failed')) return 'failed';
  if (has('needs_review')) return 'waits';
  const isOpen = tasks.some(
    ({ state, saidByFile }) => saidByFile || (state !== 'done' && state !== 'skipped'),
  );
  if (isOpen) return 'open';
  return has('done') ? 'met' : 'skipped';
}

function filesOf({ result, files, state }: TaskPart): readonly string[] {
  const changed = result?.files.map(({ path }) => path) ?? [];
  return state === 'done' || changed.length > 0 ? changed : files;
}
