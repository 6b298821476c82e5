import * as z from 'zod';
import { modelIdentitySchema, modelRoles } from './model-role.ts';
import { usageSchema } from './usage.ts';

/** What was asked. With the texts of its parts it can be read, and asked, again. */
const storedRequestSchema = z.strictObject({
  role: z.enum(modelRoles),
  /** In their order; the text of each stands once for all calls, under its hash. */
  parts: z.array(
    z.strictObject({
      role: z.enum(['system', 'user', 'assistant']),
      name: z.string(),
      /** SHA-256 of the text, hexadecimal. */
      hash: z.string(),
      cache: z.boolean(),
    }),
  ),
  /** The schema's name; null where plain text was asked for. */
  schema: z.string().nullable(),
  maxOutputTokens: z.int(),
  effort: z.enum(['low', 'medium', 'high']).nullable(),
  salt: z.string().nullable(),
});

/** A finished model call, with everything that a caller may read of it: `calls/HASH.json`. */
const storedCallSchema = z.strictObject({
  version: z.literal(2),
  /** Null in calls of version 1, which kept the reply alone. */
  request: storedRequestSchema.nullable(),
  text: z.string(),
  finishReason: z.enum(['stop', 'length', 'refusal', 'other']),
  rawFinishReason: z.string().nullable(),
  usage: usageSchema,
  identity: modelIdentitySchema,
  servedBy: z.string(),
  warnings: z.array(z.string()).readonly(),
  at: z.string(),
  durationMs: z.number().min(0),
});
export type StoredCall = Readonly<z.infer<typeof storedCallSchema>>;

/** The call in a kept record, of version 1 too; null for what is none. */
export function storedCallOf(record: object | null): StoredCall | null {
  const call: { version?: unknown; signature?: unknown } = { ...record };
  delete call.signature;
  // Version 1 kept no request.
  const known = call.version === 1 ? { ...call, version: 2, request: null } : call;
  return storedCallSchema.safeParse(known).data ?? null;
}

/** Where the finished calls of one piece of work are kept, under the hash of their request. */
export interface CallStore {
  /** Null when there is none. A damaged one counts as none, and is set aside as `HASH.damaged-N.json`. */
  read(hash: string): Promise<StoredCall | null>;
  /**
   * Keeps the texts of a request's parts by their hash, each once: before it is sent, so that a folder that
   * cannot be written is known before anything is paid. @throws BlueprintError
   */
  prepare(texts: ReadonlyMap<string, string>): Promise<void>;
  /** Whole or not at all, with fsync. @throws BlueprintError when it cannot be written. */
  write(hash: string, call: StoredCall): Promise<void>;
  /** Sets a call aside as `HASH.forgotten-N.json`, so that it is asked anew; nothing when there is none. */
  forget(hash: string): Promise<void>;
}
