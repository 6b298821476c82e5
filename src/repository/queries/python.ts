import type { ImportClause } from '../file-entry.ts';
import type { Declaration, LanguageQuery } from './language-query.ts';

const query = `
(function_definition name: (identifier) @name body: (_) @body) @function
(class_definition name: (identifier) @name body: (_) @body) @class
(module (expression_statement (assignment left: (identifier) @name right: (_)? @init) @value)
  (#not-eq? @name "__all__"))
(module (type_alias_statement left: (type (identifier) @name)) @type)
(import_statement) @import
(import_from_statement) @import
(module (expression_statement (assignment left: (identifier) @callee right: [(list) (tuple)])
  (#eq? @callee "__all__")) @export)
(module (expression_statement (augmented_assignment left: (identifier) @callee
  right: [(list) (tuple)]) (#eq? @callee "__all__")) @export)
`;

function isExported({ name, owner }: Declaration): boolean {
  if (owner !== null) return owner.isExported && (!name.startsWith('_') || name === '__init__');
  return !name.startsWith('_');
}

/** `import a.b as c, d` has a clause for each; `from ..a import b as c` one with its names. */
function importsOf(clause: string): ImportClause[] {
  const plain = clause.replace(/#[^\n]*/g, '').replace(/[\s\\]+/g, ' ');
  const from = /^from (\.*(?: ?\.)* ?[\w.]*) ?import (.*)$/u.exec(plain);
  if (from === null)
    return listed(plain.replace(/^import /, '')).map((specifier) => ({ specifier, names: [] }));
  const [, module = '', names = ''] = from;
  return [{ specifier: module.replaceAll(' ', ''), names: listed(names.replace(/[()]/g, '')) }];
}

function listed(names: string): string[] {
  return names
    .split(',')
    .map((name) => name.trim().replace(/ as .*$/, ''))
    .filter((name) => name !== '' && name !== '*');
}

export const python: LanguageQuery = {
  query,
  depth: 8,
  isExported,
  importsOf,
  exportsOf: (statement) =>
    [...statement.matchAll(/['"](\w+)['"]/g)].map(([, name = '']) => ({ name, as: name })),
  exportsAreComplete: true,
};
