import type { ImportClause } from '../file-entry.ts';
import type { LanguageQuery } from './language-query.ts';

/** A body follows the signature as its next neighbour. */
const member = (signature: string): string => `
(class_body (method_signature ${signature}) @method . (function_body)? @rest)
(extension_body (method_signature ${signature}) @method . (function_body)? @rest)
(class_body (declaration ${signature}) @method)
`;

const query = `
(class_definition name: (_) @name body: (_) @body) @class
(mixin_declaration (identifier) @name (class_body) @body) @class
(extension_declaration name: (_) @name body: (_) @body) @class
(enum_declaration name: (_) @name body: (_) @body) @type
(type_alias . (type_identifier) @name) @type
(program (function_signature name: (_) @name) @function . (function_body)? @rest)
(program (static_final_declaration_list (static_final_declaration . (identifier) @name . (_) @init) @value))
${[
  '(function_signature name: (_) @name)',
  '(getter_signature name: (_) @name)',
  '(setter_signature name: (_) @name)',
  '(constructor_signature . name: (identifier) @name . parameters: (_))',
  '(constructor_signature . name: (identifier) . name: (identifier) @name)',
  '(factory_constructor_signature (identifier) @name . (formal_parameter_list))',
]
  .map(member)
  .join('')}
[(import_or_export) (part_directive) (part_of_directive)] @import
`;

/** The names after `show`. */
function importsOf(clause: string): ImportClause[] {
  const specifier = /(["'])([^"']+)\1/.exec(clause)?.[2];
  if (specifier === undefined) return [];
  const shown = /\bshow\s+([\w\s,$]+?)(?:\bhide\b|;|$)/.exec(clause)?.[1] ?? '';
  const names = shown.split(',').flatMap((name) => name.trim().match(/^[\w$]+$/) ?? []);
  return [{ specifier, names: [...names] }];
}

export const dart: LanguageQuery = {
  query,
  depth: 5,
  isExported: ({ name, owner }) => !name.startsWith('_') && (owner?.isExported ?? true),
  importsOf,
};
