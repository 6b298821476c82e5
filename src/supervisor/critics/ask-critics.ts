import * as z from 'zod';
import { otherThan, type Candidate } from '../../domain/candidate.ts';
import { isMoneyFault, type BlueprintError } from '../../domain/errors.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { Critic, TournamentSettings } from '../../domain/tournament-settings.ts';
import type { LanguageModel } from '../../models/language-model.ts';
import { fanOut, withinDeadline, type Deadline } from '../fan-out.ts';
import { recall, remember, type Step, type StepFiles } from '../steps.ts';
import { askForObject, emitStep, reachableModel, type Work } from '../work.ts';
import { neededOf, type Opinion } from './consolidate.ts';
import { critiquePrompt } from './critique-prompt.ts';
import { critiqueSchema } from './critique.ts';

export interface CriticsRequest {
  /** The candidate's id, for events; critics see the label. */
  readonly id: string;
  readonly label: string;
  readonly candidate: Candidate;
  readonly passedGates: readonly string[];
  /** Ends the critics that have not answered: the candidate can no longer win. */
  readonly stop: AbortSignal;
  readonly onOpinion: (opinion: Opinion) => void;
}

export interface CriticsOptions {
  readonly settings: Pick<TournamentSettings, 'critics' | 'quorum'>;
  readonly deadline: Deadline;
  readonly files: StepFiles;
}

export interface CriticsResult {
  /** In the order of the critics. */
  readonly opinions: readonly Opinion[];
  /** Null when no critic was reachable. */
  readonly reviewer: ModelIdentity | null;
  /** The budget's, when a critic could not be paid. */
  readonly stop: BlueprintError | null;
}

/** Critics that failed where enough others answered: a resumed tournament does without them too. */
const unknownSchema = z.array(z.strictObject({ critic: z.string(), unknown: z.string() }));

const stopped = 'ended, as the candidate can no longer win';
const unreachable = 'no model that could judge it is reachable';

/**
 * Has one candidate judged by all critics at once.
 * A critic that cannot be asked, or twice replies with what cannot be used, is unknown.
 * @throws InterruptedError
 */
export async function askCritics(
  work: Work,
  request: CriticsRequest,
  { settings, deadline, files }: CriticsOptions,
): Promise<CriticsResult> {
  const { label, candidate, stop, onOpinion } = request;
  const step: Step<z.infer<typeof unknownSchema>> = {
    name: `panels/${label}.json`,
    key: settings.critics.map(({ name }) => name).join(' '),
    schema: unknownSchema,
  };
  const before = (await recall(files, step)) ?? [];
  const model = reachableModel(work, 'critic', otherThan(candidate));
  let reviewer: ModelIdentity | null = null as ModelIdentity | null;
  let unpaid: BlueprintError | null = null as BlueprintError | null;

  const opinionOf = async (critic: Critic, shared: Work): Promise<Opinion> => {
    const missed = before.find((each) => each.critic === critic.name);
    if (missed !== undefined) return { critic, unknown: missed.unknown };
    if (model === null) return { critic, unknown: unreachable };
    const limit = { name: `The critic ${critic.name}`, ...deadline };
    const own = { ...shared, signal: AbortSignal.any([shared.signal, stop]) };
    try {
      const answer = await withinDeadline(own, limit, (timed) =>
        askCritic(timed, critic, model, request, settings.critics),
      );
      if ('value' in answer) {
        reviewer ??= answer.value.result.identity;
        return { critic, critique: answer.value.object };
      }
      const { error, message } = answer.failure;
      if (isMoneyFault(error)) unpaid ??= error;
      return { critic, unknown: toSingleLine(message) };
    } catch (error) {
      if (shared.signal.aborted || !stop.aborted) throw error;
      return { critic, unknown: stopped };
    }
  };

  const opinions = await fanOut(work, settings.critics, async (critic, shared) => {
    const opinion = await opinionOf(critic, shared);
    emitOpinion(work, request.id, opinion);
    onOpinion(opinion);
    return opinion;
  });
  const failed = opinions.flatMap((opinion) =>
    'unknown' in opinion ? [{ critic: opinion.critic.name, unknown: opinion.unknown }] : [],
  );
  const answered = opinions.length - failed.length;
  // Where too few answered, the same command asks the others again.
  if (failed.length > 0 && unpaid === null && (stop.aborted || answered >= neededOf(settings)))
    await remember(files, step, failed);
  return { opinions, reviewer, stop: unpaid };
}

function askCritic(
  work: Work,
  critic: Critic,
  model: LanguageModel,
  { id, label, candidate, passedGates }: CriticsRequest,
  critics: readonly Critic[],
) {
  const parts = critiquePrompt(work, label, candidate, passedGates, critic);
  return askForObject(
    work,
    model,
    { role: 'critic', stage: 'critique', candidate: id, critic: critic.name, parts },
    'critique',
    critiqueSchema(label, critics, work.findings.mode),
    // Kept: asked again it would say the same, and a resumed tournament must not pay for that.
    { failed: `The critic ${critic.name} did not reply as asked`, keepUnusable: true },
  );
}

function emitOpinion(work: Work, candidate: string, opinion: Opinion): void {
  const critic = opinion.critic.name;
  const critique = 'critique' in opinion ? opinion.critique : null;
  const found = critique?.failures.map(({ category, evidence }) => `${category}: ${evidence}`);
  const verdict = critique?.verdict ?? 'unknown';
  emitStep(work, {
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
  });
}
