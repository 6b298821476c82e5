import type * as z from 'zod';
import { listed, overlay, revised, type Candidate, type ReadBase } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { CallPurpose, Emit, RoutingDecision, RunEventBody } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { isRules, type ModelRole } from '../domain/model-role.ts';
import type { Task } from '../domain/task.ts';
import {
  generateBundle,
  type BundleCodec,
  type BundleOptions,
  type ListBase,
} from '../models/generate-bundle.ts';
import {
  generateObject,
  type GeneratedObject,
  type ObjectOptions,
} from '../models/generate-object.ts';
import type {
  Effort,
  LanguageModel,
  MessagePart,
  ModelRequest,
  ModelRouter,
  RouteNeed,
} from '../models/language-model.ts';
import type { FindingRules } from './counting/citable.ts';

/** What all calls of one piece of work share. */
export interface Asking {
  readonly limits: { readonly maxOutputTokens: number };
  /** Another salt asks the same questions anew. */
  readonly salt: string | undefined;
  readonly purpose: CallPurpose;
  readonly router: ModelRouter;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Hears when a call waits for its turn: a deadline does not count that time. */
  readonly pace?: Pick<ModelRequest, 'onWait' | 'onWaitEnd'>;
}

/** What all steps of work on one task share. */
export interface Work extends Asking {
  readonly task: Task;
  /** What its authors know, without their instructions: stands before the work in every prompt. */
  readonly context: readonly MessagePart[];
  /** The project's files as they were before the work. */
  readonly base: ReadBase;
  /** Paths of the base's files that its authors know, as `BundleOptions`. */
  readonly known?: Set<string>;
  /** All paths of the base; absent where nobody can tell. */
  readonly listBase?: ListBase | undefined;
  readonly codec: BundleCodec;
  readonly findings: FindingRules;
}

/** What an author's prompt holds beside its instructions. */
export function contextOf(prompt: readonly MessagePart[]): MessagePart[] {
  return prompt.filter(({ role }) => role !== 'system');
}

/** What one call about the work has of its own. */
export interface ModelQuestion extends Partial<
  Pick<CallPurpose, 'round' | 'candidate' | 'critic'>
> {
  readonly role: ModelRole;
  readonly stage: string;
  readonly parts: readonly MessagePart[];
  readonly effort?: Effort | undefined;
}

/** Asks a model for files. @throws as `generateBundle` */
export function askForBundle(
  work: Omit<Work, 'findings'>,
  model: LanguageModel,
  question: ModelQuestion,
  { base = work.base, ...options }: BundleOptions & { readonly base?: ReadBase } = {},
): Promise<Candidate> {
  const known = work.known === undefined ? {} : { known: work.known };
  const all = { listBase: work.listBase, ...known, ...options };
  return generateBundle(model, requestOf(work, question), base, work.codec, all);
}

/**
 * Asks a model to change a candidate. Gives the candidate with the changes in it, null when it takes back
 * all of the work; it may be what it was.
 * @param shown files of the base that the question shows beside the candidate. @throws as `generateBundle`
 */
export async function askForRevision(
  work: Work,
  model: LanguageModel,
  question: ModelQuestion,
  candidate: Candidate,
  shown: readonly string[] = [],
): Promise<Candidate | null> {
  const base = overlay(candidate.changes, work.base);
  const alsoShown = new Set([...candidate.changes.keys(), ...shown]);
  const { listBase } = work;
  const options = {
    base,
    mayChangeNothing: true,
    alsoShown,
    listBase: listBase && (async () => listed(candidate.changes, await listBase())),
  };
  return revised(candidate, await askForBundle(work, model, question, options), work.base);
}

/** Asks a model for an object of a schema. @throws as `generateObject` */
export function askForObject<T>(
  work: Asking,
  model: LanguageModel,
  question: ModelQuestion,
  name: string,
  schema: z.ZodType<T>,
  options?: ObjectOptions,
): Promise<GeneratedObject<T>> {
  return generateObject(model, requestOf(work, question), name, schema, options);
}

function requestOf(
  { purpose, limits, salt, signal, pace }: Asking,
  { role, stage, parts, effort, ...about }: ModelQuestion,
): Omit<ModelRequest, 'schema'> {
  return {
    role,
    purpose: { ...purpose, ...about, stage },
    parts,
    maxOutputTokens: limits.maxOutputTokens,
    signal,
    ...pace,
    ...(effort !== undefined && { effort }),
    ...(salt !== undefined && { salt }),
  };
}

/** Which model a role's next call goes to, and tells it. @throws BlueprintError `no-model` */
export function decide(work: Asking, role: ModelRole, need?: RouteNeed): RoutingDecision {
  const decision = work.router.decide(role, need);
  work.emit({ type: 'route-decide', task: work.purpose.task, decision });
  return decision;
}

/** The model of a role; null where none can be reached. */
export function reachableModel(
  work: Asking,
  role: ModelRole,
  need?: RouteNeed,
): LanguageModel | null {
  const decision = decisionOrNull(work.router, role, need);
  if (decision === null) return null;
  work.emit({ type: 'route-decide', task: work.purpose.task, decision });
  return isRules(decision.chosen) ? null : work.router.model(decision);
}

/** The decision on a role; null where not even rules stand in. */
export function decisionOrNull(
  router: ModelRouter,
  role: ModelRole,
  need?: RouteNeed,
): RoutingDecision | null {
  try {
    return router.decide(role, need);
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'no-model') return null;
    throw error;
  }
}

/** Exactly this model, and no other in its place. @throws BlueprintError `no-model` */
export function modelNamed(
  { router }: Asking,
  role: ModelRole,
  chosen: string,
  reason = 'a member of the ensemble',
): LanguageModel {
  return router.model({ role, chosen, reason, passedOver: [], fallbacks: [], exact: true });
}

/**
 * Tells what gates found.
 * @param candidate which of several; null for the work that goes on to its review.
 */
export function emitGates(
  { emit, task }: Pick<Work, 'emit' | 'task'>,
  { attempt, round }: Pick<CallPurpose, 'attempt' | 'round'>,
  candidate: string | null,
  gates: readonly GateResult[],
): void {
  for (const result of gates)
    emit({ type: 'gate-finish', task: task.id, attempt, round, candidate, result });
}

type StepFinish = Extract<RunEventBody, { type: 'step-finish' }>;

/** Tells that a step of the work is finished. */
export function emitStep(
  { emit, purpose: { task } }: Asking,
  step: Omit<StepFinish, 'type' | 'task'>,
): void {
  emit({ type: 'step-finish', task, ...step });
}
