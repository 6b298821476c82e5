import * as z from 'zod';
import { pathProblem } from './safe-path.ts';

/** A feature's name and folder. */
export const featureName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, {
    error: 'must be 1 to 64 of a-z, 0-9 and -, with a letter or digit at both ends',
  })
  .refine((name) => pathProblem(name) === null, { error: 'is a reserved name' });
