import type { ModelRef } from '../domain/model-role.ts';

/**
 * Tokens that a model takes, input and output together, by its id. Read from the vendors' model pages in
 * November 2026; only the order of the sizes matters here, as the provider itself says when a prompt is
 * too long.
 */
const sizes: readonly (readonly [RegExp, number])[] = [
  [/^claude-(opus|sonnet)-4-[678]\b/, 1_000_000],
  [/^claude-(opus|sonnet|haiku)-5\b/, 1_000_000],
  [/^claude-/, 200_000],
  [/^gpt-5\.6\b/, 1_050_000],
  [/^gpt-5(\.[12])?(-|$)/, 400_000],
  [/^gpt-4\.1\b/, 1_047_576],
  [/^gpt-4o\b/, 128_000],
  [/^gemini-(2\.[05]|3)/, 1_048_576],
];

/** Tokens that the model takes; null when that is not known. */
export function knownContextTokens({ model }: ModelRef): number | null {
  // A gateway puts the vendor before the id: `anthropic/claude-…`, and may write 4.6 for 4-6.
  const id = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  const plain = id.startsWith('claude') ? id.replaceAll('.', '-') : id;
  return sizes.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}
