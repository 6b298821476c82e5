import * as z from 'zod';
import { jsonText, parseJsonAs } from '../text/json-as.ts';
import { sha256 } from '../text/sha256.ts';

/** Readable files of an attempt. */
export interface StepFiles {
  /** Null when there is none. */
  read(name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
}

/** A step that is remembered: after a kill it is not done again, as later steps were told its outcome. */
export interface Step<T> {
  /** Of its file, as `gates/1a2b.json`. */
  readonly name: string;
  /** All that decides the value; kept under another key it is not this step's. */
  readonly key: string;
  readonly schema: z.ZodType<T>;
  /**
   * It is made again where its file was changed by hand: only for what the call store gives without a new
   * call, as a secret that is taken out of the file looks like a change.
   */
  readonly sealed?: boolean;
}

const keptSchema = z.strictObject({
  key: z.string(),
  sha256: z.string().exactOptional(),
  value: z.unknown(),
});

/** The value that a finished step gave; null where it is not finished, or a person changed its file. */
export async function recall<T>(
  files: StepFiles,
  { name, key, schema, sealed = false }: Step<T>,
): Promise<T | null> {
  const kept = parseJsonAs(await files.read(name), keptSchema);
  if (kept?.key !== key || (sealed && kept.sha256 !== hashOf(kept.value))) return null;
  return schema.safeParse(kept.value).data ?? null;
}

export async function remember<T>(
  files: StepFiles,
  { name, key, sealed = false }: Step<T>,
  value: T,
): Promise<void> {
  const seal = sealed ? { sha256: hashOf(value) } : {};
  await files.write(name, jsonText({ key, ...seal, value }));
}

function hashOf(value: unknown): string {
  return sha256(JSON.stringify(value));
}

/** The files below a folder. */
export function filesBelow(files: StepFiles, folder: string): StepFiles {
  return {
    read: (name) => files.read(`${folder}/${name}`),
    write: (name, text) => files.write(`${folder}/${name}`, text),
  };
}
