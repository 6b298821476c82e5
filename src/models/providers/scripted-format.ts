import * as z from 'zod';
import { BlueprintError, type Diagnostic, messageOf } from '../../domain/errors.ts';
import { ModelError, modelErrorKinds } from '../../domain/model-error.ts';
import { modelRoles } from '../../domain/model-role.ts';
import { safePath } from '../../domain/task.ts';
import { noUsage, usageSchema } from '../../domain/usage.ts';
import type { ModelRequest } from '../language-model.ts';
import { recordedSchema } from '../recording/recorded-call.ts';

/** The first line of a script. */
const headerSchema = z.strictObject({
  script: z.literal(1).describe('the version of the format'),
  recording: z.literal(1).optional().describe('the lines were written by --record'),
  note: z.string().optional().describe('where the replies come from'),
});

const whenSchema = z
  .strictObject({
    stage: z.string().optional(),
    task: z.string().nullable().optional().describe('null: a call that is for no task'),
    round: z.int().min(0).optional(),
    attempt: z.int().min(0).optional(),
    role: z.enum(modelRoles).optional(),
    candidate: z.string().optional().describe('of several at the same time'),
    critic: z.string().optional(),
    contains: z.array(z.string().min(1)).min(1).optional(),
  })
  .refine((when) => Object.keys(when).length > 0, { error: 'must have at least one field' });

const replySchema = z.union(
  [
    z.strictObject({ text: z.string() }),
    z.strictObject({ json: z.json() }),
    z.strictObject({ lines: z.array(z.string()) }),
    z.strictObject({ file: safePath }),
  ],
  {
    error:
      'must have one of text, json, lines (a list of strings) or file (a path below the script)',
  },
);

const { input, cachedInput, cacheWrite, output, reasoning } = usageSchema.shape;
const scriptedUsage = z.strictObject({
  input: input.default(0),
  cachedInput: cachedInput.default(0),
  cacheWrite: cacheWrite.default(0),
  output: output.default(0),
  reasoning: reasoning.default(0),
});

const errorSchema = z.strictObject({
  kind: z.enum(modelErrorKinds),
  message: z.string(),
  fix: z.string().optional(),
  status: z.int().optional().describe('of HTTP'),
  retryAfterMs: z.number().min(0).optional(),
  rawReply: z.string().optional(),
  usage: usageSchema.optional(),
});

const entrySchema = z
  .strictObject({
    when: whenSchema,
    reply: replySchema.optional(),
    error: errorSchema.optional(),
    finishReason: z.enum(['stop', 'length', 'refusal', 'other']).default('stop'),
    usage: scriptedUsage.default(noUsage),
    delayMs: z.int().min(0).max(600_000).default(0).describe('before each streamed piece'),
    chunk: z
      .int()
      .min(1)
      .optional()
      .describe('characters per streamed piece; default: all at once'),
    times: z.int().min(1).nullable().default(1).describe('how often it answers; null: always'),
    recorded: recordedSchema.optional().describe('by --record, for --replay'),
  })
  .refine((entry) => (entry.reply === undefined) !== (entry.error === undefined), {
    error: 'must have either a reply or an error',
  });

export type ScriptEntry = z.infer<typeof entrySchema> & {
  /** In the script file, from 1. */
  readonly line: number;
};

/** What a request is for, as a script's entry would say it. */
export function purposeText({ purpose, role }: ModelRequest): string {
  const { stage, task, attempt, round, candidate, critic } = purpose;
  return [
    `stage «${stage}»`,
    `task ${task ?? 'none'}`,
    `attempt ${attempt}`,
    `round ${round}`,
    `role ${role}`,
    ...(candidate === undefined ? [] : [`candidate ${candidate}`]),
    ...(critic === undefined ? [] : [`critic ${critic}`]),
  ].join(', ');
}

/** The error that an entry stands for. */
export function scriptedError(error: NonNullable<ScriptEntry['error']>, model: string): ModelError {
  const { fix, ...facts } = error;
  return new ModelError({ ...facts, model, ...(fix !== undefined && { fix }) });
}

/**
 * Where the last line begins when its writer was killed before it was whole, in characters; null when the
 * text ends well.
 */
export function cutOffAt(source: string): number | null {
  const start = source.lastIndexOf('\n') + 1;
  const last = source.slice(start);
  if (last.trim() === '') return null;
  try {
    JSON.parse(last);
    return null;
  } catch {
    return start;
  }
}

/** Whether a text begins as a recording does. */
export function isRecording(source: string): boolean {
  const [first = ''] = source.replace(/^\uFEFF/, '').split(/\r?\n/, 1);
  const header = parseLine(headerSchema, first);
  return 'value' in header && header.value.recording !== undefined;
}

/**
 * The entries of a script's text, in order. Blank lines are skipped.
 * @throws BlueprintError `script-invalid` with file and line of each fault, all at once.
 */
export function parseScript(source: string, path: string): ScriptEntry[] {
  const lines = source
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => text.trim() !== '');
  const problems: Diagnostic[] = [];
  const read = <T>(schema: z.ZodType<T>, { text, line }: { text: string; line: number }): T[] => {
    const parsed = parseLine(schema, text);
    if ('value' in parsed) return [parsed.value];
    problems.push({ code: 'script-invalid', message: parsed.fault, target: `${path}:${line}` });
    return [];
  };

  const [header, ...rest] = lines;
  if (header === undefined) {
    problems.push({ code: 'script-invalid', message: 'The script is empty', target: `${path}:1` });
  } else {
    read(headerSchema, header);
  }
  // Two commands that began one recording at the same time have both written its first line.
  const lower = rest.filter(({ text }) => text !== header?.text);
  const entries = lower.flatMap((at) =>
    read(entrySchema, at).map((entry) => ({ ...entry, line: at.line })),
  );
  const [first, ...others] = problems;
  if (first !== undefined)
    throw new BlueprintError({
      ...first,
      fix: 'The first line is {"script":1,"note":"…"}, each other line one entry: see docs/scripts.md.',
      others,
    });
  return entries;
}

function parseLine<T>(schema: z.ZodType<T>, text: string): { value: T } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { fault: `Not JSON: ${messageOf(error)}` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  const faults = parsed.error.issues.map((issue) =>
    issue.path.length === 0 ? issue.message : `${issue.path.join('.')}: ${issue.message}`,
  );
  return { fault: faults.join('; ') };
}
