import { BlueprintError, throwIfAborted } from '../domain/errors.ts';
import { isRules, type ModelIdentity } from '../domain/model-role.ts';
import { plainLine } from '../domain/plain-markdown.ts';
import { repeatedRequirements, requirementsOf, sectionsOf } from '../domain/spec.ts';
import { featureDocumentSchema, type FeatureDocument } from '../domain/task.ts';
import { cleanedLine, cleanedText } from '../domain/text.ts';
import { clarify, type Clarified } from './clarify.ts';
import { debateSpec } from './debate-spec.ts';
import { messagesOf, type PlanProblem } from './plan-problems.ts';
import { orderSharedFiles } from './order-shared.ts';
import { planTasks, type Plan, type PlanTasksInput } from './plan-tasks.ts';
import type { Ask, ContextFile, PlanPorts } from './ports.ts';
import { refineTasks, type Refinement } from './refine-tasks.ts';
import { runStage, warn, type StageName } from './stage.ts';
import { writeSpec } from './write-spec.ts';
import { sha256 } from '../text/sha256.ts';
import { plannedSpec } from '../text/spec-changes.ts';

export interface PlanInput {
  /** A valid feature name. */
  readonly slug: string;
  readonly brief: string;
  /** The brief already is the spec. */
  readonly isSpec: boolean;
  readonly context: readonly ContextFile[];
  /** Null: nobody can be asked. */
  readonly ask: Ask | null;
}

export interface PlanOutcome {
  readonly document: FeatureDocument;
  readonly spec: string;
  /** What is still wrong with the list; nothing of it makes the list unusable. */
  readonly findings: readonly PlanProblem[];
  /** All that a person should be told; also in `document.plan.warnings`. */
  readonly warnings: readonly string[];
  /** What the reviewer changed in the list. */
  readonly notes: readonly string[];
  /** Stages that were taken from disk. */
  readonly resumed: readonly StageName[];
  /** Who made the task list; rules when no model was reachable. */
  readonly planner: ModelIdentity;
}

/**
 * Brief → spec → task list. Each step is saved as it ends, so that the same call goes on where the last
 * one stopped; what is on disk is used as it is.
 *
 * @throws BlueprintError `feature-exists` for a finished task list or another brief, `plan-unsound`,
 *   `spec-without-requirements`, `no-model`; ModelError; InterruptedError
 */
export async function planFeature(input: PlanInput, ports: PlanPorts): Promise<PlanOutcome> {
  throwIfAborted(ports.signal);
  const { artefacts } = ports;
  if ((await artefacts.readTaskList()) !== null) throw planned(input.slug);
  const known = await artefacts.readBrief();
  if (known === null) await artefacts.saveBrief(input.brief);
  else requireSameBrief(known, input);

  const resumed: StageName[] = [];
  const spec = await specOf(input, ports, resumed);
  const debated = await debateSpec(input.slug, spec, ports);
  const found = debated === null ? {} : { debated: debated.words };
  const task: PlanTasksInput = { slug: input.slug, spec, context: input.context, ...found };
  const plan = await planTasks(task, ports);
  const refinement = isRules(plan.author.ref)
    ? asPlanned(plan)
    : await refineTasks(task, plan, ports);

  const ordered = orderSharedFiles(refinement.tasks);
  const warnings = [
    ...(refinement.warning === null ? [] : [cleanedLine(refinement.warning)]),
    ...requirementRemarks(spec),
    ...messagesOf(refinement.problems),
    ...ordered.notes,
  ];
  for (const message of warnings) warn(ports, 'plan-warning', message);
  const at = ports.now().toISOString();
  const document = featureDocumentSchema.parse({
    schemaVersion: 2,
    title: titleFor(spec) ?? titleFor(input.brief) ?? input.slug,
    createdAt: at,
    updatedAt: at,
    plan: {
      specSha256: sha256(spec),
      spec: plannedSpec(spec),
      refined: refinement.refined,
      warnings: warnings.map((warning) => cleanedText(warning)),
    },
    requirements: plan.requirements,
    tasks: ordered.tasks,
  });
  throwIfAborted(ports.signal);
  await artefacts.saveTaskList(document);
  return {
    document,
    spec,
    findings: refinement.problems,
    warnings,
    notes: refinement.notes,
    resumed,
    planner: plan.author,
  };
}

