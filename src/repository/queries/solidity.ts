import type { ImportClause } from '../file-entry.ts';
import type { Declaration, LanguageQuery } from './language-query.ts';

const query = `
(contract_declaration name: (_) @name body: (_) @body) @class
(library_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @type
(struct_declaration name: (_) @name body: (_) @body) @type
(enum_declaration name: (_) @name body: (_) @body) @type
(event_definition name: (_) @name) @type
(error_declaration name: (_) @name) @type
(modifier_definition name: (_) @name body: (_)? @body) @method
(constructor_definition "constructor" @name body: (_) @body) @method
(function_definition name: (_) @name body: (_)? @body) @function
(state_variable_declaration name: (_) @name) @value
(import_directive source: (_) @from) @import
`;

/** State is a contract's own unless it is public, all else is seen unless it says otherwise. */
function isExported({ head, kind, owner }: Declaration): boolean {
  if (owner !== null && kind === 'value') return /\bpublic\b/.test(head);
  return !/\b(?:private|internal)\b/.test(head);
}

function importsOf(clause: string, from: string): ImportClause[] {
  const listed = /\{([^}]*)\}/.exec(clause)?.[1] ?? '';
  const names = listed.split(',').flatMap((name) => /^\s*(\w+)/.exec(name)?.[1] ?? []);
  return from === '' ? [] : [{ specifier: from, names }];
}

export const solidity: LanguageQuery = { query, depth: 4, isExported, importsOf };
