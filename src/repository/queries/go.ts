import { whole, type LanguageQuery } from './language-query.ts';

const receiver = `[
  (type_identifier) @owner
  (pointer_type (type_identifier) @owner)
  (generic_type type: (type_identifier) @owner)
  (pointer_type (generic_type type: (type_identifier) @owner))
]`;

const query = `
(function_declaration name: (identifier) @name body: (_)? @body) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: ${receiver}))
  name: (field_identifier) @name body: (_)? @body) @method
(source_file (type_declaration
  (type_spec name: (_) @name type: (struct_type (field_declaration_list) @body)) @class) @lead)
(source_file (type_declaration
  (type_spec name: (_) @name type: (interface_type) @brace) @type) @lead)
(source_file (type_declaration [(type_spec name: (_) @name) (type_alias name: (_) @name)] @type) @lead)
(interface_type (method_elem name: (_) @name) @method)
(source_file (const_declaration (const_spec name: (identifier) @name value: (_)? @init) @value) @lead)
(source_file (var_declaration (var_spec name: (identifier) @name value: (_)? @init) @value) @lead)
(source_file (var_declaration
  (var_spec_list (var_spec name: (identifier) @name value: (_)? @init) @value)) @lead)
(import_spec path: (_) @from) @import
`;

export const go: LanguageQuery = {
  query,
  depth: 3,
  isExported: ({ name }) => /^\p{Lu}/u.test(name),
  importsOf: (_clause, from) => whole(from),
};
