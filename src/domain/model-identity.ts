import * as z from 'zod';

/** Who answered, as it is kept in files; those of version 0.1.0 have a field more, which is left out. */
export const modelIdentitySchema = z.object({
  ref: z.strictObject({ provider: z.string(), model: z.string() }),
  family: z.string(),
});
