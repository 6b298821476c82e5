import { isDeepStrictEqual } from 'node:util';
import { formatModelRef, type ModelRef } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { ModelRequest } from '../language-model.ts';
import type { ScriptEntry } from '../providers/scripted-format.ts';
import { asked, type RecordedCall, type RecordedRequest } from './recorded-call.ts';

export type RecordedEntry = ScriptEntry & { readonly recorded: RecordedCall };

const shownCharacters = 100;
const mostShown = 6;

/** The recorded call that is most like a request: for the same purpose, then with the most in common. */
export function nearestEntry(
  entries: readonly RecordedEntry[],
  ref: ModelRef,
  request: ModelRequest,
): RecordedEntry | null {
  const { stage, task, attempt, round } = request.purpose;
  const likeness = ({ when, recorded }: RecordedEntry): number =>
    (when.stage === stage ? 32 : 0) +
    (when.task === task ? 16 : 0) +
    (when.attempt === attempt ? 8 : 0) +
    (when.round === round ? 4 : 0) +
    (recorded.model === formatModelRef(ref) ? 2 : 0) +
    sharedText(recorded.request, request);
  const ranked = entries.map((entry) => ({ entry, likeness: likeness(entry) }));
  const best = ranked.reduce<(typeof ranked)[number] | null>(
    (found, next) => (found === null || next.likeness > found.likeness ? next : found),
    null,
  );
  return best === null ? null : best.entry;
}

/** From 0 to 1: how many of the parts are the same. */
function sharedText(recorded: RecordedRequest | undefined, { parts }: ModelRequest): number {
  const same = parts.filter(({ text }, index) => recorded?.parts[index]?.text === text).length;
  return same / Math.max(parts.length, recorded?.parts.length ?? 0, 1);
}

/** In what a request differs from a recorded one, in words; with the first line that differs of each part. */
export function differences(
  { recorded }: RecordedEntry,
  ref: ModelRef,
  request: ModelRequest,
): string[] {
  const before = recorded.request;
  const now = asked(request);
  const model = formatModelRef(ref);
  const found = recorded.model === model ? [] : [`its model: ${changed(recorded.model, model)}`];
  if (before === undefined) return [...found, 'its words are not kept in the recording'];
  for (const field of ['maxOutputTokens', 'effort', 'salt'] as const)
    if (before[field] !== now[field]) found.push(`${field}: ${changed(before[field], now[field])}`);
  if (before.schema?.name !== now.schema?.name)
    found.push(`its schema: ${changed(before.schema?.name, now.schema?.name)}`);
  // As in the file: what is undefined is not there.
  else if (!isDeepStrictEqual(before.schema, plain(now.schema)))
    found.push(`its schema «${String(now.schema?.name)}» has changed`);
  const length = Math.max(before.parts.length, now.parts.length);
  for (let index = 0; index < length; index++)
    found.push(...partDifference(before.parts[index], now.parts[index], index + 1));
  if (found.length === 0)
    return ['nothing but its hash: the line was edited, or another version of blueprint wrote it'];
  const rest = found.length - mostShown;
  return rest > 0 ? [...found.slice(0, mostShown), `and ${rest} more`] : found;
}

type Part = RecordedRequest['parts'][number];

function partDifference(before: Part | undefined, now: Part | undefined, number: number): string[] {
  if (now === undefined) return [`part ${number} «${before?.name ?? ''}» is missing now`];
  if (before === undefined) return [`part ${number} «${now.name}» is new: ${quoted(now.text)}`];
  const name = `part ${number} «${now.name}»`;
  if (before.role !== now.role) return [`${name}: ${changed(before.role, now.role)}`];
  if (before.text === now.text) return [];
  const [lines, others] = [before.text.split('\n'), now.text.split('\n')];
  const at = others.findIndex((line, index) => line !== lines[index]);
  const line = at === -1 ? others.length : at;
  const [from, to] = differing(lines[line], others[line]);
  return [`${name}, line ${line + 1}: recorded ${from}, now ${to}`];
}

function changed(before: unknown, now: unknown): string {
  const shown = (value: unknown): string => (value === undefined ? 'none' : quoted(String(value)));
  return `recorded ${shown(before)}, now ${shown(now)}`;
}

/** Two lines, each from shortly before the place where they differ. */
function differing(before = noLine, now = noLine): [string, string] {
  let same = 0;
  while (same < now.length && before[same] === now[same]) same++;
  const from = same > shownCharacters / 2 ? same - 20 : 0;
  const shown = (line: string): string =>
    line === noLine ? noLine : quoted(`${from === 0 ? '' : '…'}${line.slice(from)}`);
  return [shown(before), shown(now)];
}

const noLine = 'no such line';

function quoted(text: string): string {
  return `«${toSingleLine(text, shownCharacters)}»`;
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
