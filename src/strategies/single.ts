import { generateBundle } from '../models/generate-bundle.ts';
import type { ExpectedCalls, Strategy, StrategyDefinition } from './strategy.ts';

/** One candidate, by the model that the role maps to. */
export const single: Strategy = async (input) => {
  const decision = input.router.decide(input.role, { contentTokens: input.contentTokens });
  input.emit({ type: 'route-decide', task: input.task.id, decision });
  const winner = await generateBundle(
    input.router.model(decision),
    {
      role: input.role,
      purpose: input.purpose,
      parts: input.parts,
      maxOutputTokens: input.maxOutputTokens,
      signal: input.signal,
      ...(input.salt !== undefined && { salt: input.salt }),
    },
    input.base,
    input.codec,
  );
  return { winner, candidates: [winner] };
};

/** The calls where one model is asked once. */
export const oneCall: ExpectedCalls = { drafts: 1, judged: 0, judgements: 0, revisions: 0 };

export const singleStrategy: StrategyDefinition = {
  create: () => single,
  expectedCalls: () => oneCall,
};
