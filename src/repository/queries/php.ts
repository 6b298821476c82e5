import type { ImportClause } from '../file-entry.ts';
import { whole, type LanguageQuery } from './language-query.ts';

const query = `
(class_declaration name: (_) @name body: (_) @body) @class
(trait_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @type
(enum_declaration name: (_) @name body: (_) @body) @type
(method_declaration name: (_) @name body: (_)? @body) @method
(function_definition name: (_) @name body: (_) @body) @function
(const_declaration (const_element . (name) @name . (_) @init) @value) @lead
(namespace_use_declaration) @import
[(include_expression) (include_once_expression) (require_expression) (require_once_expression)] @import
`;

function importsOf(clause: string): ImportClause[] {
  return clause.startsWith('use') ? usedNames(clause) : required(clause);
}

/** `use A\{B, C as D}` asks for `A\B` and `A\C`. */
function usedNames(clause: string): ImportClause[] {
  const plain = clause.replace(/\s+/g, ' ').replace(/^use (?:function |const )?/, '');
  const [, prefix = '', group] = /^([^{;]*)(?:\{([^}]*)\})?/.exec(plain) ?? [];
  const names =
    group === undefined ? prefix.split(',') : group.split(',').map((one) => prefix + one.trim());
  return names.flatMap((name) =>
    whole(
      name
        .trim()
        .replace(/ as .*$/, '')
        .replace(/^\\/, ''),
    ),
  );
}

/** A path from the file's own folder begins with `./`. */
function required(clause: string): ImportClause[] {
  const literal = /(["'])([^"'$]+)\1/.exec(clause)?.[2];
  if (literal === undefined) return [];
  const isOwn = /__DIR__|dirname\s*\(\s*__FILE__\s*\)/.test(clause);
  return whole(isOwn ? `./${literal.replace(/^\/+/, '')}` : literal);
}

export const php: LanguageQuery = {
  query,
  depth: 8,
  isExported: ({ head }) => !/^(?:\w+ )*(?:private|protected) /.test(head),
  importsOf,
};
