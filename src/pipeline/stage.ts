import type * as z from 'zod';
import { throwIfAborted } from '../domain/errors.ts';
import { ModelError } from '../domain/model-error.ts';
import { isRules, type ModelRole } from '../domain/model-role.ts';
import { generateObject, type GeneratedObject } from '../models/generate-object.ts';
import type {
  LanguageModel,
  MessagePart,
  ModelRequest,
  ModelResult,
  RouteNeed,
} from '../models/language-model.ts';
import { createPause } from '../text/pause.ts';
import type { PlanPorts } from './ports.ts';

export type StageName = 'clarify' | 'spec' | 'debate' | 'plan' | 'refine';

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
  const pause = createPause(ports.signal);
  try {
    const { value, summary, resumed = false } = await work();
    await pause();
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

/** What one call of a stage has of its own. */
export interface StageQuestion {
  readonly role: ModelRole;
  readonly stage: string;
  readonly slug: string;
  /** 2 where a first reply goes back to be mended. */
  readonly round?: number;
  readonly parts: readonly MessagePart[];
  /** For the reply; 32,000 by default. */
  readonly maxOutputTokens?: number;
}

/** Asks for text, told to `onText` as it arrives; what the provider remarks becomes warnings. */
export async function askForText(
  ports: PlanPorts,
  model: LanguageModel,
  question: StageQuestion,
): Promise<ModelResult> {
  const { onText } = ports;
  const request = requestOf(ports, question);
  const result = await model.generate({ ...request, ...(onText !== undefined && { onText }) });
  warnOfResult(ports, result);
  return result;
}

/** Asks for an object; what the provider remarks becomes warnings. @throws as `generateObject` */
export async function askForObject<T>(
  ports: PlanPorts,
  model: LanguageModel,
  question: StageQuestion,
  name: string,
  schema: z.ZodType<T>,
): Promise<GeneratedObject<T>> {
  const found = await generateObject(model, requestOf(ports, question), name, schema);
  warnOfResult(ports, found.result);
  return found;
}

function requestOf(
  { signal }: PlanPorts,
  { role, stage, slug, round = 1, parts, maxOutputTokens = 32_000 }: StageQuestion,
): ModelRequest {
  const purpose = { stage, feature: slug, task: null, attempt: 1, round };
  return { role, purpose, parts, maxOutputTokens, signal };
}

export function warn(ports: PlanPorts, code: string, message: string): void {
  ports.emit({ type: 'warning', code, message, task: null });
}

function warnOfResult(ports: PlanPorts, { warnings }: ModelResult): void {
  for (const message of warnings) warn(ports, 'model-warning', message);
}

export function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
