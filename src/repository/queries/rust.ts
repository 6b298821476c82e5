import type { ImportClause } from '../file-entry.ts';
import type { Declaration, LanguageQuery } from './language-query.ts';

const query = `
(function_item name: (identifier) @name body: (_) @body) @function
(function_signature_item name: (identifier) @name) @function
(struct_item name: (_) @name body: (field_declaration_list) @body) @class
(struct_item name: (_) @name) @class
(union_item name: (_) @name body: (_) @body) @class
(enum_item name: (_) @name body: (_) @body) @type
(trait_item name: (_) @name body: (_) @body) @type
(type_item name: (_) @name) @type
(mod_item name: (_) @name body: (_) @body) @module
(const_item name: (_) @name value: (_)? @init) @value
(static_item name: (_) @name value: (_)? @init) @value
(macro_definition name: (_) @name) @brace @function
(impl_item type: [
  (type_identifier) @owner
  (generic_type type: (type_identifier) @owner)
  (scoped_type_identifier name: (type_identifier) @owner)
  (reference_type type: (type_identifier) @owner)
] body: (_) @body) @scope
(source_file (use_declaration) @import)
(block (use_declaration) @import)
(mod_item body: (declaration_list (use_declaration) @import)
  (#not-match? @import "^(pub )?use (super|self)"))
(mod_item !body) @import
(extern_crate_declaration) @import
`;

/** Members of a trait, and those that a type has by one, are seen wherever the trait is. */
function isExported({ head, owner }: Declaration): boolean {
  if (/^pub\b/.test(head)) return true;
  if (/^macro_rules!/.test(head)) return true;
  if (owner?.kind === 'scope') return /\sfor\s/.test(owner.head);
  return owner?.kind === 'type' && owner.isExported;
}

/** `use a::{b, c::d}` asks for b of `a` and d of `a::c`; `mod x;` for `self::x`; a wildcard for no name. */
function importsOf(clause: string): ImportClause[] {
  const plain = clause.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ');
  const module = /^(?:pub(?:\([^)]*\))? )?mod (?:r#)?(\w+) ?;?$/.exec(plain)?.[1];
  if (module !== undefined) return [{ specifier: `self::${module}`, names: [] }];
  const crate = /extern crate (\w+)/.exec(plain)?.[1];
  if (crate !== undefined) return [{ specifier: crate, names: [] }];
  const tree = /\buse (.*?) ?;?$/.exec(plain)?.[1];
  if (tree === undefined) return [];
  const names = new Map<string, string[]>();
  collect(tree.replace(/^::/, ''), [], names);
  return [...names].map(([specifier, taken]) => ({ specifier, names: taken }));
}

/** Deeper trees than people write are cut. */
const deepest = 20;

function collect(tree: string, path: readonly string[], names: Map<string, string[]>): void {
  const opening = tree.indexOf('{');
  if (opening === -1) {
    const [written = ''] = tree.split(' as ');
    const steps = [...path, ...written.split('::').map((step) => step.trim())];
    const last = steps.pop() ?? '';
    const specifier = steps.length === 0 ? last : steps.join('::');
    const taken = names.get(specifier) ?? [];
    if (steps.length > 0 && last !== '*' && last !== 'self') taken.push(last);
    if (specifier !== '') names.set(specifier, taken);
    return;
  }
  const prefix = tree
    .slice(0, opening)
    .split('::')
    .map((step) => step.trim());
  const inner = [...path, ...prefix.filter((step) => step !== '')];
  if (inner.length > deepest) return;
  const closing = tree.lastIndexOf('}');
  for (const branch of branches(tree.slice(opening + 1, closing === -1 ? undefined : closing)))
    collect(branch, inner, names);
}

/** Split at the commas that stand in no inner braces. */
function branches(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= list.length; at += 1) {
    const character = list[at];
    if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if (character === undefined || (character === ',' && depth === 0)) {
      const branch = list.slice(start, at).trim();
      if (branch !== '') found.push(branch);
      start = at + 1;
    }
  }
  return found;
}

export const rust: LanguageQuery = { query, depth: 6, isExported, importsOf };
