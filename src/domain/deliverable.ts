import * as z from 'zod';
import { fileBundleSchema, type FileBundle, type FileChanges } from './bundle.ts';
import { wholeBundle } from './candidate.ts';
import { plainText } from './text.ts';

/** Lines of a file that an answer rests on, counted from 1, the last one included. */
const citationSchema = z.strictObject({
  path: z.string(),
  firstLine: z.int().min(1),
  lastLine: z.int().min(1),
  /** What stands there, as it was checked; answers before citations were checked have none. */
  quote: z.string().exactOptional(),
});

/** A program that was run, and what that printed. */
const computationSchema = z.strictObject({
  language: z.string().exactOptional(),
  code: z.string(),
  output: z.string(),
  /** How it ended, as `exit code 0`. */
  end: z.string().exactOptional(),
});

/** An answer beside the one that is given. */
const alternativeSchema = z.strictObject({
  text: z.string(),
  /** `provider/model` of those that gave it. */
  models: z.array(z.string()),
});

/** What a task ends in: files, or an answer in words. */
export const deliverableSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('files'), bundle: fileBundleSchema }),
  z.strictObject({
    kind: z.literal('answer'),
    text: plainText,
    citations: z.array(citationSchema),
    /** What was run to come to it, and what that printed; null where nothing was. */
    computation: computationSchema.nullable(),
    /** Where no answer was agreed on: the others, the best first. */
    alternatives: z.array(alternativeSchema).exactOptional(),
  }),
]);
export type Deliverable = z.infer<typeof deliverableSchema>;
export type Answer = Extract<Deliverable, { kind: 'answer' }>;
export type Citation = z.infer<typeof citationSchema>;
export type Computation = z.infer<typeof computationSchema>;

const emptyBundle: FileBundle = {
  files: [],
  edits: [],
  deletions: [],
  tests: [],
  commands: [],
  notes: '',
};

/** Of work that brought nothing. */
export const noFiles: Deliverable = { kind: 'files', bundle: emptyBundle };

/** The whole contents that a deliverable proposes, by path, null for a deletion; none of an answer. */
export function deliveredFiles(deliverable: Deliverable): FileChanges {
  if (deliverable.kind === 'answer') return new Map();
  const { files, deletions } = deliverable.bundle;
  return new Map<string, string | null>([
    ...files.map(({ path, content }) => [path, content] as const),
    ...deletions.map((path) => [path, null] as const),
  ]);
}

/** The deliverable's bundle over these files, as a merge or a person's edits left them. */
export function bundleOver(deliverable: Deliverable, changes: FileChanges): FileBundle {
  return wholeBundle(changes, deliverable.kind === 'files' ? deliverable.bundle : emptyBundle);
}

/** An answer as people read it: the text, what was computed, and where it is taken from. */
export function answerText({ text, citations, computation, alternatives = [] }: Answer): string {
  const parts = [text.trim()];
  if (computation !== null) parts.push(computationText(computation));
  if (citations.length > 0) parts.push(`Sources: ${citations.map(citationText).join(', ')}`);
  for (const { text: other, models } of alternatives)
    parts.push(`Another answer, by ${models.join(', ')}:\n\n${other.trim()}`);
  return `${parts.join('\n\n')}\n`;
}

function computationText({ code, output, end }: Computation): string {
  const how = end === undefined || end === 'exit code 0' ? '' : ` (${end})`;
  return `Computed by:\n\n${code.trim()}\n\nwhich printed${how}:\n\n${output.trim()}`;
}

/** As `src/a.js:3` or `src/a.js:3-7`. */
export function citationText({ path, firstLine, lastLine }: Citation): string {
  return `${path}:${firstLine}${lastLine > firstLine ? `-${lastLine}` : ''}`;
}
