import { whole, type Declaration, type LanguageQuery } from './language-query.ts';

const query = `
(module name: (_) @name @upto) @module
(class name: (_) @name @upto superclass: (_)? @upto) @class
(method name: (_) @name @upto parameters: (_)? @upto) @function
(singleton_method name: (_) @name @upto parameters: (_)? @upto) @function
(program (assignment left: (constant) @name right: (_) @init) @value)
(body_statement (assignment left: (constant) @name right: (_) @init) @value)
(body_statement (identifier) @access (#any-of? @access "private" "protected" "public"))
(call !receiver method: (identifier) @callee arguments: (argument_list . (string) @from .)
  (#any-of? @callee "require" "require_relative" "load")) @import
`;

function isExported({ access, before, name }: Declaration): boolean {
  if (/\b(?:private|protected)(?:_class_method)?[ (]*$/.test(before)) return false;
  return name === 'initialize' || !/^(?:private|protected)$/.test(access);
}

export const ruby: LanguageQuery = {
  query,
  // Two nodes for each module or class around.
  depth: 12,
  isExported,
  /** A path from the file's own folder begins with a dot. */
  importsOf: (clause, from) =>
    whole(clause.startsWith('require_relative') && !from.startsWith('.') ? `./${from}` : from),
};
