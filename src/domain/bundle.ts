import * as z from 'zod';

/**
 * What a model proposes. Nothing in it is trusted: paths are judged by the `paths` gate, and nothing is
 * written before that.
 */
export const fileBundleSchema = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), content: z.string() })),
  edits: z.array(z.strictObject({ path: z.string(), search: z.string(), replace: z.string() })),
  deletions: z.array(z.string()),
  tests: z.array(z.string()).describe('paths, among the files, that hold tests'),
  commands: z.array(z.string()).describe('how to run the tests; shown, never run as they are'),
  notes: z.string(),
});
export type FileBundle = z.infer<typeof fileBundleSchema>;

/** A bundle after its edits were applied to the base: whole contents by path, null for a deletion. */
export type FileChanges = ReadonlyMap<string, string | null>;
