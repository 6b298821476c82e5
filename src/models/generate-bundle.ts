import { applyBundle } from '../text/bundle/apply.ts';
import { readChangesAsFiles } from '../text/bundle/changes-as-files.ts';
import { fencedInstructions } from '../text/bundle/fenced-instructions.ts';
import { parseFencedBundle } from '../text/bundle/fenced.ts';
import { bundleReplySchema, jsonInstructions, parseJsonBundle } from '../text/bundle/json.ts';
import { largeBundle } from '../text/bundle/limits.ts';
import { mendPaths, type PathsThere } from '../text/bundle/mend-paths.ts';
import type { Rename } from '../text/bundle/lines.ts';
import type { ParseOptions } from '../text/bundle/parsed.ts';
import { withRenames, type FileThere } from '../text/bundle/renamed-files.ts';
import { encodingFault } from '../text/encoding.ts';
import { movedFileOf } from '../text/moved-file.ts';
import { fencedLines, withoutThinking } from '../text/thinking.ts';
import type { FileBundle, FileChanges } from '../domain/bundle.ts';
import {
  FileNotText,
  isRefusal,
  textOrNull,
  type Candidate,
  type ReadBase,
} from '../domain/candidate.ts';
import { estimateTokens } from '../domain/text.ts';
import { fenced } from '../text/fence.ts';
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
  /**
   * Paths of the base's files that the author knows; absent: all. Another is not replaced whole in silence: the
   * reply is sent back once with what the file holds. What the author then makes of it, and what it edits, is
   * added; a path that is missing in the end was replaced blindly.
   */
  readonly known?: Set<string>;
  /** Paths of the base's files that this prompt shows beside. */
  readonly alsoShown?: ReadonlySet<string>;
  /** All paths of the base; absent where nobody can tell. */
  readonly listBase?: ListBase | undefined;
}

export type ListBase = () => Promise<Iterable<string>>;

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
  { mayChangeNothing = false, mayBeText = false, known, alsoShown, listBase }: BundleOptions = {},
): Promise<Candidate> {
  const checks: Check[] = [meantPaths(), leftOut()];
  if (known !== undefined) checks.push(replacements(known, alsoShown ?? new Set()));
  const asked: ModelRequest =
    codec === 'json'
      ? { ...request, schema: responseSchema('file_bundle', bundleReplySchema) }
      : request;
  const { value, result } = await askWithRepair(
    model,
    asked,
    async (text): Promise<ReadReply<Omit<Candidate, 'author'>>> => {
      const options = { checks, listBase, signal: request.signal };
      const read = await readBundle(text, base, codec, { mayHoldNoFiles: mayBeText }, options);
      if ('faults' in read || read.value.changes.size > 0 || mayChangeNothing) return read;
      const { bundle } = read.value;
      if (!mayBeText || bundle.notes === '') return { faults: ['It changes no file.'] };
      // Words alone are taken as they were written: the fenced form's own notes lose layout.
      const notes = codec === 'fenced' && isWordsAlone(bundle) ? wordsOf(text) : bundle.notes;
      return { value: { ...read.value, bundle: { ...noFiles, notes } } };
    },
    { failed: `The files of «${request.purpose.stage}» could not be applied`, forget: false },
  );
  return { ...value, author: result.identity };
}

function wordsOf(reply: string): string {
  return withoutThinking(reply, fencedLines).trim();
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
  applying: ApplyOptions,
): Promise<ReadReply<{ bundle: FileBundle; changes: FileChanges }>> {
  const parse = codec === 'json' ? parseJsonBundle : parseFencedBundle;
  const parsed = parse(text, options);
  if ('faults' in parsed) return parsed;
  const { bundle, unnamed, renames } = parsed;
  return applied(bundle, base, { ...applying, unnamed, renames });
}

interface ApplyOptions extends Pick<PathsThere, 'unnamed'>, Pick<BundleOptions, 'listBase'> {
  readonly checks?: readonly Check[];
  readonly renames?: readonly Rename[] | undefined;
  readonly signal?: AbortSignal;
}

/** A bundle over its base, or why it cannot be written there. */
export async function applied(
  given: FileBundle,
  base: ReadBase,
  { checks = [], signal, unnamed, renames = [], listBase }: ApplyOptions = {},
): Promise<ReadReply<{ bundle: FileBundle; changes: FileChanges }>> {
  const large = largeBundle(given);
  if (large !== null) return large;
  const renamed = await withRenames(given, renames, (path) => fileAt(path, base));
  const read = readChangesAsFiles(renamed.bundle);
  const faults = [...longNames(given), ...renamed.faults, ...read.faults];
  if (faults.length > 0) return { faults };
  const { bundle, doubts } = await mendPaths(read.bundle, {
    isThere: (path) => isThere(path, base),
    list: listBase,
    unnamed,
  });
  const blind: string[] = [];
  for (const check of checks) blind.push(...(await check(bundle, base, doubts)));
  const result = await applyBundle(
    bundle,
    async (path) => {
      try {
        return await base(path);
      } catch (error) {
        // Where a path leads is the proposal's fault, as a link out of the folder; it must not end the run.
        if (!isRefusal(error)) throw error;
        // What is no text can go all the same.
        if (error.code === 'file-not-text' && bundle.deletions.includes(path)) return '';
        faults.push(error.message);
        return null;
      }
    },
    signal,
  );
  if (faults.length > 0) return { faults: [...faults, ...blind] };
  if ('tooLarge' in result) return result;
  if ('faults' in result) return { faults: [...result.faults, ...blind] };
  const unlike = await pointers(bundle, result.changes, base, renamed.taken);
  if (unlike.length > 0) return { faults: unlike };
  const unheld = await unheldTexts(result.changes, base);
  if (unheld.length > 0) return { faults: [...unheld, ...blind] };
  if (blind.length > 0) return { faults: blind };
  return { value: { bundle, changes: result.changes } };
}

