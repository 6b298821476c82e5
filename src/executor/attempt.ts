import { withoutControls } from '../domain/text.ts';
import * as z from 'zod';
import { permittedFileSchema, type PermittedFile } from '../domain/autorun.ts';
import { fileBundleSchema } from '../domain/bundle.ts';
import { deliverableSchema } from '../domain/deliverable.ts';
import { modelIdentitySchema } from '../domain/model-role.ts';
import { taskResultSchema, taskStatuses, type Task } from '../domain/task.ts';
import { draftName, draftsByPath } from '../files/draft-name.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { ArtefactStore } from '../state/ports.ts';
import { filesText } from '../supervisor/shown-work.ts';
import type { StepFiles } from '../supervisor/steps.ts';
import type { RoundRecord } from '../supervisor/supervision.ts';
import { jsonText, parseJsonAs } from '../text/json-as.ts';
import { sha256 } from '../text/sha256.ts';
import { taskText } from '../workflows/task-text.ts';

const hashes = z.array(z.tuple([z.string(), z.string().nullable()]));

/** How an attempt ended, with the work itself: enough to settle the task, or to start a correction. */
const outcomeSchema = z.strictObject({
  version: z.literal(2),
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
  /** Who wrote before the author at what is in it, the latest first. */
  earlier: z.array(modelIdentitySchema).readonly().optional(),
  deliverable: deliverableSchema,
  /** Hash by changed path of the base that the work was made on; null for a file that did not exist. */
  seen: hashes,
  /** The texts of that base, of files that are changed: what a merge with newer ones starts from. */
  base: z.array(z.tuple([z.string(), z.string()])),
});
export type AttemptOutcome = z.infer<typeof outcomeSchema>;

/** As version 0.1.0 wrote it, without a number: what it ended in was files always. */
const firstOutcomeSchema = outcomeSchema
  .omit({ version: true, deliverable: true })
  .extend({ bundle: fileBundleSchema, base: outcomeSchema.shape.base.default([]) })
  .transform(({ bundle, ...rest }) => ({
    ...rest,
    version: 2 as const,
    deliverable: { kind: 'files' as const, bundle },
  }));

/** What the prompt was made of: a task in these words, and these files (hash by path, null for none). */
const openingSchema = z.strictObject({
  about: z.string(),
  /** The requirements that the task serves, as a hash; version 0.1.0 did not keep it. */
  said: z.string().optional(),
  seen: hashes,
  /** Paths of the files that the prompt shows; version 0.1.0 did not keep them. */
  shown: z.array(z.string()).optional(),
});
export type Opening = z.infer<typeof openingSchema>;

/** An object, so that it can be signed. */
const permittedSchema = z.strictObject({ permitted: z.array(permittedFileSchema) });

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
  keepRound(round: number, record: RoundRecord): Promise<void>;
  /** Other files of the attempt, for people and for what it remembers. */
  readonly files: StepFiles;
  /** A proposed file, as a person may read and edit it, under a name that no tool of the project takes. */
  keepFile(path: string, content: string): Promise<void>;
  /** All that stands there now by path, a person's own files included. */
  keptFiles(): Promise<ReadonlyMap<string, string>>;
  /** Null where none ended, and for one that came with the repository. */
  outcome(): Promise<AttemptOutcome | null>;
  /** Whether its outcome came with the repository, or what counts as approved of it. */
  isForeign(): Promise<boolean>;
  finish(outcome: AttemptOutcome): Promise<void>;
  /** What a person made of it on approval; null where they approved it as it was, or not at all. */
  approval(): Promise<AttemptOutcome | null>;
  /** What was approved of it: the outcome, or what a person made of it. */
  approved(): Promise<AttemptOutcome | null>;
  keepApproved(outcome: AttemptOutcome): Promise<void>;
  /** What of it runs by itself, as a person approved it. */
  permitted(): Promise<readonly PermittedFile[]>;
  keepPermitted(files: readonly PermittedFile[]): Promise<void>;
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
  const read = (name: string): Promise<string | null> => store.read(slug, `${folder}/${name}`);
  /** Null where a person edited or cut the file: the attempt is then made anew. */
  const readJson = async <T>(name: string, schema: z.ZodType<T>): Promise<T | null> =>
    parseJsonAs(await read(name), schema);
  const readOutcome = (name: string): Promise<AttemptOutcome | null> =>
    readJson(name, z.union([outcomeSchema, firstOutcomeSchema]));
  const writeOutcome = (name: string, outcome: AttemptOutcome): Promise<void> =>
    write(name, jsonText(outcomeSchema.parse(outcome)));
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
      await write('opening.json', jsonText(opening));
      await write('prompt.json', jsonText(parts));
    },
    async keepRound(round, { candidate, gates, review, unusable }) {
      if (candidate !== undefined)
        await write(`round-${round}/candidate.md`, withoutControls(filesText(candidate, 'notes')));
      if (gates !== undefined) await write(`round-${round}/gates.json`, jsonText(gates));
      if (review !== undefined) await write(`round-${round}/review.json`, jsonText(review));
      if (unusable !== undefined)
        await write(`round-${round}/${unusable.of}-reply.txt`, unusable.rawReply);
    },
    files: { read, write },
    keepFile: (path, content) => write(`files/${draftName(path)}`, content),
    async keptFiles() {
      const kept = new Map<string, string>();
      const names = draftsByPath(await store.filesBelow(slug, `${folder}/files`));
      for (const [path, name] of names) {
        const content = await read(`files/${name}`);
        if (content !== null) kept.set(path, content);
      }
      return kept;
    },
    outcome: () => readOutcome('outcome.json'),
    isForeign: () => store.isForeign(slug, `${folder}/outcome.json`),
    finish: (outcome) => writeOutcome('outcome.json', outcome),
    approval: () => readOutcome('approval/outcome.json'),
    approved: async () =>
      (await readOutcome('approval/outcome.json')) ?? (await readOutcome('outcome.json')),
    keepApproved: (outcome) => writeOutcome('approval/outcome.json', outcome),
    permitted: async () =>
      (await readJson('approval/autorun.json', permittedSchema))?.permitted ?? [],
    keepPermitted: (permitted) => write('approval/autorun.json', jsonText({ permitted })),
  };
}

/** A task's last attempt; null where it has none. */
export function attemptOf(
  slug: string,
  { id, result }: Task,
  { artefacts }: { readonly artefacts: ArtefactStore },
): Attempt | null {
  return result === null ? null : openAttempt(artefacts, slug, id, result.attempt);
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

/** One text for a task in these words; status and result do not matter. SHA-256, hex. */
export function taskKey(task: Task): string {
  return sha256(taskText(task));
}