async function specOf(input: PlanInput, ports: PlanPorts, resumed: StageName[]): Promise<string> {
  const { artefacts } = ports;
  const existing = await artefacts.readSpec();
  if (existing !== null && existing.trim() !== '') {
    resumed.push('spec');
    if (input.isSpec && existing !== input.brief)
      warn(ports, 'spec-differs', 'spec.md is used as it stands; it differs from the given spec');
    return runStage('spec', ports, async () => ({
      value: existing,
      summary: 'spec.md as it stands',
      resumed: true,
    }));
  }
  if (input.isSpec) {
    return runStage('spec', ports, async () => {
      await artefacts.saveSpec(input.brief);
      return { value: input.brief, summary: 'the brief is the spec' };
    });
  }
  const clarified = await clarifiedOf(input, ports, resumed);
  return writeSpec({ ...input, ...clarified }, ports);
}

async function clarifiedOf(
  input: PlanInput,
  ports: PlanPorts,
  resumed: StageName[],
): Promise<Clarified> {
  const { artefacts, project = null } = ports;
  const answers = await artefacts.readAnswers();
  if (answers !== null) {
    const looked = await artefacts.readLooked();
    resumed.push('clarify');
    return runStage('clarify', ports, async () => ({
      value: { answers, looked },
      summary: 'answers as they stand',
      resumed: true,
    }));
  }
  // Without a person there is something to ask where the architect can look.
  const canLook = project !== null && project.lookFiles > 0 && !(await project.known.isEmpty());
  return input.ask === null && !canLook ? { answers: [], looked: [] } : clarify(input, ports);
}

function asPlanned(plan: Plan): Refinement {
  return { tasks: plan.tasks, problems: plan.problems, refined: false, warning: null, notes: [] };
}

function titleFor(markdown: string): string | null {
  const heading = sectionsOf(markdown).find(({ depth }) => depth === 1)?.heading ?? '';
  return cleanedLine(plainLine(heading)) || null;
}

/** What a reader of the spec would not find again in the task list as it stands there. */
function requirementRemarks(spec: string): string[] {
  const repeated = repeatedRequirements(spec).map(
    (id) => `The spec states ${id} more than once; the most detailed statement counts`,
  );
  const renamed = requirementsOf(spec).flatMap(({ id, written }) =>
    written === undefined ? [] : [`The spec's requirement ${written} is ${id} in the task list`],
  );
  return [...repeated, ...renamed];
}

function planned(slug: string): BlueprintError {
  return new BlueprintError({
    code: 'feature-exists',
    message: `The feature «${slug}» already has a task list`,
    target: slug,
    fix: `Run it with «blueprint run ${slug}», plan a changed spec.md with «blueprint new --again ${slug}», or give another name with --name.`,
  });
}

function requireSameBrief(known: string, { brief, slug }: PlanInput): void {
  // An editor or a pipe may change how lines end; that is no other brief.
  const linesOf = (text: string): string[] => text.trimEnd().split(/\r\n|\r|\n/);
  const before = linesOf(known);
  const now = linesOf(brief);
  const line = Array.from({ length: Math.max(before.length, now.length) }).findIndex(
    (_, index) => before[index]?.trimEnd() !== now[index]?.trimEnd(),
  );
  if (line === -1) return;
  const shown = (text: string | undefined): string =>
    text === undefined ? 'nothing' : `«${cleanedLine(text, 80)}»`;
  throw new BlueprintError({
    code: 'feature-exists',
    message: `The feature «${slug}» was begun from another brief: its line ${line + 1} is ${shown(before[line])}, now ${shown(now[line])}`,
    target: `${slug}/brief.md:${line + 1}`,
    fix: 'Give another name with --name, or give the first brief again to go on with it.',
  });
}