/** Texts that cannot be written in the encoding that they declare. */
async function unheldTexts(changes: FileChanges, base: ReadBase): Promise<string[]> {
  const faults: string[] = [];
  for (const [path, content] of changes) {
    if (content === null || encodingFault(path, content, null) === null) continue;
    const fault = encodingFault(path, content, await textOrNull(path, base));
    if (fault !== null) faults.push(fault);
  }
  return faults;
}

/** What stands for bytes is the program's to write: a reply says RENAME. */
async function pointers(
  { edits }: FileBundle,
  changes: FileChanges,
  base: ReadBase,
  taken: ReadonlySet<string>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [path, content] of changes) {
    const moved = content === null || taken.has(content) ? null : movedFileOf(content);
    if (moved !== null)
      faults.push(
        `${path} is written as a file under a new name: write RENAME: old -> new instead.`,
      );
  }
  for (const path of new Set(edits.map((edit) => edit.path))) {
    const before = await textOrNull(path, base);
    if (before !== null && movedFileOf(before) !== null)
      faults.push(`${path} is no text: it can be renamed as it is, not edited.`);
  }
  return faults;
}

async function fileAt(path: string, base: ReadBase): Promise<FileThere> {
  try {
    return await base(path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (error instanceof FileNotText && error.sha256 !== null) return { sha256: error.sha256 };
    return { problem: error.code === 'file-not-text' ? 'is no text' : 'cannot be read' };
  }
}

/** What is wrong with a reply beside how it is written; asked once for each reply to one question. */
type Check = (bundle: FileBundle, base: ReadBase, doubts: readonly string[]) => Promise<string[]>;

/** Paths that may be meant otherwise are doubted once: given again they are meant. */
function meantPaths(): Check {
  let replies = 0;
  return async (_bundle, _base, doubts) => (++replies === 1 ? [...doubts] : []);
}

/** A line that stands for lines, as `// ... existing code ...`. */
const standsForLines =
  /^[ \t]*(?:#|\/\/|--|;|%|\/\*|<!--|\{\/\*)?[ \t]*(?:\.{3}|…)[^\n]{0,20}\b(?:rest|existing|remaining|unchanged|same as before|other (?:code|functions|methods|imports))\b[^\n]{0,60}$/im;

/** A file that is replaced and leaves out what is there is doubted once. */
function leftOut(): Check {
  let replies = 0;
  return async ({ files }, base) => {
    if (++replies > 1) return [];
    const faults: string[] = [];
    for (const { path, content } of files) {
      const [line] = standsForLines.exec(content) ?? [];
      if (line === undefined) continue;
      const before = await textOrNull(path, base);
      if (before !== null && !before.includes(line))
        faults.push(
          `${path} would be replaced by a file that says «${line.trim()}»: give it with all of its lines, or change it by edits.`,
        );
    }
    return faults;
  };
}

async function isThere(path: string, base: ReadBase): Promise<boolean> {
  try {
    return (await base(path)) !== null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error.code === 'file-not-text';
  }
}

/** A file that takes more room than this is not shown in a fault. */
const mostShownTokens = 16_000;

/** Files that are replaced whole which their author does not know. */
function replacements(known: Set<string>, alsoShown: ReadonlySet<string>): Check {
  const told = new Map<string, string>();
  let replies = 0;
  return async ({ files, edits }, base) => {
    replies += 1;
    const faults: string[] = [];
    for (const { path, content } of files) {
      if (known.has(path) || alsoShown.has(path)) continue;
      // What may not be read is told by another fault.
      const before = await textOrNull(path, base);
      if (before === null || before === content) continue;
      const first = told.get(path);
      if (replies === 1) {
        faults.push(replacedBlindly(path, before));
        if (isShowable(before)) told.set(path, content);
        // The very same text again: nothing says that the file was looked at.
      } else if (first !== undefined && first !== content) known.add(path);
    }
    // An edit names what it replaces.
    if (faults.length === 0) for (const { path } of edits) known.add(path);
    return faults;
  };
}

function isShowable(text: string): boolean {
  return estimateTokens(text) <= mostShownTokens;
}

function replacedBlindly(path: string, before: string): string {
  const way = 'Change it by edits, or give it whole again with what is to stay.';
  return isShowable(before)
    ? `${path} is there already, and you were not shown it; your file would replace it. ${way} It holds:\n${fenced(before)}`
    : `${path} is there already, too large to be shown (about ${estimateTokens(before)} tokens); your file would replace it. Change it by edits that name the lines which they replace.`;
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
