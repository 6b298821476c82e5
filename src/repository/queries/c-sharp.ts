import { whole, type Declaration, type LanguageQuery } from './language-query.ts';

const query = `
(class_declaration name: (_) @name body: (_)? @body) @class
(struct_declaration name: (_) @name body: (_)? @body) @class
(record_declaration name: (_) @name body: (_)? @body) @class
(interface_declaration name: (_) @name body: (_) @body) @type
(enum_declaration name: (_) @name body: (_) @body) @type
(delegate_declaration name: (_) @name) @type
(method_declaration name: (_) @name body: (_)? @body) @method
(constructor_declaration name: (_) @name body: (_)? @body) @method
(property_declaration name: (_) @name accessors: (_)? @body) @value
(using_directive) @import
`;

/** Without a word for it, types are seen in their assembly, and members in their type alone. */
function isExported({ head, owner }: Declaration): boolean {
  if (/\bprivate\b/.test(head)) return false;
  if (owner === null || /\binterface\b/.test(owner.head)) return true;
  return /\b(?:public|internal|protected)\b/.test(head);
}

export const cSharp: LanguageQuery = {
  query,
  // Classes in classes in namespaces.
  depth: 8,
  isExported,
  importsOf: (clause) =>
    whole(/\busing\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global::)?([\w.]+)/.exec(clause)?.[1] ?? ''),
};
