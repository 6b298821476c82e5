import * as z from 'zod';
import type { FileBundle, FileChanges } from '../domain/bundle.ts';
import { wholeBundle } from '../domain/candidate.ts';
import { deliveredFiles, type Deliverable } from '../domain/deliverable.ts';
import { withEscapesTurned } from '../domain/hidden-characters.ts';
import { openAttempt } from '../executor/attempt.ts';
import type { BundleCodec } from '../models/generate-bundle.ts';
import type { SeenAttempt, SeenWork } from '../report/preferences/seen-work.ts';
import type { SkipReason } from '../report/preferences/evidence.ts';
import { parseFencedBundle } from '../text/bundle/fenced.ts';
import { renderFencedBundle } from '../text/bundle/render-fenced.ts';
import { exactKey, proposalKey } from '../text/content-key.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { movedFileOf } from '../text/moved-file.ts';
import type { ExportSource } from './export-sources.ts';
import type { Program } from './program.ts';

/** A work as it is kept: whole files, or words. */
export interface KeptWork {
  /** `proposalKey`: equal for works that differ in layout alone. */
  readonly content: string;
  readonly bundle: FileBundle;
}

/** Reads works of the attempts in one work folder. */
export type ReadWork = (attempt: SeenAttempt, work: SeenWork) => Promise<KeptWork | SkipReason>;

export function workReader(source: ExportSource, program: Program): ReadWork {
  const { kind, read } = source;
  if (kind === 'asks') return (_, { name }) => askAnswer(source, name);
  return async (attempt, { name }) => {
    if (name === 'proposed' || name === 'edited') return endedIn(attempt, name);
    const { file, folder } = placeOf(source, attempt, name);
    const text = await read(file);
    if (text === null) return 'work-missing';
    const kept = await judged(attempt, folder, text);
    // Characters that are not seen are kept as escapes; the hash tells them from those of the author.
    const turned = kept === 'work-changed' ? withEscapesTurned(text) : text;
    return turned === text ? kept : judged(attempt, folder, turned);
  };

  /** What stands in the text, where it is what was judged. */
  async function judged(
    { contents }: SeenAttempt,
    folder: string,
    text: string,
  ): Promise<KeptWork | SkipReason> {
    const parsed = parseFencedBundle(text);
    if (!('bundle' in parsed)) return 'work-missing';
    const kept = keptFiles(new Map(entriesOf(parsed.bundle)), parsed.bundle);
    if (typeof kept === 'string' || contents.has(kept.content)) return kept;
    // The gates keep under a work's exact content what they found in it.
    const key = exactKey(new Map(entriesOf(kept.bundle)));
    const record = parseJsonAs(await read(`${folder}/gates/${key.slice(0, 16)}.json`), keyed);
    return record?.key === key ? kept : 'work-changed';
  }

  async function endedIn(
    { task, attempt }: SeenAttempt,
    name: 'proposed' | 'edited',
  ): Promise<KeptWork | SkipReason> {
    if (task === null || kind !== 'feature') return 'work-missing';
    const ended = openAttempt(program.artefacts, source.name, task, attempt);
    const outcome = await (name === 'edited' ? ended.approval() : ended.outcome());
    return outcome === null ? 'work-missing' : delivered(outcome.deliverable);
  }
}

const keyed = z.object({ key: z.string() });

function placeOf(
  { kind }: ExportSource,
  { task, attempt }: SeenAttempt,
  name: string,
): { file: string; folder: string } {
  const base = kind === 'feature' ? `partial/${task}/${attempt}` : 'partial';
  const place = (below: string, file: string) => ({
    folder: `${base}${below}`,
    file: `${base}${below}/${file}.md`,
  });
  if (name.startsWith('round-')) return place('', `${name}/candidate`);
  if (name.startsWith('answer-')) return place('/ensemble', name);
  return place(kind === 'feature' ? '/tournament' : '', `candidates/${name}`);
}

const answerSchema = z.object({
  outputs: z.array(
    z.object({
      answer: z
        .object({
          text: z.string(),
          files: z.array(z.object({ path: z.string(), content: z.string().nullable() })),
          tests: z.array(z.string()),
          commands: z.array(z.string()),
        })
        .nullable(),
    }),
  ),
});

/** An ask keeps its answers together, in the order in which they were asked for. */
async function askAnswer({ read }: ExportSource, name: string): Promise<KeptWork | SkipReason> {
  const result = parseJsonAs(await read('result.json'), answerSchema);
  const answer = result?.outputs[Number(name.slice('answer-'.length)) - 1]?.answer ?? null;
  if (answer === null) return 'work-missing';
  const { files, tests, commands, text } = answer;
  if (files.length === 0) return keptWords(text);
  return keptFiles(new Map(files.map(({ path, content }) => [path, content])), { tests, commands });
}

function delivered(deliverable: Deliverable): KeptWork | SkipReason {
  return deliverable.kind === 'answer'
    ? keptWords(deliverable.text)
    : keptFiles(deliveredFiles(deliverable), deliverable.bundle);
}

const none = { files: [], edits: [], deletions: [], tests: [], commands: [] };

function keptWords(text: string): KeptWork | SkipReason {
  const bundle = { ...none, notes: text.trim() };
  if (bundle.notes === '') return 'work-missing';
  return { content: proposalKey({ changes: new Map(), bundle }), bundle };
}

/** Notes are left out: authors praise their work in them, and judges do not see them. */
function keptFiles(
  changes: FileChanges,
  { tests, commands }: Pick<FileBundle, 'tests' | 'commands'>,
): KeptWork | SkipReason {
  if (changes.size === 0) return 'work-missing';
  for (const content of changes.values())
    if (content !== null && movedFileOf(content) !== null) return 'not-text';
  const bundle = wholeBundle(changes, { tests, commands, notes: '' });
  return { content: proposalKey({ changes, bundle }), bundle };
}

function entriesOf({ files, deletions }: FileBundle): [string, string | null][] {
  return [
    ...files.map(({ path, content }): [string, string] => [path, content]),
    ...deletions.map((path): [string, null] => [path, null]),
  ];
}

/** The work as its author could have written it in the form that was asked for: whole files, or its words. */
export function replyText({ bundle }: KeptWork, codec: BundleCodec): string {
  const isWords = bundle.files.length + bundle.deletions.length === 0;
  if (isWords && codec === 'fenced') return bundle.notes;
  return codec === 'json'
    ? JSON.stringify({ ...bundle, renames: [] })
    : renderFencedBundle(bundle).trimEnd();
}
