import * as z from 'zod';
import { modelRoles } from './model-role.ts';
import { usageSchema } from './usage.ts';

const sha256 = z.string().describe('SHA-256, hex');

/** A call of a model with what became of it: a line of `blueprint export trace`. Published as a JSON Schema. */
export const traceLineSchema = z.strictObject({
  schema: z.literal('blueprint.trace/1'),
  id: z.string().describe('16 hex digits; the same whenever it is exported'),
  folder: z.string().describe('of the work, from the project’s root'),
  feature: z.string().nullable(),
  run: z.string().describe('of the command that made the call'),
  call: sha256.describe('of the request: model, messages, schema, limits'),
  role: z.enum(modelRoles),
  provider: z.string(),
  model: z.string().describe('without the provider'),
  servedBy: z.string().nullable().describe('the model’s name as the provider reported it'),
  stage: z.string().describe('as execute, review, correct; with :repair where its form was mended'),
  task: z.string().nullable(),
  attempt: z.int(),
  round: z.int(),
  candidate: z.string().nullable(),
  critic: z.string().nullable(),
  outcome: z
    .enum(['finished', 'kept', 'failed', 'cut-off'])
    .describe('kept: the reply was there from before; cut-off: its end is not told'),
  finishReason: z.string().nullable(),
  fault: z.string().nullable().describe('of a call that failed, in one word'),
  startedAt: z.string().describe('of the first try; ISO 8601, UTC'),
  endedAt: z.string().nullable(),
  durationMs: z.number().nullable().describe('of the last try'),
  tries: z.int().min(0).describe('0: nothing was sent'),
  usage: usageSchema.nullable().describe('of all tries that said it'),
  usd: z.number().nullable().describe('of all tries whose cost is known'),
  promptSha256: sha256.nullable().describe('of roles and texts, whatever the model'),
  artefactSha256: sha256.nullable().describe('of the reply as it is kept'),
  replySchema: z.string().nullable().describe('name of the JSON Schema that was asked for'),
  maxOutputTokens: z.int().nullable(),
  verdict: z
    .strictObject({
      verdict: z.enum(['approved', 'refused', 'passed', 'failed']),
      by: z.string().describe('person, supervisor, review, critics, tournament, edit or gates'),
      at: z.string(),
    })
    .nullable()
    .describe('of what an author made; null where nobody has judged it'),
});
export type TraceLine = Readonly<z.infer<typeof traceLineSchema>>;
