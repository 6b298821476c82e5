import { whole, type Declaration, type LanguageQuery } from './language-query.ts';

/** A function's name stands within as many declarators as its type has stars. */
const functionNamed = (name: string, pointers: string): string => {
  const direct = `(function_declarator declarator: ${name})`;
  const once = `(${pointers} ${direct})`;
  return `[${direct} ${once} (${pointers} ${once})]`;
};

/** Where, besides the file itself, declarations stand that are not a function's own. */
const places = ['preproc_ifdef', 'preproc_if', 'declaration_list'];
const cppPlaces = [...places, 'field_declaration_list', 'template_declaration'];

const declarations = (named: string): string => `
(declaration declarator: (init_declarator declarator: (identifier) @name value: (_) @init)) @value
(declaration declarator: ${named}) @function
`;

const shared = `
(enum_specifier name: (_) @name body: (_) @body) @type
(union_specifier name: (_) @name body: (_) @body) @class
(struct_specifier name: (_) @name body: (_) @body) @class
(type_definition type: (struct_specifier body: (_)) declarator: (type_identifier) @name) @class
(type_definition declarator: (type_identifier) @name) @type
(type_definition declarator: (function_declarator
  declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @type
(preproc_def name: (_) @name value: (_) @init) @value
(preproc_function_def name: (_) @name value: (_) @body) @function
(preproc_include path: (_) @from) @import
`;

const cNamed = functionNamed('(identifier) @name', 'pointer_declarator');
const cQuery = `
(function_definition declarator: ${cNamed} body: (_) @body) @function
`;

const ownName = '[(identifier) (field_identifier) (destructor_name) (operator_name)] @name';
const scope = '[(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]';
const memberName = '[(identifier) (destructor_name) (operator_name)] @name';
const outsideName = `(qualified_identifier scope: ${scope} name: [
  ${memberName}
  (qualified_identifier scope: ${scope} name: ${memberName})
])`;
const cppPointers = '_';
const cppNamed = functionNamed(ownName, cppPointers);
const cppQuery = `
(function_definition declarator: ${cppNamed} body: (_) @body) @function
(function_definition declarator: ${functionNamed(outsideName, cppPointers)} body: (_) @body) @method
(field_declaration declarator: ${functionNamed('(field_identifier) @name', cppPointers)}) @method
(class_specifier name: (_) @name body: (_) @body) @class
(alias_declaration name: (_) @name) @type
(field_declaration_list (access_specifier) @access)
`;

function isExported({ head }: Declaration): boolean {
  return !/^(?:inline |constexpr )*static\b/.test(head);
}

/** Members of a class are its own until it says otherwise; those of a struct are everyone's. */
function isExportedCpp(declaration: Declaration): boolean {
  const { owner, access, head, name } = declaration;
  if (owner === null) return isExported(declaration);
  // What stands outside of its class was declared in it.
  if (head.includes(`::${name}`)) return true;
  return access === '' ? !/^class\b/.test(owner.head) : access.startsWith('public');
}

/** `"read.h"` asks for `read.h`, `<read.h>` for itself with its brackets. */
const importsOf: LanguageQuery['importsOf'] = (_clause, from) => whole(from);

/** Conditional parts and namespaces stand in each other. */
const [depth, cppDepth] = [7, 10];

export const c: LanguageQuery = {
  query: shared + cQuery,
  depth,
  also: [{ query: declarations(cNamed), depth, below: places }],
  isExported,
  importsOf,
};

export const cpp: LanguageQuery = {
  query: shared + cppQuery,
  depth: cppDepth,
  also: [{ query: declarations(cppNamed), depth: cppDepth, below: cppPlaces }],
  isExported: isExportedCpp,
  importsOf,
};
