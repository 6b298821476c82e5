import * as z from 'zod';
import type { Candidate } from '../../domain/candidate.ts';
import { BlueprintError } from '../../domain/errors.ts';
import type { RunEventBody } from '../../domain/event.ts';
import { isRules, type RoutingDecision } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import { askWithRepair } from '../../models/ask-with-repair.ts';
import { readObject, responseSchema } from '../../models/generate-object.ts';
import type { LanguageModel, ModelIdentity } from '../../models/language-model.ts';
import { neededOf, type Opinion } from './consolidate.ts';
import { withDeadline, type TournamentContext } from './context.ts';
import { critiqueSchema } from './critique.ts';
import { critiquePrompt } from './prompts.ts';
import type { Critic } from '../../domain/tournament-settings.ts';
import { recordJson, readRecord } from './tournament-record.ts';

export interface PanelRequest {
  /** The candidate's id, for events; critics see the label. */
  readonly id: string;
  readonly label: string;
  readonly candidate: Candidate;
  readonly passedGates: readonly string[];
  /** Ends the critics that have not answered: the candidate can no longer win. */
  readonly stop: AbortSignal;
  readonly onOpinion: (opinion: Opinion) => void;
}

export interface PanelResult {
  /** In the order of the critics. */
  readonly opinions: readonly Opinion[];
  /** Null when no critic was reachable. */
  readonly reviewer: ModelIdentity | null;
  /** The budget's, when a critic could not be paid. */
  readonly stop: BlueprintError | null;
}

/** Critics that failed in a panel that did without them: a resumed tournament does so too. */
const panelRecordSchema = z.array(z.strictObject({ critic: z.string(), unknown: z.string() }));

const stopped = 'ended, as the candidate can no longer win';

/**
 * Has one candidate judged by all critics at once.
 * A critic that cannot be asked, or twice replies with what cannot be used, is unknown.
 * @throws InterruptedError
 */
export async function judgeByPanel(
  request: PanelRequest,
  context: TournamentContext,
): Promise<PanelResult> {
  const { settings, record, emit, task } = context;
  const { id, label, candidate, stop } = request;
  const name = `panels/${label}.json`;
  const missed = new Map(
    ((await readRecord(record, name, panelRecordSchema)) ?? []).map((each) => [
      each.critic,
      each.unknown,
    ]),
  );
  const route = criticModel(candidate, context);
  let reviewer: ModelIdentity | null = null as ModelIdentity | null;
  let unpaid: BlueprintError | null = null as BlueprintError | null;
  const failed: { critic: string; unknown: string }[] = [];
  const ask = async (critic: Critic): Promise<Opinion> => {
    const before = missed.get(critic.name);
    if (before !== undefined) return { critic, unknown: before };
    if ('reason' in route) return { critic, unknown: route.reason };
    const signal = AbortSignal.any([context.signal, stop]);
    const { deadlineMs } = settings;
    try {
      const answer = await withDeadline(
        (until) => askCritic(critic, route.model, request, until, context),
        { signal, deadlineMs, model: `The critic ${critic.name}` },
      );
      if ('value' in answer) {
        reviewer ??= answer.value.identity;
        return { critic, critique: answer.value.critique };
      }
      if (answer.fault.kind === 'budget') unpaid ??= answer.fault.error;
      return { critic, unknown: toSingleLine(answer.fault.message) };
    } catch (error) {
      if (context.signal.aborted || !stop.aborted) throw error;
      return { critic, unknown: stopped };
    }
  };
  const opinions = await Promise.all(
    settings.critics.map(async (critic) => {
      const opinion = await ask(critic);
      if ('unknown' in opinion) failed.push({ critic: critic.name, unknown: opinion.unknown });
      emit(criticStep(task.id, id, opinion));
      request.onOpinion(opinion);
      return opinion;
    }),
  );
  const answered = opinions.length - failed.length;
  // Where too few answered, the same command asks the others again.
  if (failed.length > 0 && unpaid === null && (stop.aborted || answered >= neededOf(settings)))
    await recordJson(record, name, failed);
  return { opinions, reviewer, stop: unpaid };
}

function criticModel(
  { author }: Candidate,
  { router, emit, task }: TournamentContext,
): { readonly model: LanguageModel } | { readonly reason: string } {
  const reason = 'no model that could judge it is reachable';
  let decision: RoutingDecision;
  try {
    decision = router.decide('critic', { avoidFamilies: [author.family] });
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'no-model') return { reason };
    throw error;
  }
  emit({ type: 'route-decide', task: task.id, decision });
  return isRules(decision.chosen) ? { reason } : { model: router.model(decision) };
}

async function askCritic(
  critic: Critic,
  model: LanguageModel,
  { id, label, candidate, passedGates }: PanelRequest,
  signal: AbortSignal,
  context: TournamentContext,
) {
  const replySchema = critiqueSchema(label, context.settings.critics);
  const asked = context.parts.filter(({ role }) => role !== 'system');
  const { value, result } = await askWithRepair(
    context.meter.of(id, model),
    {
      role: 'critic',
      purpose: { ...context.purpose, stage: 'critique', candidate: id, critic: critic.name },
      parts: critiquePrompt(asked, label, candidate, passedGates, critic),
      schema: responseSchema('critique', replySchema),
      maxOutputTokens: context.maxOutputTokens,
      signal,
      ...(context.salt !== undefined && { salt: context.salt }),
    },
    (text) => {
      const read = readObject(text, replySchema);
      return 'object' in read ? { value: read.object } : { faults: [read.faults] };
    },
    // Kept: asked again it would say the same, and a resumed tournament must not pay for that.
    { failed: `The critic ${critic.name} did not reply as asked`, forget: false },
  );
  return { critique: value, identity: result.identity };
}

function criticStep(task: string, candidate: string, opinion: Opinion): RunEventBody {
  const critic = opinion.critic.name;
  const critique = 'critique' in opinion ? opinion.critique : null;
  const found = critique?.failures.map(({ category, evidence }) => `${category}: ${evidence}`);
  const verdict = critique?.verdict ?? 'unknown';
  return {
    type: 'step-finish',
    task,
    of: 'tournament',
    step: 'critic',
    name: `${candidate}/${critic}`,
    outcome: verdict,
    detail: 'unknown' in opinion ? opinion.unknown : toSingleLine(found?.join('; ') ?? ''),
    data: {
      candidate,
      critic,
      verdict,
      scores: critique?.scores ?? null,
      failures: critique?.failures ?? [],
    },
  };
}
