import * as z from 'zod';
import type { RunEvent } from '../../domain/event.ts';
import { skip, type Evidence, type Skipped } from './evidence.ts';

/** A strategist's answers of one round of a defence. */
interface DefenceRound {
  /** The calls that gave them: more than one where some were left out at first. */
  readonly calls: Set<string>;
  readonly answers: Map<string, { readonly accepted: boolean; readonly heard: boolean }>;
  at: string;
}

/** Two replies of a strategist to the same question: one that its critic accepted, one that it did not. */
export interface AnswerPair {
  readonly task: string | null;
  /** Hashes of the requests; the question is that of the rejected one where it came first. */
  readonly question: string;
  readonly chosen: string;
  readonly rejected: string;
  readonly evidence: readonly Evidence[];
}

const defenceSchema = z.object({
  round: z.int(),
  outcomes: z.array(
    z.object({
      issue: z.string(),
      stance: z.enum(['defend', 'concede', 'escalate']),
      insisted: z.boolean(),
      reply: z.string().nullable(),
    }),
  ),
});

/** As the defence says it of a critic who was silent: no verdict. */
const silence = 'The critic did not reply.';

export interface AnswersFold {
  follow(event: RunEvent): void;
  pairs(skipped: Skipped): AnswerPair[];
}

/**
 * Reads the defences of debates. A reply answers several issues: it counts where its critics insisted on all of
 * them and then accepted the answers to the very same ones; a reply that was accepted in part says nothing
 * about the whole. Who won among the critics is no pair: each was asked with another lens.
 */
export function createAnswersFold(): AnswersFold {
  const debates = new Map<string, Map<number, DefenceRound>>();
  const models = new Map<string, string>();
  let critics = 0;
  const roundOf = (task: string | null, round: number): DefenceRound => {
    const debate = debates.get(task ?? '') ?? new Map<number, DefenceRound>();
    debates.set(task ?? '', debate);
    const known = debate.get(round) ?? { calls: new Set(), answers: new Map(), at: '' };
    debate.set(round, known);
    return known;
  };
  return {
    follow(event) {
      if (event.type === 'call-finish') {
        const { stage, task, round } = event.purpose;
        if (stage.startsWith('debate-defence')) roundOf(task, round).calls.add(event.call);
        if (stage.startsWith('debate-reply')) models.set(`${task ?? ''} ${round}`, event.model);
      }
      if (event.type !== 'step-finish' || event.of !== 'debate') return;
      if (event.step === 'judge' && event.data['decidedBy'] === 'judge') critics++;
      const { success, data } = defenceSchema.safeParse(event.data);
      if (event.step !== 'defence' || !success) return;
      const round = roundOf(event.task, data.round);
      round.at = event.at;
      for (const { issue, stance, insisted, reply } of data.outcomes)
        round.answers.set(issue, {
          accepted: !insisted && stance !== 'escalate' && reply !== null,
          heard: insisted && reply !== silence,
        });
    },

    pairs(skipped) {
      skip(skipped, 'other-prompt', critics);
      return [...debates].flatMap(([task, rounds]) => {
        const inOrder = [...rounds].sort(([a], [b]) => a - b);
        return pairsIn(task, inOrder, models, skipped);
      });
    },
  };
}

function pairsIn(
  task: string,
  inOrder: readonly (readonly [number, DefenceRound])[],
  models: ReadonlyMap<string, string>,
  skipped: Skipped,
): AnswerPair[] {
  const refused: (readonly [number, DefenceRound])[] = [];
  let question: string | null = null;
  for (const [number, round] of inOrder) {
    const answers = [...round.answers.values()];
    const [call, another] = round.calls;
    const before = refused.at(-1)?.[1];
    const isSame =
      before === undefined ||
      (before.answers.size === round.answers.size &&
        [...before.answers.keys()].every((issue) => round.answers.has(issue)));
    if (answers.length === 0 || call === undefined) return [];
    if (!isSame || another !== undefined) {
      skip(skipped, 'partly-accepted');
      return [];
    }
    question ??= call;
    if (answers.every(({ heard }) => heard)) {
      refused.push([number, round]);
      continue;
    }
    if (!answers.every(({ accepted }) => accepted)) {
      skip(skipped, 'partly-accepted');
      return [];
    }
    const said = (of: number, { at }: DefenceRound): Evidence => ({
      kind: 'critic-reply',
      at,
      by: models.get(`${task} ${of}`) ?? null,
    });
    return refused.flatMap(([of, { calls, ...rest }]) =>
      [...calls].map((rejected) => ({
        task: task === '' ? null : task,
        question: question ?? rejected,
        chosen: call,
        rejected,
        evidence: [said(of, { calls, ...rest }), said(number, round)],
      })),
    );
  }
  return [];
}
