import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef, isRules, rulesAuthor, type ModelIdentity } from '../domain/model-role.ts';
import type { PlanReply } from '../domain/plan.ts';
import { requirementsOf } from '../domain/spec.ts';
import type { Requirement, Task } from '../domain/task.ts';
import { estimatePromptTokens, estimateTokens } from '../domain/text.ts';
import type { LanguageModel, MessagePart, ModelResult } from '../models/language-model.ts';
import { keepStanding, underOldIds, type Before, type Renewal } from './keep-standing.ts';
import { projectParts, projectPaths } from './known-project.ts';
import { normaliseRequirements, normaliseTasks } from './normalise-plan.ts';
import { pathProblems, type ProjectPaths } from './path-problems.ts';
import { isError, messagesOf, planProblems, type PlanProblem } from './plan-problems.ts';
import { lenientPlanReply } from './plan-reply.ts';
import { planFaults, planPrompt } from './plan-tasks-prompt.ts';
import { correctionParts } from './prompt-parts.ts';
import type { ContextFile, PlanPorts } from './ports.ts';
import { plannedRequirement } from '../text/requirement-key.ts';
import { requirementChanges } from '../text/spec-changes.ts';
import { askForObject, count, keepRawReply, routeTo, runStage, warn } from './stage.ts';

export interface PlanTasksInput {
  readonly slug: string;
  readonly spec: string;
  readonly context: readonly ContextFile[];
  /** The list that is planned anew; absent for a first plan. */
  readonly before?: Before;
  /** What a debate of the spec found, in words. */
  readonly debated?: string;
}

/** Requirements and tasks in the form that is kept. */
export interface Plan {
  readonly requirements: readonly Requirement[];
  readonly tasks: readonly Task[];
  readonly problems: readonly PlanProblem[];
  /** Who wrote it. */
  readonly author: ModelIdentity;
  /** What became of the list before, where there was one. */
  readonly renewal: Renewal | null;
}

/** With what is known of the project. */
interface AskedPlan extends PlanTasksInput {
  readonly project: readonly MessagePart[];
  /** Null where planned paths are not checked against a project. */
  readonly paths: ProjectPaths | null;
}

interface ModelPlan extends Plan {
  readonly result: ModelResult;
}

/**
 * Has the parser, or rules in its place, cut the spec into tasks. What is wrong with a model's list goes
 * back to it once; what is wrong then, short of an error, stays among the plan's problems.
 *
 * @throws BlueprintError `plan-unsound`, with the raw replies kept as drafts; ModelError
 */
export function planTasks(input: PlanTasksInput, ports: PlanPorts): Promise<Plan> {
  return runStage('plan', ports, async () => {
    const contentTokens = [input.spec, ...input.context.map(({ text }) => text)]
      .map(estimateTokens)
      .reduce((sum, tokens) => sum + tokens, 0);
    // Rules plan from the spec's words alone.
    const byRules = isRules(ports.router.decide('parser', { contentTokens }).chosen);
    const project = byRules ? [] : await projectParts(ports, input.spec);
    const model = routeTo(ports, 'parser', {
      contentTokens: contentTokens + estimatePromptTokens(project),
    });
    const asked = { ...input, project, paths: await projectPaths(ports) };
    const plan =
      model === null
        ? checked(await ports.rules.planOf(input.spec), asked, rulesAuthor)
        : await planByModel(model, asked, ports);
    const errors = plan.problems.filter(isError);
    if (errors.length > 0) throw unsound(plan, errors);
    const { author, problems, requirements, tasks, renewal } = plan;
    const summary = `${count(tasks.length, 'task')} for ${count(requirements.length, 'requirement')}`;
    return { value: { author, problems, requirements, tasks, renewal }, summary };
  });
}

