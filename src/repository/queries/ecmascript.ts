import type { ImportClause } from '../file-entry.ts';
import type { Declaration, ExportedName, LanguageQuery, PlacedName } from './language-query.ts';

/** Where declarations and members stand; a text with errors may have no other root than the error. */
const places = ['ERROR', 'export_statement', 'class_body'];
const typedPlaces = [...places, 'ambient_declaration', 'interface_body', 'expression_statement'];

const common = `
(function_declaration name: (identifier) @name body: (_) @body) @function
(generator_function_declaration name: (identifier) @name body: (_) @body) @function
(class_declaration name: (_) @name body: (_) @body) @class
(lexical_declaration (variable_declarator name: (identifier) @name
  value: [(arrow_function) (function_expression) (generator_function)] @holder) @function) @lead
(lexical_declaration (variable_declarator name: (identifier) @name value: (class) @holder) @class) @lead
(lexical_declaration (variable_declarator name: (identifier) @name value: (_)? @init) @value) @lead
(variable_declaration (variable_declarator name: (identifier) @name
  value: [(arrow_function) (function_expression)] @holder) @function) @lead
(variable_declaration (variable_declarator name: (identifier) @name value: (_)? @init) @value) @lead
(method_definition
  name: [(property_identifier) (private_property_identifier)] @name body: (_) @body) @method
`;

const modules = `
(import_statement source: (string) @from) @import
(export_statement source: (string) @from) @import
(export_statement (export_clause)) @export
(export_statement value: [(identifier) @export (_) @init]) @value
(export_statement value: [(arrow_function) (function_expression)] @holder) @function
(export_statement value: (class) @holder) @class
`;

const typedModules = `
(import_require_clause source: (string) @from) @import
(export_statement "=" (identifier) @export)
`;

const assigned = `
(expression_statement (assignment_expression
  left: (member_expression) right: [(object) (identifier)]) @export)
(expression_statement (assignment_expression
  left: (member_expression property: (property_identifier) @name) @target
  right: [(arrow_function) (function_expression)] @holder) @function)
`;

const typed = `
(abstract_class_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @type
(enum_declaration name: (_) @name body: (_) @body) @type
(type_alias_declaration name: (_) @name) @type
(function_signature name: (_) @name) @function
(internal_module name: (_) @name body: (_) @body) @module
(module name: (_) @name body: (_) @body) @module
(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  value: (arrow_function) @holder) @method
(abstract_method_signature name: (property_identifier) @name) @method
(method_signature name: (property_identifier) @name) @method
`;

const namespaced = `
(module body: (statement_block (function_signature name: (_) @name) @function))
(internal_module body: (statement_block (function_declaration name: (_) @name body: (_) @body) @function))
`;

const plainFields = `
(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: (arrow_function) @holder) @method
`;

/** These stand anywhere. */
const calls = `
(call_expression function: (import) arguments: (arguments . (string) @from)) @import
(call_expression function: (identifier) @callee arguments: (arguments . (string) @from .)
  (#eq? @callee "require")) @import
`;

function isExported({ name, owner, head, before }: Declaration): boolean {
  if (name === 'default') return true;
  if (owner === null || owner.kind === 'module') {
    // What is declared of a module from outside is what that module has.
    if (owner !== null && /^module\s+["']/.test(owner.head)) return true;
    return /(?:^|\s)export\s+(?:default\s+)?(?:declare\s+)?$/.test(before);
  }
  return owner.isExported && !/^[#_]/.test(name) && !/^(?:\w+ )*(?:private|protected) /.test(head);
}

function importsOf(clause: string, from: string): ImportClause[] {
  if (from === '') return [];
  return [{ specifier: from, names: namesOf(withoutComments(clause)) }];
}

/** Of a clause or list without strings of more than a path. */
function withoutComments(clause: string): string {
  return clause.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/[^\n]*/g, '$1');
}

/** `default` for what is taken without braces. */
function namesOf(clause: string): string[] {
  const head =
    /^\s*(?:import|export)\b(?:\s+type\b(?!\s*(?:,|from\b)))?([^'"]*?)(?:\bfrom\s*)?['"]/.exec(
      clause,
    )?.[1];
  if (head === undefined || head.startsWith('(')) return [];
  const listed = /\{([^}]*)\}/.exec(head)?.[1] ?? '';
  const names = listed.split(',').flatMap((one) => {
    const name = /^\s*(?:type\s+)?([\w$]+)/.exec(one)?.[1];
    return name === undefined ? [] : [name];
  });
  const isDefault = /^\s*[\w$]+\s*(?:,|$)/.test(head);
  return isDefault ? ['default', ...names] : names;
}

/** `export { a as b }`, the names of `export default a`, `module.exports = { a, b: c }`, `exports.b = a`. */
function exportsOf(written: string): ExportedName[] {
  const statement = withoutComments(written);
  if (/^[\w$]+$/.test(statement)) return [{ name: statement, as: statement }];
  const listed = /^export\b[^{]*\{([^}]*)\}\s*(from\b)?/.exec(statement);
  if (listed !== null) return listed[2] === undefined ? pairs(listed[1] ?? '', /\s+as\s+/, 0) : [];
  const assigned = /^(?:module\.)?exports(?:\.([\w$]+))?\s*=\s*([\s\S]*)$/.exec(statement);
  if (assigned === null) return [];
  const [, as, value = ''] = assigned;
  if (value.startsWith('{')) return as === undefined ? pairs(value.slice(1, -1), /\s*:\s*/, 1) : [];
  return [{ name: value, as: as ?? value }];
}

/** @param at the place of the name within its pair */
function pairs(list: string, separator: RegExp, at: 0 | 1): ExportedName[] {
  return list.split(',').flatMap((entry) => {
    const [first = '', second = first] = entry
      .trim()
      .replace(/^type\s+/, '')
      .split(separator);
    const [name, as] = at === 0 ? [first, second] : [second, first];
    return /^[\w$]+$/.test(name) && /^[\w$]+$/.test(as) ? [{ name, as }] : [];
  });
}

/** `exports.read = function`, `Reader.prototype.read = function`. */
function placed(target: string): PlacedName | null {
  const exported = /^(?:module\.)?exports(?:\.([\w$]+))?$/.exec(target);
  if (exported !== null) return { name: exported[1] ?? 'default', owner: null, isExported: true };
  const [, owner, name] = /^([\w$]+)\.prototype\.([\w$]+)$/.exec(target) ?? [];
  return owner === undefined || name === undefined ? null : { name, owner, isExported: true };
}

/** A member of a class that is exported from a namespace stands so deep. */
const depth = 5;
const shared = { depth, isExported, importsOf, exportsOf, placed };
const sometimes = [
  { query: assigned, depth, below: ['ERROR'], when: /\bexports\b|\.prototype\./ },
  { query: calls, when: /\b(?:import|require)\s*\(/ },
];

export const javascript: LanguageQuery = {
  ...shared,
  query: modules,
  also: [{ query: common + plainFields, depth, below: places }, ...sometimes],
};

export const typescript: LanguageQuery = {
  ...shared,
  query: modules + typedModules,
  also: [
    { query: common + typed, depth, below: typedPlaces },
    { query: namespaced, depth, when: /\b(?:namespace|module)\b/ },
    ...sometimes,
  ],
};
