import { generateBundle } from '../models/generate-bundle.ts';
import type { Strategy } from './strategy.ts';

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
