import type { ModelRequest } from './language-model.ts';

/** Counts the tokens of one text. */
type Count = (text: string) => number;

/** Tokens of a request's input, counted so that it errs high. */
export type TokenCounter = (
  request: Pick<ModelRequest, 'parts' | 'schema'>,
  family: string,
) => Promise<number>;

/** Around each message, and around the whole, providers put words of their own. */
const perPart = 8;
const perRequest = 100;

/** Other vendors' tokenizers make more of the same text; newer ones of Claude up to a half more. */
const margins: Readonly<Record<string, number>> = { gpt: 1.1, gemini: 1.3 };
const otherMargin = 1.6;

/** Byte pair encoding takes time with the square of a run without a break; runs are cut to this. */
const longestRun = 100;
const longRuns = new RegExp(`(\\S{${2 * longestRun},}|\\s{${2 * longestRun},})`, 'u');

/** Texts whose count is remembered: spec and context come again in every call of a task. */
const remembered = 256;

/** @param load gives the tokenizer, once it is needed. */
export function createTokenCounter(load: () => Promise<Count> = loadTokenizer): TokenCounter {
  const known = new Map<string, number>();
  let loading: Promise<Count> | undefined;
  return async ({ parts, schema }, family) => {
    loading ??= load();
    const count = await loading;
    const countKnown = (text: string): number => {
      const before = known.get(text);
      if (before !== undefined) return before;
      const tokens = count(text);
      if (known.size >= remembered) known.delete([...known.keys()][0] ?? '');
      known.set(text, tokens);
      return tokens;
    };
    const texts = parts.map(({ text }) => text);
    if (schema !== undefined) texts.push(JSON.stringify(schema.json));
    const sum = texts.reduce((total, text) => total + countKnown(text) + perPart, perRequest);
    return Math.ceil(sum * (margins[family] ?? otherMargin));
  };
}

/** The encoding of GPT-4: half the size of its successor, and within one in a hundred of it on code. */
async function loadTokenizer(): Promise<Count> {
  const { countTokens } = await import('gpt-tokenizer/encoding/cl100k_base');
  // What looks like a control token is text like any other here.
  const asText = { disallowedSpecial: new Set<string>() };
  return (text) =>
    text
      .split(longRuns)
      .flatMap((piece) => (longRuns.test(piece) ? slices(piece) : piece))
      .reduce((sum, piece) => sum + (piece === '' ? 0 : countTokens(piece, asText)), 0);
}

function slices(run: string): string[] {
  const characters = Array.from(run);
  return Array.from({ length: Math.ceil(characters.length / longestRun) }, (_, index) =>
    characters.slice(index * longestRun, (index + 1) * longestRun).join(''),
  );
}
