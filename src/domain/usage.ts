import * as z from 'zod';

/** Tokens of one call or a sum of calls. `input` always includes `cachedInput` and `cacheWrite`. */
export const usageSchema = z.strictObject({
  input: z.int().min(0),
  cachedInput: z.int().min(0),
  cacheWrite: z.int().min(0),
  output: z.int().min(0).describe('includes reasoning'),
  reasoning: z.int().min(0),
});
export type Usage = z.infer<typeof usageSchema>;

export const noUsage: Usage = { input: 0, cachedInput: 0, cacheWrite: 0, output: 0, reasoning: 0 };
