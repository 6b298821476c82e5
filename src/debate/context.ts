import type * as z from 'zod';
import type { DebateCritic, Debaters } from '../domain/debate.ts';
import type { DebateSettings } from '../domain/debate-settings.ts';
import type { ModelRole } from '../domain/model-role.ts';
import type { MessagePart } from '../models/language-model.ts';
import { errorOfAll, failuresOf, fanOut, withinDeadline } from '../supervisor/fan-out.ts';
import { recall, remember, type StepFiles } from '../supervisor/steps.ts';
import { askForObject, emitStep, modelNamed, type Asking } from '../supervisor/work.ts';
import { sha256 } from '../text/sha256.ts';

/** What all phases of one debate share. */
export interface DebateContext {
  readonly asking: Asking;
  readonly id: string;
  /** As critics read it: whole, or a summary of what is too large. */
  readonly proposal: string;
  /** Quotes are looked up here. */
  readonly original: string;
  readonly debaters: Debaters;
  readonly settings: DebateSettings;
  /** Of finished steps. */
  readonly files: StepFiles;
}

/** A step of a debate: kept with all that decides it, and not done twice. */
export async function step<T>(
  { files, proposal }: DebateContext,
  { name, from, schema }: { name: string; from: unknown; schema: z.ZodType<T> },
  make: () => Promise<T>,
): Promise<T> {
  const key = sha256(JSON.stringify([proposal, from]));
  const kept = { name: `${name}.json`, key, schema, sealed: true };
  const before = await recall(files, kept);
  if (before !== null) return before;
  const made = await make();
  await remember(files, kept, made);
  return made;
}

interface Speaker {
  readonly role: Extract<ModelRole, 'strategist' | 'critic' | 'judge'>;
  readonly model: string;
  /** Of a critic. */
  readonly label?: string;
}

export function asCritic({ label, model }: DebateCritic): Speaker {
  return { role: 'critic', model, label };
}

export function asStrategist({ debaters }: Pick<DebateContext, 'debaters'>): Speaker {
  return { role: 'strategist', model: debaters.strategist.model };
}

export interface Question<T> {
  readonly stage: string;
  readonly round: number;
  readonly parts: readonly MessagePart[];
  readonly schema: z.ZodType<T>;
}

/** Asks exactly this model: another in its place would be another debate. @throws ModelError */
export async function askSpeaker<T>(
  asking: Asking,
  { role, model, label }: Speaker,
  { stage, round, parts, schema }: Question<T>,
): Promise<T> {
  const name = stage.replaceAll('-', '_');
  const which = label === undefined ? {} : { critic: label };
  const question = { role, stage, parts, round, ...which };
  const chosen = modelNamed(asking, role, model, 'takes part in the debate');
  return (await askForObject(asking, chosen, question, name, schema)).object;
}

/**
 * The same for several critics at once. When one fails, the others are heard to their end and kept, and then
 * its error is thrown.
 * @throws BlueprintError of the budget first, else ModelError
 */
export async function eachCritic<T>(
  { asking, id }: DebateContext,
  critics: readonly DebateCritic[],
  run: (critic: DebateCritic, asking: Asking, index: number) => Promise<T>,
): Promise<T[]> {
  const outcomes = await fanOut(asking, critics, (critic, shared, index) =>
    withinDeadline(shared, { name: critic.model, ms: null, fix: '' }, (own) =>
      run(critic, own, index),
    ),
  );
  const failures = failuresOf(outcomes);
  const values = outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value] : []));
  if (failures.length === 0) return values;
  if (values.length > 0)
    asking.emit({
      type: 'warning',
      code: 'critic-failed',
      message: `${failures.length === 1 ? 'a critic' : `${failures.length} critics`} failed; what the others said is kept, and blueprint debate resume ${id} asks for the rest`,
      task: null,
    });
  throw errorOfAll(failures, new Set());
}

type Phase = 'begin' | 'baseline' | 'round' | 'judge' | 'peer-review' | 'defence';

/**
 * Calls that may still come, one after the other, when a phase has ended; those beside each other count once.
 * @param round that ended; Infinity where no further one of its phase comes.
 */
export function callsLeft(
  { settings: { rounds, defenseRounds } }: Pick<DebateContext, 'settings'>,
  phase: Phase,
  round = 0,
): number {
  // An answer and a reply for each round, then the final position.
  const defence = 2 * Math.max(0, phase === 'defence' ? defenseRounds - round : defenseRounds) + 1;
  if (phase === 'defence' || phase === 'peer-review') return defence;
  if (phase === 'judge') return 1 + defence;
  const critics = phase === 'begin' ? 1 + rounds : Math.max(0, rounds - round);
  return critics + 2 + defence;
}

/** Tells how a part of the debate came out. */
export function tell(
  { asking }: Pick<DebateContext, 'asking'>,
  stepName: string,
  about: { name?: string; outcome: string; detail: string; data?: Record<string, unknown> },
): void {
  const { name = null, outcome, detail, data = {} } = about;
  emitStep(asking, { of: 'debate', step: stepName, name, outcome, detail, data });
}
