import type { ReadBase } from '../../domain/candidate.ts';
import type { Finding } from '../../domain/review.ts';
import { commonWords } from '../../text/common-words.ts';
import { placeOf, withoutLine, type Place } from '../../text/finding-key.ts';
import { mapLines } from '../../text/map-lines.ts';
import { overlap } from '../../text/overlap.ts';
import { wordsOf } from '../../text/words.ts';

/** A finding of an attempt, as it was said last. */
export interface KnownFinding {
  readonly id: string;
  readonly finding: Finding;
  /** In which it was said last. */
  readonly round: number;
  /** In the work as it is now; null where it names no line, or its file is gone. */
  readonly place: Place | null;
  /** Its line was changed since it was said last. */
  readonly isChanged: boolean;
  /** What the corrector says to it. */
  readonly answer: string | null;
}

/** The findings of one attempt, from round to round. */
export interface Ledger {
  /** The same, each with its id: what was found before in whatever words keeps the one that it had. */
  named(findings: readonly Finding[]): Finding[];
  /** Null for one that is new. */
  known(id: string): KnownFinding | null;
  /** Takes what a round found; `named` gave the ids. */
  record(round: number, findings: readonly Finding[]): void;
  /** The work has changed. @param notes of whoever changed it */
  moved(before: ReadBase, after: ReadBase, notes: string): Promise<void>;
  /** In the order in which they were found. */
  all(): readonly KnownFinding[];
}

export function createLedger(): Ledger {
  const entries = new Map<string, KnownFinding>();
  let count = 0;
  const fresh = (): string => {
    do count += 1;
    while (entries.has(`F${count}`));
    return `F${count}`;
  };
  return {
    known: (id) => entries.get(id) ?? null,
    all: () => [...entries.values()],

    named(findings) {
      const free = new Map(entries);
      const ids = findings.map(({ id, earlier }) => {
        const named = id ?? idIn(earlier ?? null, free);
        if (named !== null) free.delete(named);
        return named;
      });
      return findings.map((finding, at) => {
        const id = ids[at] ?? likest(finding, free) ?? fresh();
        free.delete(id);
        return { ...finding, id };
      });
    },

    record(round, findings) {
      for (const finding of findings) {
        const { id, location } = finding;
        if (id === undefined) continue;
        const place = placeOf(location);
        entries.set(id, { id, finding, round, place, isChanged: false, answer: null });
      }
    },

    async moved(before, after, notes) {
      for (const entry of [...entries.values()]) {
        const { id, place } = entry;
        const moved = place === null ? null : await movedPlace(place, before, after);
        entries.set(id, {
          ...entry,
          place: moved?.place ?? null,
          isChanged: entry.isChanged || (moved?.isChanged ?? place !== null),
          answer: answerTo(id, notes) ?? entry.answer,
        });
      }
    },
  };
}

async function movedPlace(
  { path, line }: Place,
  before: ReadBase,
  after: ReadBase,
): Promise<{ readonly place: Place; readonly isChanged: boolean } | null> {
  const [was, is] = [await before(path), await after(path)];
  if (was === null || is === null) return null;
  const mapped = mapLines(was, is)(line);
  return mapped && { place: { path, line: mapped.line }, isChanged: mapped.isChanged };
}

function idIn(text: string | null, known: ReadonlyMap<string, unknown>): string | null {
  const names = text?.toUpperCase().match(/\bF[1-9]\d*\b/g) ?? [];
  return names.find((name) => known.has(name)) ?? null;
}

/** The lines of notes that name a finding by its id. */
function answerTo(id: string, notes: string): string | null {
  const name = new RegExp(String.raw`\b${id}\b`, 'i');
  const said = notes.split('\n').filter((line) => name.test(line));
  return said.length === 0 ? null : said.join('\n');
}

/** Lines that are no further apart may be about the same, where the words are alike. */
const nearLines = 3;
const alike = 0.3;
/** Of what names no line, or lines far apart. */
const sameWords = 0.6;

/** The known finding that is most likely the same; null where none is. */
function likest(finding: Finding, known: ReadonlyMap<string, KnownFinding>): string | null {
  let best: { readonly id: string; readonly likeness: number } | null = null;
  for (const entry of known.values()) {
    const likeness = likenessOf(finding, entry);
    if (likeness > (best?.likeness ?? 0)) best = { id: entry.id, likeness };
  }
  return best?.id ?? null;
}

/** 0: it is another one. */
function likenessOf(finding: Finding, { finding: known, place: now }: KnownFinding): number {
  const shared = overlap(wordsIn(finding), wordsIn(known));
  const place = placeOf(finding.location);
  const path = place?.path ?? withoutLine(finding.location);
  if (path !== (now?.path ?? withoutLine(known.location))) return 0;
  const apart = place === null || now === null ? Infinity : Math.abs(place.line - now.line);
  if (apart === 0 && isSame(finding.category, known.category)) return 2 + shared;
  if (apart <= nearLines && shared >= alike) return 1 + shared;
  return shared >= sameWords ? shared : 0;
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function wordsIn({ evidence }: Finding): Set<string> {
  const words = [...wordsOf(evidence).keys()].map((word) => word.toLowerCase());
  return new Set(words.filter((word) => !commonWords.has(word)));
}
