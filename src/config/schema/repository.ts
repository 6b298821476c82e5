import * as z from 'zod';
import { key } from './key.ts';

export const repository = z
  .strictObject({
    use: key(
      z.boolean().nullable().default(null),
      'models see the part of the project that matters; where it is not set, a question or spec by itself brings only what it names (--no-repository: only what is given)',
      { variable: 'REPOSITORY', option: 'repository' },
    ),
    mapTokens: key(
      z.int().min(200).max(100_000).default(6_000),
      'at most so much of the project’s map goes into planning',
      { variable: 'MAP_TOKENS' },
    ),
    relatedTokens: key(
      z.int().min(0).max(1_000_000).default(16_000),
      'at most so much of files that have to do with a task goes with it, beside those that it names',
      { variable: 'RELATED_TOKENS' },
    ),
    lookFiles: key(
      z.int().min(0).max(50).default(8),
      'files that the architect may ask to read before it writes a spec',
      { variable: 'LOOK_FILES' },
    ),
    maxFiles: key(
      z.int().min(1).default(200_000),
      'a project of more files is not looked at as a whole',
      { variable: 'REPOSITORY_MAX_FILES' },
    ),
  })
  .prefault({});
