import { BlueprintError } from '../../domain/errors.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef, isRules } from '../../domain/model-role.ts';
import { routeProposalSchema, type Route, type WorkflowName } from '../../domain/route.ts';
import { toSingleLine } from '../../domain/text.ts';
import { readObject, responseSchema } from '../../models/generate-object.ts';
import { decisionOrNull, emitStep, type Asking } from '../../supervisor/work.ts';
import { checkProposal, looseProposalSchema, type LooseProposal } from './check-proposal.ts';
import {
  controlsOf,
  defaultWorkers,
  reachableIn,
  toolsOf,
  type Choosing,
} from './default-workers.ts';
import { kindOfTask } from './kind-of-task.ts';
import { routePrompt } from './route-prompt.ts';

export interface RouteInput extends Choosing {
  /** The task in words. */
  readonly text: string;
  /** Named by a person: it is not decided on. */
  readonly workflow?: WorkflowName | undefined;
  /** By whom a model is asked, once; null: rules decide. */
  readonly asking: Asking | null;
}

/**
 * How a task is to be solved, and by whom: as a model proposes where one can be asked, else by rules, and in
 * both cases checked against what there is. A model that fails, or gives no proposal, is told in a warning,
 * and rules decide.
 * @throws BlueprintError `workflow-unknown`, of the budget. @throws InterruptedError
 */
export async function route(input: RouteInput): Promise<Route> {
  const proposed = input.asking === null ? null : await proposal(input, input.asking);
  if (proposed === null) return byRules(input);
  if ('problem' in proposed) return byRules(input, [proposed.problem]);
  const { object, by, forget } = proposed;
  const wanted = { ...object, workflow: input.workflow ?? object.workflow };
  const reasons = object.reasons.slice(0, mostReasons).map((reason) => toSingleLine(reason, 300));
  try {
    return { ...checkProposal(wanted, input), reasons, policy: input.policy, by };
  } catch (error) {
    if (input.asking !== null) emitRefused(input.asking, wanted, error);
    await forget?.();
    throw error;
  }
}

const mostReasons = 8;

/** A proposal that cannot be followed stands in the journal as it came. */
function emitRefused(asking: Asking, proposed: LooseProposal, error: unknown): void {
  const detail = error instanceof Error ? toSingleLine(error.message) : '';
  emitStep(asking, {
    of: 'route',
    step: 'decide',
    name: null,
    outcome: 'failed',
    detail,
    data: { proposed },
  });
}

function byRules(input: RouteInput, warnings: readonly string[] = []): Route {
  const { workflow: named, text, policy } = input;
  const kind = named === undefined ? kindOfTask(text) : { workflow: named, reason: 'asked for' };
  const { workflow, reason } = kind;
  const workers = defaultWorkers(workflow, input);
  const isReachable = workers.length > 0;
  return {
    workflow,
    workers,
    tools: toolsOf[workflow],
    controls: controlsOf[policy],
    reasons: [
      `${workflow}: ${reason}`,
      policy === 'cost'
        ? 'the cheapest models that can be asked'
        : 'other families where there are any',
    ],
    policy,
    by: 'rules',
    warnings: [...warnings, ...(isReachable ? [] : ['no model can be asked now'])],
  };
}

type Proposed =
  | {
      readonly object: LooseProposal;
      readonly by: string;
      /** Has it asked for anew next time. */
      readonly forget: (() => Promise<void>) | undefined;
    }
  | { readonly problem: string };

/** Null where no model can be asked. */
async function proposal(input: RouteInput, asking: Asking): Promise<Proposed | null> {
  const decision = decisionOrNull(asking.router, 'parser');
  if (decision === null || isRules(decision.chosen)) return null;
  asking.emit({ type: 'route-decide', task: asking.purpose.task, decision });
  const { policy, text, pool } = input;
  const { purpose, limits, signal, salt } = asking;
  try {
    const result = await asking.router.model(decision).generate({
      role: 'parser',
      purpose: { ...purpose, stage: 'route' },
      parts: routePrompt(text, { policy, models: reachableIn(pool) }),
      schema: responseSchema('route', routeProposalSchema),
      maxOutputTokens: limits.maxOutputTokens,
      signal,
      ...(salt !== undefined && { salt }),
    });
    const by = formatModelRef(result.identity.ref);
    const read = readObject(result.text, looseProposalSchema);
    if ('object' in read) return { object: read.object, by, forget: result.forget };
    // Asked anew next time.
    await result.forget?.();
    return { problem: toSingleLine(`${by} gave no proposal: ${read.faults.toString()}`, 300) };
  } catch (error) {
    if (!isModelsFault(error)) throw error;
    return { problem: toSingleLine(`no model could propose a route: ${error.message}`, 300) };
  }
}

function isModelsFault(error: unknown): error is BlueprintError {
  return (
    error instanceof ModelError || (error instanceof BlueprintError && error.code === 'no-model')
  );
}

/** Tells how a task is solved, and why. */
export function emitRoute(asking: Asking, { workflow, by, reasons, ...rest }: Route): void {
  emitStep(asking, {
    of: 'route',
    step: 'decide',
    name: null,
    outcome: workflow,
    detail: [`by ${by}`, ...reasons, ...rest.warnings].join('; '),
    data: { workflow, by, reasons, ...rest },
  });
}
