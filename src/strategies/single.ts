import { estimatePromptTokens } from '../domain/text.ts';
import { askForBundle, decide } from '../supervisor/work.ts';
import type { ExpectedCalls, Strategy, StrategyDefinition } from './strategy.ts';

/** One candidate, by the model that the role maps to. */
export const single: Strategy = async ({ work, role, prompt }) => {
  const decision = decide(work, role, { contentTokens: estimatePromptTokens(prompt) });
  const model = work.router.model(decision);
  const { stage } = work.purpose;
  return {
    winner: await askForBundle(work, model, { role, stage, parts: prompt }),
    needsReview: [],
  };
};

/** The calls where one model is asked once. */
export const oneCall: ExpectedCalls = { drafts: 1, judged: 0, judgements: 0, revisions: 0 };

export const singleStrategy: StrategyDefinition = {
  create: () => single,
  expectedCalls: () => oneCall,
};
