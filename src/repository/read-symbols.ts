import type { Capture, Match } from '../syntax/queries.ts';
import { lineCounter } from '../text/lines.ts';
import type { ImportClause, SourceSymbol } from './file-entry.ts';
import { foundDeclarations, type Found } from './found.ts';
import type { Declaration, ExportedName, LanguageQuery } from './queries/language-query.ts';
import { attributesEnd, headOf, signatureOf } from './signature.ts';

/** Of one file, in the order of its text. */
const mostSymbols = 2_000;
const mostImports = 1_000;

export interface SymbolsAndImports {
  readonly symbols: readonly SourceSymbol[];
  readonly imports: readonly ImportClause[];
}

/** What the matches of a language's query say of a text. */
export function readSymbols(
  text: string,
  matches: readonly Match[],
  language: LanguageQuery,
): SymbolsAndImports {
  const exports = exportsIn(text, matches, language);
  return {
    symbols: symbolsIn(text, foundDeclarations(text, matches), exports, language),
    imports: importsIn(text, matches, language),
  };
}

interface Exports {
  readonly names: ReadonlySet<string>;
  readonly aliases: readonly (ExportedName & { readonly at: number })[];
  /** Nothing else is exported at the top level. */
  readonly areComplete: boolean;
}

function exportsIn(text: string, matches: readonly Match[], language: LanguageQuery): Exports {
  const listed = capturesNamed(matches, 'export').flatMap(({ start, end }) =>
    (language.exportsOf?.(text.slice(start, end)) ?? []).map((one) => ({ ...one, at: start })),
  );
  return {
    names: new Set(listed.map(({ name }) => name)),
    aliases: listed.filter(({ name, as }) => name !== as && as !== 'default'),
    areComplete: language.exportsAreComplete === true && listed.length > 0,
  };
}

function capturesNamed(matches: readonly Match[], name: string): Capture[] {
  return matches.flat().filter((capture) => capture.name === name);
}

interface Open {
  readonly declaration: Declaration;
  readonly end: number;
}

/** What is said by the text so far. */
interface Reading {
  readonly text: string;
  readonly exports: Exports;
  readonly language: LanguageQuery;
  /** The declarations around the place, the innermost last. */
  readonly open: Open[];
  /** Classes and types. */
  readonly byName: Map<string, Declaration>;
}

function symbolsIn(
  text: string,
  found: readonly Found[],
  exports: Exports,
  language: LanguageQuery,
): SourceSymbol[] {
  const lineAt = lineCounter(text);
  const reading: Reading = { text, exports, language, open: [], byName: new Map() };
  const symbols: SourceSymbol[] = [];
  for (const one of found) {
    const declaration = declarationOf(one, reading);
    if (declaration === null) continue;
    const { name, kind } = declaration;
    if (kind !== 'value') reading.open.push({ declaration, end: one.end });
    if (kind === 'class' || kind === 'type') reading.byName.set(name, declaration);
    if (kind === 'scope') continue;
    const start = one.start + attributesEnd(text.slice(one.start, one.headEnd));
    symbols.push({
      name,
      kind: kind === 'module' ? 'type' : kind,
      owner: declaration.owner?.name ?? null,
      signature: signatureOf((one.lead === null ? '' : `${one.lead} `) + declaration.head),
      exported: declaration.isExported,
      line: lineAt(start),
      endLine: lineAt(Math.max(start, one.end - 1)),
    });
    if (symbols.length === mostSymbols) break;
  }
  return withAliases(symbols, exports, lineAt);
}

const longestBefore = 40;

/** Null for what is a function's own, and for members of nothing that has a name. */
function declarationOf(found: Found, reading: Reading): Declaration | null {
  const { text, language, open } = reading;
  while ((open.at(-1)?.end ?? Infinity) <= found.start) open.pop();
  const around = open.at(-1)?.declaration ?? null;
  if (around?.kind === 'function' || around?.kind === 'method') return null;
  const placed = found.target === null ? null : (language.placed?.(found.target) ?? null);
  if (found.target !== null && placed === null) return null;
  const ownerName = found.kind === 'scope' ? null : (placed?.owner ?? found.owner);
  const owner = ownerName === null ? around : ownerNamed(ownerName, reading);
  const kind = kindOf(found.kind, owner);
  if (kind === 'method' && owner === null) return null;
  const start = found.leadStart ?? found.start;
  const declaration: Declaration = {
    name: placed?.name ?? found.name,
    kind,
    owner,
    head: headOf(text, found.start, found.headEnd),
    before: text.slice(Math.max(0, start - longestBefore), start),
    access: found.access,
    isExported: placed?.isExported ?? false,
  };
  return placed === null
    ? { ...declaration, isExported: isSeen(declaration, reading) }
    : declaration;
}

function isSeen(declaration: Declaration, { exports, language }: Reading): boolean {
  const isNamed = declaration.owner === null && exports.names.has(declaration.name);
  if (declaration.owner === null && exports.areComplete) return isNamed;
  return isNamed || language.isExported(declaration);
}

/** A class that another file declares is taken for one that is seen from outside. */
function ownerNamed(name: string, { byName }: Reading): Declaration {
  const elsewhere = { head: '', before: '', access: '', isExported: true } as const;
  return byName.get(name) ?? { name, kind: 'class', owner: null, ...elsewhere };
}

function kindOf(kind: Found['kind'], owner: Declaration | null): Declaration['kind'] {
  if (kind !== 'function' || owner === null || owner.kind === 'module') return kind;
  return 'method';
}

/** What is exported by another name is a symbol by that name, too. */
function withAliases(
  symbols: SourceSymbol[],
  { aliases }: Exports,
  lineAt: (offset: number) => number,
): SourceSymbol[] {
  const added = aliases.flatMap(({ name, as, at }) => {
    const symbol = symbols.find((one) => one.name === name && one.owner === null);
    if (symbol === undefined) return [];
    const line = lineAt(at);
    const signature = `export ${name} as ${as}`;
    return [{ ...symbol, name: as, signature, exported: true, line, endLine: line }];
  });
  if (added.length === 0) return symbols;
  return [...symbols, ...added].sort((a, b) => a.line - b.line).slice(0, mostSymbols);
}

function importsIn(
  text: string,
  matches: readonly Match[],
  language: LanguageQuery,
): ImportClause[] {
  const clauses: { clause: ImportClause; start: number }[] = [];
  for (const match of matches) {
    const clause = match.find(({ name }) => name === 'import');
    if (clause === undefined) continue;
    const from = match.find(({ name }) => name === 'from');
    const { start, end } = clause;
    const specifier = from === undefined ? '' : unquoted(text.slice(from.start, from.end));
    for (const one of language.importsOf(text.slice(start, end), specifier))
      clauses.push({ clause: one, start });
  }
  clauses.sort((a, b) => a.start - b.start);
  return clauses.slice(0, mostImports).map(({ clause }) => clause);
}

function unquoted(literal: string): string {
  return literal.replace(/^["'`]|["'`]$/g, '');
}
