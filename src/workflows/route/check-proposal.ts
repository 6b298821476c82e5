import * as z from 'zod';
import { BlueprintError } from '../../domain/errors.ts';
import {
  routeRounds,
  routeTools,
  workerRoles,
  workersAs,
  type Route,
  type Worker,
  type WorkflowName,
} from '../../domain/route.ts';
import { workflows } from '../../domain/task.ts';
import { toSingleLine } from '../../domain/text.ts';
import {
  controlsOf,
  defaultWorkers,
  reachableIn,
  toolsOf,
  type Choosing,
} from './default-workers.ts';

/** A proposal as it may come: of the right form, and nothing more is known of it. */
export const looseProposalSchema = z.object({
  reasons: z.array(z.string()).default([]),
  workflow: z.string(),
  workers: z
    .array(z.object({ provider: z.string(), model: z.string(), role: z.string() }))
    .default([]),
  tools: z.array(z.string()).default([]),
  controls: z
    .object({ debate: z.boolean().default(false), maxRounds: z.number().optional() })
    .prefault({}),
});
export type LooseProposal = z.infer<typeof looseProposalSchema>;

type Checked = Pick<Route, 'workflow' | 'workers' | 'tools' | 'controls' | 'warnings'>;

/**
 * A proposal as far as it may be followed: workers that are not there or cannot be reached are dropped, rounds
 * are brought within their bounds, each with a warning; without a solver the workflow's own are taken.
 * @throws BlueprintError `workflow-unknown`, with the proposal
 */
export function checkProposal(proposal: LooseProposal, choosing: Choosing): Checked {
  const workflow = knownWorkflow(proposal);
  const reachable = new Set(reachableIn(choosing.pool).map(({ model }) => model));
  const unusable: string[] = [];
  const workers: Worker[] = [];
  for (const { provider, model, role } of proposal.workers) {
    const known = workerRoles.find((each) => each === role);
    const name = `${provider}/${model}`;
    const why =
      known === undefined
        ? `there is no role ${role}`
        : reachable.has(name)
          ? workers.some((one) => `${one.provider}/${one.model}` === name && one.role === role)
            ? 'it is there already'
            : null
          : 'it is not among the models that can be asked';
    if (known !== undefined && why === null) workers.push({ provider, model, role: known });
    else unusable.push(toSingleLine(`${name} as ${role} is left out: ${why}`, 200));
  }
  const warnings = shortened(unusable);
  if (workersAs(workers, 'solver').length === 0) {
    if (proposal.workers.length > 0)
      warnings.push('no solver is left: those that the workflow has by itself are taken');
    const own = defaultWorkers(workflow, choosing);
    const roles = new Set(workers.map(({ role }) => role));
    workers.push(...own.filter(({ role }) => !roles.has(role)));
  }
  const tools = new Set(toolsOf[workflow]);
  const unknown: string[] = [];
  for (const name of proposal.tools) {
    const known = routeTools.find((each) => each === name);
    if (known === undefined)
      unknown.push(toSingleLine(`the tool ${name} is left out: there is none of that name`, 200));
    else tools.add(known);
  }
  warnings.push(...shortened(unknown));
  const controls = {
    debate: proposal.controls.debate,
    maxRounds: roundsOf(proposal, choosing, warnings),
  };
  return { workflow, workers, tools: [...tools], controls, warnings };
}

const mostTold = 8;

/** A proposal may name any number of what there is not. */
function shortened(warnings: readonly string[]): string[] {
  const more = warnings.length - mostTold;
  if (more <= 0) return [...warnings];
  return [...warnings.slice(0, mostTold), `${more} more are left out`];
}

function knownWorkflow(proposal: LooseProposal): WorkflowName {
  const known = workflows.find((name) => name === proposal.workflow);
  if (known !== undefined) return known;
  throw new BlueprintError({
    code: 'workflow-unknown',
    message: `The route names the workflow «${toSingleLine(proposal.workflow, 60)}», and there is none of that name. The whole proposal: ${toSingleLine(JSON.stringify(proposal), 1_000)}`,
    target: 'workflow',
    fix: `Known are ${workflows.join(', ')}: name one with --workflow, or let rules decide with --rules.`,
  });
}

function roundsOf(
  { controls: { maxRounds } }: LooseProposal,
  { policy }: Choosing,
  warnings: string[],
): number {
  if (maxRounds === undefined || Number.isNaN(maxRounds)) return controlsOf[policy].maxRounds;
  const { least, most } = routeRounds;
  const rounds = Math.min(most, Math.max(least, Math.round(maxRounds)));
  if (rounds !== maxRounds)
    warnings.push(
      `${maxRounds} rounds were asked for; ${rounds} are taken, of ${least} to ${most}`,
    );
  return rounds;
}
