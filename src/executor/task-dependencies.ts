import { noFiles } from '../domain/deliverable.ts';
import type { FindingsMode } from '../domain/review.ts';
import type { Emit } from '../domain/event.ts';
import type { Route } from '../domain/route.ts';
import type { Task, TaskResult } from '../domain/task.ts';
import type { BundleCodec } from '../models/generate-bundle.ts';
import type { Project } from '../repository/project.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { Asking } from '../supervisor/work.ts';
import { taskResult } from '../workflows/task-result.ts';
import type { ResultParts, WorkflowParts } from '../workflows/workflow.ts';
import type { Workflows } from '../workflows/workflow-of.ts';
import type { CommitNote, Workspace } from '../workspace/workspace.ts';
import { taskKey, type AttemptOutcome } from './attempt.ts';
import type { TaskJob } from './engine.ts';

/** @param asking null: no call is made. @throws BlueprintError `workflow-unknown` */
export type RouteTask = (task: Task, asking: Asking | null) => Promise<Route>;

export interface TaskOptions {
  /** Fresh tries at a task whose reply could not be used. */
  readonly attempts: number;
  readonly contextTokens: number;
  /** Of them at most, for files that a task does not name. */
  readonly relatedTokens: number;
  readonly maxOutputTokens: number;
  readonly maxIterations: number;
  readonly findings: FindingsMode;
  readonly codec: BundleCodec;
}

/** All that the work on one task needs from outside. */
export interface TaskDependencies extends Omit<WorkflowParts, 'maxIterations'> {
  readonly workflows: Workflows;
  /** How an open task is to be solved, and by whom. Absent: by rules alone, by the models of the roles. */
  readonly route?: RouteTask;
  readonly artefacts: ArtefactStore;
  readonly workspace: Workspace;
  readonly router: ModelRouter;
  /** What is known of the project; null or absent where it is not looked at. */
  readonly project?: Project | null;
  readonly emit: Emit;
  readonly now: () => Date;
  readonly options: TaskOptions;
}

/** How an attempt ended that failed, and brought nothing. */
export function failedOutcome(
  job: TaskJob,
  attempt: number,
  now: () => Date,
  again: AttemptOutcome['again'],
  parts: Omit<ResultParts, 'outcome' | 'by'>,
): AttemptOutcome {
  return {
    version: 2,
    about: taskKey(job.task),
    status: 'failed',
    again,
    result: taskResult(now, { outcome: 'failed', by: 'engine', run: job.run, attempt, ...parts }),
    author: null,
    deliverable: noFiles,
    seen: [],
    base: [],
  };
}

/** What the history says of a task's commit. */
export function noteOf(
  task: Pick<Task, 'id' | 'title' | 'requirements'>,
  { author, authors, reviewer, by }: Pick<TaskResult, 'author' | 'authors' | 'reviewer' | 'by'>,
): CommitNote {
  const { id, title, requirements } = task;
  return {
    task: id,
    title,
    requirements,
    author: authors?.join(', ') ?? author,
    reviewer,
    approvedBy: by,
  };
}
