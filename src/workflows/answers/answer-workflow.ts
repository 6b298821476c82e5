import { jsonText } from '../../text/json-as.ts';
import { contextOf, type Work } from '../../supervisor/work.ts';
import type { Workflow, WorkflowInput } from '../workflow.ts';
import type { AnswerKind } from './answer-prompts.ts';
import { answerPrompt } from './answer-prompt.ts';
import { askSolvers } from './ask-solvers.ts';
import { computed } from './compute.ts';
import { endAgreed, endOpen, type Round } from './answer-ends.ts';
import { contradictsItself, type Solution } from './solution.ts';
import { solversOf, usualSolutions } from './solvers.ts';
import { groupsOf, majorityOf } from './vote.ts';
import { verify } from './verify.ts';

/**
 * Several independent solutions, a vote on their answers, and a verifier: for `reasoning` where they differ,
 * for `science` always. Solutions are asked for anew, with what the verifier found, until an answer holds or
 * the rounds are used up; what was never agreed on goes to a person with all answers.
 */
export function answerWorkflow(kind: AnswerKind): Workflow {
  return {
    prompt: (task, sources, options) => answerPrompt(kind, task, sources, options),
    expectedCalls: ({ workers, controls }) => {
      const drafts = Math.max(
        usualSolutions,
        workers.filter(({ role }) => role === 'solver').length,
      );
      const checks = kind === 'science' ? 1 : 0;
      return {
        least: { drafts, judgements: checks },
        // Each pair of answers in both orders, where they are never agreed on.
        most: {
          drafts: drafts * controls.maxRounds,
          judgements: controls.maxRounds + drafts * (drafts - 1),
        },
      };
    },
    async run(input) {
      const solvers = solversOf(input.work, input.route.workers, kind);
      const begun = await input.begin();
      if ('moved' in begun) return begun;
      const { prompt } = begun;
      const work: Work = { ...input.work, context: contextOf(prompt) };
      const { maxRounds } = input.route.controls;
      let earlier: string | null = null;
      for (let round = 1; ; round += 1) {
        const question = { kind, prompt, round, earlier };
        const given = (await askSolvers(work, solvers, question)).solutions;
        const solutions =
          kind === 'science'
            ? await Promise.all(
                given.map((each) => computed(work, each, input.parts.compute, input.files)),
              )
            : given;
        const found = await roundOf(work, kind, input, { round, asked: solvers.length, solutions });
        await keep(input, found);
        if (found.agreed !== null) return endAgreed(work, kind, input, found, found.agreed);
        const said = found.verification?.said ?? null;
        if (round >= maxRounds || said === null) return endOpen(work, kind, input, found);
        earlier = said;
      }
    },
  };
}

async function roundOf(
  work: Work,
  kind: AnswerKind,
  { route }: WorkflowInput,
  { round, asked, solutions }: Pick<Round, 'round' | 'asked'> & { solutions: readonly Solution[] },
): Promise<Round> {
  const groups = groupsOf(solutions);
  const contradicted = solutions.filter(contradictsItself);
  const about = { round, asked, groups, contradicted };
  const majority = majorityOf(groups, asked);
  const isSound = groups.every(({ best }) => !contradictsItself(best));
  const isUnanimous = groups.length === 1 && majority !== null && isSound;
  if (isUnanimous && kind === 'reasoning')
    return { ...about, verification: null, agreed: majority };
  const verification = await verify(work, kind, groups, { workers: route.workers, round });
  const right = verification?.right ?? null;
  // One solution alone is borne out by its verifier; of several that differ, one has to have most votes.
  const isBorneOut = right !== null && (right === majority || groups.length === 1);
  return { ...about, verification, agreed: isBorneOut && isSound ? right : null };
}

/** All solutions of a round, as a readable file. */
async function keep({ files }: WorkflowInput, found: Round): Promise<void> {
  const { round, groups, contradicted, verification } = found;
  const said =
    verification === null ? null : { ...verification, right: verification.right?.label ?? null };
  await files.write(
    `round-${round}/answers.json`,
    jsonText({ groups, contradicted, verification: said }),
  );
}
