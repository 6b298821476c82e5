import * as z from 'zod';
import { fileBundleSchema, type FileChanges } from '../domain/bundle.ts';
import { renderFencedBundle } from '../text/bundle/fenced.ts';
import { wholeBundle } from '../domain/candidate.ts';
import { modelIdentitySchema } from '../domain/model-identity.ts';
import { taskResultSchema, taskStatuses, type Task } from '../domain/task.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { ArtefactStore } from '../state/ports.ts';
import type { RoundRecord } from '../supervisor/supervision.ts';
import { taskText } from './prompts.ts';
import { sha256 } from '../text/sha256.ts';

const hashes = z.array(z.tuple([z.string(), z.string().nullable()]));

/** How an attempt ended, with the work itself: enough to settle the task, or to start a correction. */
const outcomeSchema = z.strictObject({
  /** `taskKey` of the task as it was then: work for another wording is not work for this one. */
  about: z.string(),
  status: z.enum(taskStatuses),
  /**
   * Why another attempt may do better: the reply was unusable, the work met a conflict on commit, or the
   * files that a cut-off attempt was shown have moved. `no`: the task is to be settled so.
   */
  again: z.enum(['no', 'reply', 'conflict', 'moved']),
  result: taskResultSchema,
  author: modelIdentitySchema.nullable(),
  bundle: fileBundleSchema,
  /** Hash by changed path of the base that the work was made on; null for a file that did not exist. */
  seen: hashes,
  /** The texts of that base, of files that are changed: what a merge with newer ones starts from. */
  base: z.array(z.tuple([z.string(), z.string()])).default([]),
});
export type AttemptOutcome = z.infer<typeof outcomeSchema>;

/** What the prompt was made of: a task in these words, and these files (hash by path, null for none). */
const openingSchema = z.strictObject({ about: z.string(), seen: hashes });
export type Opening = z.infer<typeof openingSchema>;

const promptSchema = z.array(
  z.strictObject({
    role: z.enum(['system', 'user', 'assistant']),
    name: z.string(),
    text: z.string(),
    cache: z.boolean().optional(),
  }),
);

/** One try at a task: its folder below `partial/`. */
export interface Attempt {
  readonly number: number;
  /** The prompt that a cut-off try began with: resuming sends the same words, so nothing is paid twice. */
  prompt(): Promise<{ parts: readonly MessagePart[]; opening: Opening } | null>;
  keepPrompt(parts: readonly MessagePart[], opening: Opening): Promise<void>;
  keepRound(round: number, made: RoundRecord): Promise<void>;
  keepNote(name: string, text: string): Promise<void>;
  /** Null when it was never kept. */
  note(name: string): Promise<string | null>;
  /** A proposed file, as a person may read and edit it. */
  keepFile(path: string, content: string): Promise<void>;
  /** Null when it was never kept, or was deleted. */
  keptFile(path: string): Promise<string | null>;
  /** Paths of all that stands there now, a person's own files included. */
  keptPaths(): Promise<string[]>;
  outcome(): Promise<AttemptOutcome | null>;
  finish(outcome: AttemptOutcome): Promise<void>;
}

export function openAttempt(
  store: ArtefactStore,
  slug: string,
  task: string,
  number: number,
): Attempt {
  const folder = `partial/${task}/${number}`;
  const write = (name: string, text: string): Promise<void> =>
    store.write(slug, `${folder}/${name}`, text);
  const readJson = async <T>(name: string, schema: z.ZodType<T>): Promise<T | null> => {
    const text = await store.read(slug, `${folder}/${name}`);
    if (text === null) return null;
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      // A person may have edited or cut these files; the attempt is then made anew.
      return null;
    }
  };
  return {
    number,
    async prompt() {
      const parts = await readJson('prompt.json', promptSchema);
      const opening = await readJson('opening.json', openingSchema);
      return parts === null || opening === null
        ? null
        : { parts: parts as readonly MessagePart[], opening };
    },
    async keepPrompt(parts, opening) {
      // The prompt comes last: it is what says that the try has begun.
      await write('opening.json', json(opening));
      await write('prompt.json', json(parts));
    },
    async keepRound(round, { candidate, gates, review, unusable }) {
      if (candidate !== undefined)
        await write(
          `round-${round}/candidate.md`,
          renderFencedBundle(wholeBundle(candidate.changes, candidate.bundle)),
        );
      if (gates !== undefined) await write(`round-${round}/gates.json`, json(gates));
      if (review !== undefined) await write(`round-${round}/review.json`, json(review));
      if (unusable !== undefined)
        await write(`round-${round}/${unusable.of}-reply.txt`, unusable.rawReply);
    },
    keepNote: write,
    note: (name) => store.read(slug, `${folder}/${name}`),
    keepFile: (path, content) => write(`files/${path}`, content),
    keptFile: (path) => store.read(slug, `${folder}/files/${path}`),
    keptPaths: () => store.filesBelow(slug, `${folder}/files`),
    outcome: () => readJson('outcome.json', outcomeSchema),
    finish: (outcome) => write('outcome.json', json(outcomeSchema.parse(outcome))),
  };
}

/** Numbers of the tries that have begun, ascending. */
export async function attemptNumbers(
  store: ArtefactStore,
  slug: string,
  task: string,
): Promise<number[]> {
  const names = await store.list(slug, `partial/${task}`);
  return names
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** The whole contents that an outcome proposes, by path. */
export function outcomeChanges({ bundle }: AttemptOutcome): FileChanges {
  return new Map<string, string | null>([
    ...bundle.files.map(({ path, content }) => [path, content] as const),
    ...bundle.deletions.map((path) => [path, null] as const),
  ]);
}

/** One text for a task in these words; status and result do not matter. SHA-256, hex. */
export function taskKey(task: Task): string {
  return sha256(taskText(task));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
