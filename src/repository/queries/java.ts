import type { ImportClause } from '../file-entry.ts';
import type { Declaration, LanguageQuery } from './language-query.ts';

const query = `
(class_declaration name: (_) @name body: (_) @body) @class
(record_declaration name: (_) @name body: (_) @body) @class
(interface_declaration name: (_) @name body: (_) @body) @type
(annotation_type_declaration name: (_) @name body: (_) @body) @type
(enum_declaration name: (_) @name body: (_) @body) @type
(method_declaration name: (_) @name body: (_)? @body) @method
(constructor_declaration name: (_) @name body: (_) @body) @method
(annotation_type_element_declaration name: (_) @name) @method
(import_declaration) @import
`;

function isExported({ head, owner }: Declaration): boolean {
  if (/\bpublic\b/.test(head)) return true;
  return owner !== null && /\binterface\b/.test(owner.head) && !/\bprivate\b/.test(head);
}

/** `import static a.B.c` takes c of `a.B`; `import a.*` asks for `a.*`. */
function importsOf(clause: string): ImportClause[] {
  const plain = clause.replace(/\s+/g, ' ');
  const [, isStatic, path] = /^import (static )?([\w.*]+)/.exec(plain) ?? [];
  if (path === undefined) return [];
  if (isStatic === undefined) return [{ specifier: path, names: [] }];
  const at = path.lastIndexOf('.');
  const name = path.slice(at + 1);
  return [{ specifier: path.slice(0, at), names: name === '*' ? [] : [name] }];
}

export const java: LanguageQuery = { query, depth: 8, isExported, importsOf };
