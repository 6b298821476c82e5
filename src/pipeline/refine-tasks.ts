import { otherThan } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import { ModelError } from '../domain/model-error.ts';
import type { RefineReply } from '../domain/plan.ts';
import { requirementsOf } from '../domain/spec.ts';
import type { Task } from '../domain/task.ts';
import { cleanedLine } from '../domain/text.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { projectParts, projectPaths } from './known-project.ts';
import { normaliseRequirements, normaliseTasks } from './normalise-plan.ts';
import { pathProblems, type ProjectPaths } from './path-problems.ts';
import { isError, messagesOf, planProblems, type PlanProblem } from './plan-problems.ts';
import { lenientRefineReply } from './plan-reply.ts';
import type { Plan, PlanTasksInput } from './plan-tasks.ts';
import type { PlanPorts } from './ports.ts';
import { refinePrompt } from './refine-tasks-prompt.ts';
import { askForObject, count, keepRawReply, routeTo, runStage } from './stage.ts';

export interface Refinement {
  readonly tasks: readonly Task[];
  readonly problems: readonly PlanProblem[];
  readonly refined: boolean;
  /** Why the list stands unrefined, or null. */
  readonly warning: string | null;
  /** What the reviewer said of the changes, the removed tasks included. */
  readonly notes: readonly string[];
}

/**
 * Has the reviewer mend the list. Whatever is wrong with the refinement, or with getting one, the list
 * stands as it was, with a warning.
 *
 * @throws InterruptedError
 */
export async function refineTasks(
  input: PlanTasksInput,
  plan: Plan,
  ports: PlanPorts,
): Promise<Refinement> {
  return runStage('refine', ports, async () => {
    const refinement = await tryRefine(input, plan, ports);
    return { value: refinement, summary: summaryOf(refinement) };
  });
}

async function tryRefine(input: PlanTasksInput, plan: Plan, ports: PlanPorts): Promise<Refinement> {
  try {
    // Another family sees what the author's own would overlook.
    const model = routeTo(ports, 'reviewer', otherThan(plan));
    if (model === null) return unrefined(plan, 'no model of the role reviewer is reachable');
    const reply = await askForRefinement(model, input, plan, ports);
    return refinementOf(reply, plan, await projectPaths(ports));
  } catch (error) {
    const unreachable = error instanceof BlueprintError && error.code === 'no-model';
    if (!unreachable && !(error instanceof ModelError)) throw error;
    await keepRawReply('refine', error, ports);
    return unrefined(plan, error.message);
  }
}

async function askForRefinement(
  model: LanguageModel,
  input: PlanTasksInput,
  plan: Plan,
  ports: PlanPorts,
): Promise<RefineReply> {
  const { slug, spec, context } = input;
  const parts = refinePrompt({
    spec,
    context,
    project: await projectParts(ports, spec),
    requirements: requirementsOf(spec).length > 0 ? null : plan.requirements,
    tasks: plan.tasks,
    findings: messagesOf(plan.problems),
    ...(plan.renewal !== null && { standing: plan.renewal.kept }),
  });
  const question = { role: 'reviewer', stage: 'refine', slug, parts } as const;
  const { object, result } = await askForObject(
    ports,
    model,
    question,
    'refine',
    lenientRefineReply,
  );
  await ports.artefacts.saveDraft('refine.json', result.text);
  return object;
}

function refinementOf(reply: RefineReply, plan: Plan, paths: ProjectPaths | null): Refinement {
  const known = normaliseRequirements([...plan.requirements]);
  const normal = normaliseTasks(reply.tasks, known);
  const problems = [
    ...planProblems(normal.tasks, plan.requirements),
    ...normal.problems,
    ...(paths === null ? [] : pathProblems(normal.tasks, paths)),
  ];
  const removed = reply.removed
    .map(({ id, reason }) => ({ id: id.trim().toLowerCase(), reason: cleanedLine(reason) }))
    .filter(({ reason }) => reason !== '');

  const after = new Set(normal.tasks.map(({ id }) => id.toLowerCase()));
  const named = new Map(removed.map(({ id, reason }) => [id, reason]));
  const gone = plan.tasks.map(({ id }) => id).filter((id) => !after.has(id.toLowerCase()));
  const dropped = gone.filter((id) => !named.has(id.toLowerCase()));
  if (dropped.length > 0)
    return unrefined(plan, `it dropped ${dropped.join(', ')} without a reason`);

  const error = problems.find(isError);
  if (error !== undefined) return unrefined(plan, error.message);

  const covered = new Set(normal.tasks.flatMap(({ requirements }) => requirements));
  const before = new Set(plan.tasks.flatMap(({ requirements }) => requirements));
  const lost = [...before].filter((id) => !covered.has(id));
  if (lost.length > 0) return unrefined(plan, `no task of it serves ${lost.join(', ')} any more`);

  return {
    tasks: normal.tasks,
    problems,
    refined: true,
    warning: null,
    notes: [
      ...gone.map((id) => `${id} removed: ${named.get(id.toLowerCase()) ?? ''}`),
      ...reply.notes.map((note) => cleanedLine(note)).filter((note) => note !== ''),
    ],
  };
}

function unrefined(plan: Plan, reason: string): Refinement {
  return {
    tasks: plan.tasks,
    problems: plan.problems,
    refined: false,
    warning: `The task list stands unrefined: ${reason}`,
    notes: [],
  };
}

function summaryOf({ tasks, warning, notes }: Refinement): string {
  return warning ?? `${count(tasks.length, 'task')}, ${count(notes.length, 'note')}`;
}
