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
  readonly isCallable: boolean;
}

function symbolsIn(
  text: string,
  found: readonly Found[],
  exports: Exports,
  language: LanguageQuery,
): SourceSymbol[] {
  const lineAt = lineCounter(text);
  const symbols: SourceSymbol[] = [];
  const byName = new Map<string, Declaration>();
  const open: Open[] = [];
  for (const one of found) {
    while ((open.at(-1)?.end ?? Infinity) <= one.start) open.pop();
    const around = open.at(-1);
    if (around?.isCallable === true) continue;
    const placed = one.target === null ? null : (language.placed?.(one.target) ?? null);
    if (one.target !== null && placed === null) continue;
    const ownerName = one.kind === 'scope' ? null : (placed?.owner ?? one.owner);
    const owner =
      ownerName === null ? (around?.declaration ?? null) : ownerNamed(ownerName, byName);
    const kind = kindOf(one.kind, owner);
    if (kind === 'method' && owner === null) continue;
    const name = placed?.name ?? one.name;
    const head = headOf(text, one.start, one.headEnd);
    const declaration = declarationOf({ name, kind, owner, head, found: one, text });
    const isExported =
      placed?.isExported ??
      (owner === null && exports.areComplete
        ? exports.names.has(name)
        : (owner === null && exports.names.has(name)) || language.isExported(declaration));
    const settled = { ...declaration, isExported };
    const isCallable = kind === 'function' || kind === 'method';
    if (kind !== 'value') open.push({ declaration: settled, end: one.end, isCallable });
    if (kind === 'scope') continue;
    if (kind === 'class' || kind === 'type') byName.set(name, settled);
    const lead = one.lead === null ? '' : `${one.lead} `;
    const start = one.start + attributesEnd(text.slice(one.start, one.headEnd));
    symbols.push({
      name,
      kind: kind === 'module' ? 'type' : kind,
      owner: owner?.name ?? null,
      signature: signatureOf(lead + head),
      exported: isExported,
      line: lineAt(start),
      endLine: lineAt(Math.max(start, one.end - 1)),
    });
    if (symbols.length === mostSymbols) break;
  }
  return withAliases(symbols, exports, lineAt);
}

/** A class that another file declares is taken for one that is seen from outside. */
function ownerNamed(name: string, byName: ReadonlyMap<string, Declaration>): Declaration {
  return (
    byName.get(name) ?? {
      name,
      kind: 'class',
      owner: null,
      head: '',
      before: '',
      access: '',
      isExported: true,
    }
  );
}

function kindOf(kind: Found['kind'], owner: Declaration | null): Declaration['kind'] {
  if (kind !== 'function' || owner === null || owner.kind === 'module') return kind;
  return owner.kind === 'value' ? kind : 'method';
}

interface Parts {
  readonly name: string;
  readonly kind: Declaration['kind'];
  readonly owner: Declaration | null;
  readonly head: string;
  readonly found: Found;
  readonly text: string;
}

const longestBefore = 40;

function declarationOf({ name, kind, owner, head, found, text }: Parts): Declaration {
  const start = found.leadStart ?? found.start;
  const before = text.slice(Math.max(0, start - longestBefore), start);
  return { name, kind, owner, head, before, access: found.access, isExported: false };
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
