import type { Capture, Match } from '../syntax/queries.ts';
import type { Declaration } from './queries/language-query.ts';

const kinds = new Map<string, Declaration['kind']>(
  (['function', 'method', 'class', 'type', 'value', 'module', 'scope'] as const).map((kind) => [
    kind,
    kind,
  ]),
);

/** A declaration as a query found it; see `LanguageQuery` for what its captures mean. */
export interface Found {
  readonly kind: Declaration['kind'];
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Where its signature ends. */
  readonly headEnd: number;
  readonly lead: string | null;
  readonly leadStart: number | null;
  readonly owner: string | null;
  readonly target: string | null;
  readonly access: string;
}

/** Values of more than this are not part of a signature; characters. */
const longestValue = 60;

/** In the order of the text, outer ones first, each once. */
export function foundDeclarations(text: string, matches: readonly Match[]): Found[] {
  const best = new Map<string, Found>();
  const marks = accessMarks(text, matches);
  for (const match of matches) {
    const found = declarationIn(text, match);
    if (found === null) continue;
    const key = `${found.start} ${found.name}`;
    const other = best.get(key);
    if (other === undefined || isBetter(found, other)) best.set(key, found);
  }
  const sorted = [...best.values()].sort((a, b) => a.start - b.start || b.end - a.end);
  return marks.length === 0 ? sorted : withAccess(sorted, marks);
}

/** One pattern may know more of a declaration than another: that it is no mere value, or where its body is. */
function isBetter(one: Found, other: Found): boolean {
  if ((one.kind === 'value') !== (other.kind === 'value')) return other.kind === 'value';
  return one.headEnd < other.headEnd || one.end > other.end;
}

function declarationIn(text: string, match: Match): Found | null {
  let node: Capture | undefined;
  let kind: Declaration['kind'] | undefined;
  const by = new Map<string, Capture>();
  for (const capture of match) {
    const known = kinds.get(capture.name);
    if (known === undefined) by.set(capture.name, capture);
    else {
      kind = known;
      node = capture;
    }
  }
  if (kind === undefined || node === undefined) return null;
  const written = (name: string): string | null => {
    const capture = by.get(name);
    return capture === undefined ? null : text.slice(capture.start, capture.end);
  };
  const name = nameOf(kind, written);
  if (name === null) return null;
  const lead = by.get('lead');
  const { start, end } = node;
  return {
    kind,
    name,
    start,
    end: by.get('rest')?.end ?? end,
    headEnd: headEnd(text, end, by),
    lead: lead === undefined ? null : (/^\w+/.exec(text.slice(lead.start, start))?.[0] ?? null),
    leadStart: lead?.start ?? null,
    owner: written('owner'),
    target: written('target'),
    access: '',
  };
}

/** Null for the default export of a name that is declared elsewhere: that is no declaration. */
function nameOf(
  kind: Declaration['kind'],
  written: (name: string) => string | null,
): string | null {
  const name = written('name');
  if (name !== null) return name.replace(/^["']|["']$/g, '');
  if (kind === 'scope') return written('owner');
  return /^[\w$]+$/.test(written('init') ?? written('export') ?? '') ? null : 'default';
}

function headEnd(text: string, end: number, by: ReadonlyMap<string, Capture>): number {
  const body = by.get('body');
  if (body !== undefined) return body.start;
  const upto = by.get('upto');
  if (upto !== undefined) return upto.end;
  const brace = by.get('brace');
  if (brace !== undefined) {
    const at = text.indexOf('{', brace.start);
    return at === -1 || at > end ? end : at;
  }
  const init = by.get('init');
  if (init === undefined) return end;
  const isShort =
    init.end - init.start <= longestValue && !text.slice(init.start, init.end).includes('\n');
  return isShort ? init.end : init.start;
}

interface AccessMark {
  readonly at: number;
  readonly text: string;
}

function accessMarks(text: string, matches: readonly Match[]): AccessMark[] {
  const marks = matches.flatMap((match) =>
    match.flatMap(({ name, start, end }) =>
      name === 'access' ? [{ at: start, text: text.slice(start, end) }] : [],
    ),
  );
  return marks.sort((a, b) => a.at - b.at);
}

/** A mark holds for the members after it, up to the end of the class that it stands in. */
function withAccess(sorted: readonly Found[], marks: readonly AccessMark[]): Found[] {
  const open: { end: number; access: string }[] = [];
  let next = 0;
  return sorted.map((found) => {
    const close = (at: number): void => {
      while ((open.at(-1)?.end ?? Infinity) <= at) open.pop();
    };
    for (; next < marks.length; next += 1) {
      const mark = marks[next];
      if (mark === undefined || mark.at > found.start) break;
      close(mark.at);
      const around = open.at(-1);
      if (around !== undefined) around.access = mark.text;
    }
    close(found.start);
    const access = open.at(-1)?.access ?? '';
    open.push({ end: found.end, access: '' });
    return { ...found, access };
  });
}
