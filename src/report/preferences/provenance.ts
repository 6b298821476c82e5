import * as z from 'zod';
import { evidenceKinds, skipReasons, type SkipReason } from './evidence.ts';
import { preferenceFormats } from './formats.ts';

const count = z.int().min(0);
const sha256 = z.string().describe('SHA-256, hex');
const models = z.array(z.string()).describe('provider/model of all who wrote at it');
const skipNames = Object.keys(skipReasons) as SkipReason[];

const headSchema = z.strictObject({
  type: z.literal('head'),
  version: z.literal(1),
  created: z.string().describe('ISO 8601, UTC'),
  format: z.enum(preferenceFormats),
  /** Its name; null where the pairs were printed. */
  file: z.string().nullable(),
  sha256: sha256.describe('of the whole file of pairs'),
  lines: count,
  pairs: count,
  models: z.array(z.string()).describe('provider/model of all answers'),
  licence: z.string(),
  skipped: z.partialRecord(z.enum(skipNames), count).describe('works and pairs, by why'),
  skippedLines: z.strictObject({ unreadable: count, unknown: count }).describe('of the journals'),
});

const evidenceSchema = z.array(
  z.strictObject({
    kind: z.enum(evidenceKinds),
    at: z.string(),
    by: z.string().nullable().describe('provider/model; null for tools and people'),
  }),
);

const about = {
  line: z.int().min(1).describe('of the file of pairs, from 1'),
  folder: z.string().describe('of the work, from the project’s root'),
  feature: z.string().nullable(),
  task: z.string().nullable(),
  attempts: z.array(z.int()),
  evidence: evidenceSchema,
  at: z.string().describe('of the last evidence'),
  promptSha256: sha256.describe('of the messages as JSON'),
};

const pairSchema = z.strictObject({
  type: z.literal('pair'),
  ...about,
  models: z.strictObject({ chosen: models, rejected: models }),
  chosenSha256: sha256,
  rejectedSha256: sha256,
});

const labelSchema = z.strictObject({
  type: z.literal('label'),
  ...about,
  label: z.boolean(),
  models,
  completionSha256: sha256,
});

/** A line of `FILE.provenance.jsonl`: first the head, then one line for each of the file. Published. */
export const provenanceSchema = z.discriminatedUnion('type', [headSchema, pairSchema, labelSchema]);
export type ProvenanceHead = z.infer<typeof headSchema>;
export type ProvenancePair = z.infer<typeof pairSchema>;
export type ProvenanceLabel = z.infer<typeof labelSchema>;

/** What is to be known before models are trained on it, in words. */
export function licenceNote(models: readonly string[]): string {
  const vendors = [...new Set(models.map((model) => model.slice(0, model.indexOf('/'))))].sort();
  const by =
    vendors.length === 0
      ? 'The answers are written by models.'
      : `The answers were written by models of ${new Intl.ListFormat('en-GB').format(vendors)}.`;
  return `${by} Their terms decide whether other models may be trained on them; some forbid it, or allow it for their own models alone. Prompts and answers quote the project’s files and texts, whose licences hold too. This program grants no right: read the terms before you train.`;
}