/** A reply's requirements and tasks in the form that is kept, with what is wrong with them. */
function checked(
  reply: PlanReply,
  { spec, before, paths }: Pick<AskedPlan, 'spec' | 'before' | 'paths'>,
  author: ModelIdentity,
): Plan {
  const stated = requirementsOf(spec);
  const inReply = reply.requirements.length > 0 ? reply.requirements : null;
  const named = stated.length > 0 ? stated : (inReply ?? before?.document.requirements ?? []);
  const known = normaliseRequirements(named);
  const { requirements } = known;
  const planned = normaliseTasks(reply.tasks, known);
  const renewal =
    before === undefined ? null : renewed(before, planned.tasks, requirements, stated, author);
  const tasks = renewal?.tasks ?? planned.tasks;
  const problems = [
    ...planProblems(tasks, requirements),
    ...known.problems,
    ...planned.problems,
    ...(paths === null ? [] : pathProblems(tasks, paths)),
  ];
  return { requirements, tasks, problems, author, renewal };
}

/** The list that stands, with what was planned anew worked into it. */
export function renewed(
  before: Before,
  planned: readonly Task[],
  requirements: readonly Requirement[],
  stated: readonly Requirement[],
  author: ModelIdentity,
): Renewal {
  // A spec without numbers does not say which of its requirements are others now; the planner does.
  const changes =
    stated.length > 0
      ? before.changes
      : requirementChanges(before.document.requirements.map(plannedRequirement), requirements);
  const given = { ...before, changes };
  const tasks = isRules(author.ref) ? underOldIds(given, planned) : planned;
  return keepStanding(given, tasks, requirements);
}

async function planByModel(
  model: LanguageModel,
  input: AskedPlan,
  ports: PlanPorts,
): Promise<Plan> {
  const parts = planPrompt(input);
  const first = await askForPlan(model, 'plan', parts, input, ports);
  const second =
    first.problems.length === 0 ? null : await askAgain(first, model, parts, input, ports);
  const plan = second === null ? first : better(first, second);
  if (plan.problems.some(isError)) {
    await first.result.forget?.();
    await second?.result.forget?.();
  }
  return plan;
}

async function askForPlan(
  model: LanguageModel,
  stage: 'plan' | 'plan-fix',
  parts: readonly MessagePart[],
  input: AskedPlan,
  ports: PlanPorts,
): Promise<ModelPlan> {
  const round = stage === 'plan' ? 1 : 2;
  const question = { role: 'parser', stage, slug: input.slug, round, parts } as const;
  const { object, result } = await askForObject(ports, model, question, 'plan', lenientPlanReply);
  await ports.artefacts.saveDraft(`${stage}.json`, result.text);
  return { ...checked(object, input, result.identity), result };
}

/** Null when the model could not be asked again and the first list can do without. */
async function askAgain(
  first: ModelPlan,
  model: LanguageModel,
  parts: readonly MessagePart[],
  input: AskedPlan,
  ports: PlanPorts,
): Promise<ModelPlan | null> {
  const faults = planFaults(messagesOf(first.problems));
  const again = [...parts, ...correctionParts(first.result.text, faults)];
  try {
    return await askForPlan(model, 'plan-fix', again, input, ports);
  } catch (error) {
    if (!(error instanceof ModelError) || first.problems.some(isError)) throw error;
    await keepRawReply('plan-fix', error, ports);
    warn(ports, 'plan-not-mended', `The plan's warnings stand: ${error.message}`);
    return null;
  }
}

function better(first: ModelPlan, second: ModelPlan): ModelPlan {
  const errors = (reply: Plan): number => reply.problems.filter(isError).length;
  const usable = [first, second].filter((reply) => errors(reply) === 0);
  // A second list may mend one thing and lose another, as when only the mended tasks are sent.
  if (usable.length === 2) return first.problems.length < second.problems.length ? first : second;
  return usable[0] ?? second;
}

function unsound(plan: Plan, errors: readonly PlanProblem[]): BlueprintError {
  const byRules = isRules(plan.author.ref);
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new BlueprintError({
    code: 'plan-unsound',
    message: byRules
      ? `The task list cannot be used: ${errors[0]?.message ?? ''}${rest}`
      : `The task list cannot be used, also after its faults were shown to the model: ${errors[0]?.message ?? ''}${rest}; the raw reply is kept as a draft`,
    target: formatModelRef(plan.author.ref),
    fix: byRules
      ? 'Change the spec, or set the key of a provider, so that a model plans.'
      : 'Run the same command again, which asks anew, or put another model first for the role parser.',
    exitCode: ExitCode.unavailable,
    others: errors.slice(1).map(({ code, message }) => ({ code, message })),
  });
}
