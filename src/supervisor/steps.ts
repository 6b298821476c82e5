import * as z from 'zod';
import { jsonText, parseJsonAs } from '../text/json-as.ts';

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
}

/** The value that a finished step gave; null where it is not finished, or a person changed its file. */
export async function recall<T>(
  files: StepFiles,
  { name, key, schema }: Step<T>,
): Promise<T | null> {
  const kept = parseJsonAs(
    await files.read(name),
    z.strictObject({ key: z.string(), value: schema }),
  );
  return kept?.key === key ? kept.value : null;
}

export async function remember<T>(
  files: StepFiles,
  { name, key }: Step<T>,
  value: T,
): Promise<void> {
  await files.write(name, jsonText({ key, value }));
}

/** The files below a folder. */
export function filesBelow(files: StepFiles, folder: string): StepFiles {
  return {
    read: (name) => files.read(`${folder}/${name}`),
    write: (name, text) => files.write(`${folder}/${name}`, text),
  };
}
