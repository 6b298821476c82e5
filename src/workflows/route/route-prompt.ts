import type { PoolModel } from '../../domain/ensemble.ts';
import type { RoutePolicy } from '../../domain/route.ts';
import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../../models/language-model.ts';
import { fenced, fenceRule } from '../../text/fence.ts';

const instructions = `You decide how a task is solved. You do not solve it. Reply with JSON in the given form.

workflow:
- "coding": the result is files: code, configuration, documents. Tests and checks decide.
- "reasoning": a question with an answer that can be thought out. Several solvers answer apart from each other, and what they agree on counts.
- "science": a question whose answer is computed or measured: quantities, units, statistics. As reasoning, with the computation run.
- "rag_qa": a question whose answer stands in files that are at hand. Each claim is quoted from them.

workers: models of the list, each with a role. "solver" makes the result; for reasoning and science three of different providers are best. "critic" and "verifier" judge it, and are of another provider than the solver. "retriever", for rag_qa alone, says what else to search for where the files are likely to use other words than the question.

tools: "sandbox" where code is run, "retrieval" where files are searched.

controls: debate only where a wrong answer is costly and opinions differ. maxRounds: 1 where the task is plain, up to 4 where it is hard.

${fenceRule}`;

const policies: Readonly<Record<RoutePolicy, string>> = {
  cost: 'Cost comes first: the fewest workers and rounds that will do.',
  quality: 'Quality comes first: different providers, and rounds where they help.',
};

export function routePrompt(
  text: string,
  {
    policy,
    models,
  }: { policy: RoutePolicy; models: readonly Pick<PoolModel, 'model' | 'family'>[] },
): MessagePart[] {
  const list = models.map(({ model, family }) => `- ${model} (family ${family})`).join('\n');
  return [
    instructionsPart(instructions),
    cachedPart('models', `# Models\n\n${fenced(list)}\n\n${policies[policy]}`),
    userPart('task', `# The task\n\n${fenced(text)}`),
  ];
}
