import { throwIfAborted } from '../domain/errors.ts';
import type { CallPurpose } from '../domain/event.ts';
import { ModelError } from '../domain/model-error.ts';
import { isRules, type ModelRole } from '../domain/model-role.ts';
import type { LanguageModel, ModelResult, RouteNeed } from '../models/language-model.ts';
import type { PlanPorts } from './ports.ts';

export type StageName = 'clarify' | 'spec' | 'plan' | 'refine';

export interface StageResult<T> {
  readonly value: T;
  /** One line for people. */
  readonly summary: string;
  /** Taken from disk: nothing was asked. */
  readonly resumed?: boolean;
}

/**
 * Runs one step of the pipeline between its events. A reply that was no use is kept as a draft before
 * the error goes on.
 *
 * @throws what `work` throws, and InterruptedError
 */
export async function runStage<T>(
  stage: StageName,
  ports: PlanPorts,
  work: () => Promise<StageResult<T>>,
): Promise<T> {
  throwIfAborted(ports.signal);
  ports.emit({ type: 'stage-start', stage });
  try {
    const { value, summary, resumed = false } = await work();
    ports.emit({ type: 'stage-finish', stage, summary, resumed });
    return value;
  } catch (error) {
    await keepRawReply(stage, error, ports);
    throw error;
  }
}

/** Saves what a failed call did send, where it sent anything, as `<name>-reply.txt`. */
export async function keepRawReply(name: string, error: unknown, ports: PlanPorts): Promise<void> {
  if (!(error instanceof ModelError) || error.rawReply === undefined) return;
  await ports.artefacts.saveDraft(`${name}-reply.txt`, error.rawReply);
}

/**
 * The role's model for this content, or null where rules stand in; the decision becomes an event.
 * @throws BlueprintError `no-model`
 */
export function routeTo(ports: PlanPorts, role: ModelRole, need?: RouteNeed): LanguageModel | null {
  const decision = ports.router.decide(role, need);
  ports.emit({ type: 'route-decide', task: null, decision });
  return isRules(decision.chosen) ? null : ports.router.model(decision);
}

export function purposeOf(stage: string, slug: string, round = 1): CallPurpose {
  return { stage, feature: slug, task: null, attempt: 1, round };
}

export function warn(ports: PlanPorts, code: string, message: string): void {
  ports.emit({ type: 'warning', code, message, task: null });
}

/** What the provider remarked on a call, as warnings. */
export function warnOfResult(ports: PlanPorts, result: ModelResult): void {
  for (const message of result.warnings) warn(ports, 'model-warning', message);
}

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
