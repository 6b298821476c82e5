import { winnerSchema, type DebateCritic, type Winner } from '../domain/debate.ts';
import { pairsOf } from '../supervisor/compare.ts';
import { fanOut } from '../supervisor/fan-out.ts';
import { judgeBothOrders } from '../supervisor/judge.ts';
import { modelNamed } from '../supervisor/work.ts';
import { sha256 } from '../text/sha256.ts';
import { callsLeft, step, tell, type DebateContext } from './context.ts';
import { saidBy, type CriticsDebate } from './critics.ts';
import { isGrounded } from './issues.ts';
import { judgeCriticsPrompt, saidByCritic } from './prompts.ts';

/**
 * Which critic speaks for the issues from here on: the judge's choice in both orders, over all rounds, of
 * texts without names. Of more than two every pair is judged. Where the judge cannot tell, the one with more
 * issues that a quote shows; where these are as many, nobody, and each speaks for its own.
 */
export async function chooseWinner(context: DebateContext, debate: CriticsDebate): Promise<Winner> {
  const { critics, judge } = context.debaters;
  const texts = new Map(
    critics.map(({ label }) => {
      const said = saidBy(debate, context, label);
      return [label, saidByCritic(said.issues, said.rounds)];
    }),
  );
  const textOf = ({ label }: DebateCritic): string => texts.get(label) ?? '';
  const winner = await step(
    context,
    { name: 'judge', from: [...texts], schema: winnerSchema },
    async () => {
      const { asking } = context;
      const model = modelNamed(asking, 'judge', judge.model, 'judges the debate');
      const pairs = await fanOut(asking, pairsOf(critics), async ([one, two], own) => {
        const { outcome, flipped, reasons } =
          textOf(one) === textOf(two)
            ? { outcome: 'tie' as const, flipped: false, reasons: 'They say the same.' }
            : await judgeBothOrders(own, model, {
                texts: { first: textOf(one), second: textOf(two) },
                hashes: { first: sha256(textOf(one)), second: sha256(textOf(two)) },
                stage: 'debate-judge',
                prompt: (a, b) => judgeCriticsPrompt(context.proposal, a, b),
                // A judge that cannot be asked now may answer later: the debate can be resumed.
                countsAsNone: ({ kind }) => unusable.has(kind),
              });
        return { first: one.label, second: two.label, outcome, flipped, reasons };
      });
      return decide(critics, debate, pairs);
    },
  );
  tell(context, 'judge', {
    outcome: winner.winner ?? 'tie',
    detail: winner.reasons,
    data: { ...winner, left: callsLeft(context, 'judge') },
  });
  return winner;
}

const unusable: ReadonlySet<string> = new Set(['malformed', 'refused', 'truncated']);

function decide(
  critics: readonly DebateCritic[],
  { issues }: CriticsDebate,
  pairs: Winner['pairs'],
): Winner {
  const points = new Map(critics.map(({ label }) => [label, 0]));
  const add = (label: string, more: number) => points.set(label, (points.get(label) ?? 0) + more);
  for (const { first, second, outcome } of pairs) {
    add(first, outcome === 'first' ? 1 : outcome === 'tie' ? 0.5 : 0);
    add(second, outcome === 'second' ? 1 : outcome === 'tie' ? 0.5 : 0);
  }
  const best = leaders(critics, ({ label }) => points.get(label) ?? 0);
  const said = pairs.map(({ reasons }) => reasons).join(' ');
  if (best.length === 1 && best[0] !== undefined)
    return { winner: best[0].label, decidedBy: 'judge', reasons: said, pairs };
  const grounded = ({ label }: DebateCritic): number =>
    issues.filter((issue) => issue.origins[0]?.critic === label && isGrounded(issue)).length;
  const richest = leaders(best, grounded);
  if (richest.length === 1 && richest[0] !== undefined)
    return {
      winner: richest[0].label,
      decidedBy: 'evidence',
      reasons: `The judge does not tell them apart; ${richest[0].label} has more issues that a quote shows. ${said}`,
      pairs,
    };
  const reasons = `Neither the judge nor the evidence tells them apart: each critic speaks for its own issues. ${said}`;
  return { winner: null, decidedBy: 'nobody', reasons, pairs };
}

function leaders<T>(all: readonly T[], value: (one: T) => number): T[] {
  const most = Math.max(...all.map(value));
  return all.filter((one) => value(one) === most);
}
