import { applyBundle } from '../text/bundle/apply.ts';
import { fencedInstructions, parseFencedBundle } from '../text/bundle/fenced.ts';
import { jsonInstructions, parseJsonBundle } from '../text/bundle/json.ts';
import type { ParseOptions } from '../text/bundle/parsed.ts';
import { fileBundleSchema, type FileBundle, type FileChanges } from '../domain/bundle.ts';
import type { Candidate, ReadBase } from '../domain/candidate.ts';
import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import { askWithRepair, type ReadReply } from './ask-with-repair.ts';
import { responseSchema } from './generate-object.ts';
import type { LanguageModel, ModelRequest } from './language-model.ts';

export type BundleCodec = 'fenced' | 'json';

/** How a reply is to be written, in words for the model. */
export const bundleInstructions: Readonly<Record<BundleCodec, string>> = {
  fenced: fencedInstructions,
  json: jsonInstructions,
};

export interface BundleOptions {
  /** A reply that leaves every file as it is counts as an answer. */
  readonly mayChangeNothing?: boolean;
  /** So does one in words alone: a candidate without changes, the words in its notes. */
  readonly mayBeText?: boolean;
}

/** Most file systems end at 255 bytes; a file's temporary neighbour needs some of them. */
const mostSegmentBytes = 200;

/**
 * Asks for files. A reply that cannot be read or applied to the base is shown to the model once with its
 * exact faults; a second one ends as ModelError `malformed` with the raw reply. Replies stay in the call
 * store: it is the next attempt's salt that asks anew.
 */
export async function generateBundle(
  model: LanguageModel,
  request: Omit<ModelRequest, 'schema'>,
  base: ReadBase,
  codec: BundleCodec,
  { mayChangeNothing = false, mayBeText = false }: BundleOptions = {},
): Promise<Candidate> {
  const asked: ModelRequest =
    codec === 'json'
      ? { ...request, schema: responseSchema('file_bundle', fileBundleSchema) }
      : request;
  const { value, result } = await askWithRepair(
    model,
    asked,
    async (text): Promise<ReadReply<Omit<Candidate, 'author'>>> => {
      const read = await readBundle(text, base, codec, { mayHoldNoFiles: mayBeText });
      if ('faults' in read || read.value.changes.size > 0 || mayChangeNothing) return read;
      const { bundle } = read.value;
      if (!mayBeText || bundle.notes === '') return { faults: ['It changes no file.'] };
      // Words alone are taken as they were written: the fenced form's own notes lose layout.
      const notes = codec === 'fenced' && isWordsAlone(bundle) ? text.trim() : bundle.notes;
      return { value: { ...read.value, bundle: { ...noFiles, notes } } };
    },
    { failed: `The files of «${request.purpose.stage}» could not be applied`, forget: false },
  );
  return { ...value, author: result.identity };
}

const noFiles = { files: [], edits: [], deletions: [], tests: [], commands: [] };

function isWordsAlone({ files, edits, deletions, tests, commands }: FileBundle): boolean {
  return [files, edits, deletions, tests, commands].every((list) => list.length === 0);
}

async function readBundle(
  text: string,
  base: ReadBase,
  codec: BundleCodec,
  options: ParseOptions,
): Promise<ReadReply<{ bundle: FileBundle; changes: FileChanges }>> {
  const parse = codec === 'json' ? parseJsonBundle : parseFencedBundle;
  const parsed = parse(text, options);
  return 'faults' in parsed ? parsed : applied(parsed.bundle, base);
}

/** A bundle over its base, or why it cannot be written there. */
export async function applied(
  bundle: FileBundle,
  base: ReadBase,
): Promise<ReadReply<{ bundle: FileBundle; changes: FileChanges }>> {
  const faults = longNames(bundle);
  if (faults.length > 0) return { faults };
  const result = await applyBundle(bundle, async (path) => {
    try {
      return await base(path);
    } catch (error) {
      // Where a path leads is the proposal's fault, as a link out of the folder; it must not end the run.
      if (!(error instanceof BlueprintError) || error instanceof InterruptedError) throw error;
      faults.push(error.message);
      return null;
    }
  });
  if (faults.length > 0) return { faults };
  if ('faults' in result) return result;
  return { value: { bundle, changes: result.changes } };
}

function longNames({ files, edits }: FileBundle): string[] {
  const paths = new Set([...files, ...edits].map(({ path }) => path));
  return [...paths].flatMap((path) => {
    const long = path.split('/').find((name) => Buffer.byteLength(name) > mostSegmentBytes);
    return long === undefined
      ? []
      : [`The name «${long.slice(0, 40)}…» is longer than ${mostSegmentBytes} bytes.`];
  });
}
