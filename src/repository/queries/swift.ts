import { whole, type LanguageQuery } from './language-query.ts';

const query = `
(class_declaration name: (type_identifier) @name body: (_) @body) @class
(class_declaration name: (user_type (type_identifier) @owner) body: (_) @body) @scope
(protocol_declaration name: (_) @name body: (_) @body) @type
(typealias_declaration . name: (type_identifier) @name) @type
(function_declaration name: (simple_identifier) @name) @function @holder
(protocol_function_declaration name: (simple_identifier) @name) @method
(init_declaration "init" @name body: (_)? @body) @method
(source_file (property_declaration
  name: (pattern bound_identifier: (simple_identifier) @name) value: (_)? @init) @value)
(import_declaration (identifier) @from) @import
`;

export const swift: LanguageQuery = {
  query,
  depth: 8,
  isExported: ({ head, owner }) =>
    !/\b(?:private|fileprivate)\b(?!\()/.test(head) && (owner?.isExported ?? true),
  importsOf: (_clause, from) => whole(from),
};
