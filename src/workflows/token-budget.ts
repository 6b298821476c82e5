import { estimateTokens } from '../domain/text.ts';

/** Tokens, estimated, that texts take from one after another. */
export interface TokenBudget {
  left(): number;
  /** Whether the text still fits, the empty line before it included; it is then taken off. */
  takes(text: string): boolean;
}

export function createBudget(tokens: number): TokenBudget {
  let left = tokens;
  return {
    left: () => left,
    takes(text) {
      const wanted = estimateTokens(`\n\n${text}`);
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
  };
}
