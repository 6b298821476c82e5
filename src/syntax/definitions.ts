import type { Node } from 'web-tree-sitter';

/** A name that a text defines. */
export interface NamedNode {
  readonly name: string;
  readonly kind: 'callable' | 'type' | 'value';
  /** As far as the language has such a thing. */
  readonly exported: boolean;
  /** As they are written, without the parentheses around them; null for what takes none. */
  readonly parameters: string | null;
  readonly line: number;
}

/** The names that a tree defines, in the order of the text. */
export function definitionsBelow(root: Node): NamedNode[] {
  const elsewhere = exportedNames(root);
  const found: NamedNode[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const name = node.childForFieldName('name');
    const kind = name === null ? null : kindOf(node);
    if (name !== null && kind !== null)
      found.push({
        name: name.text,
        kind,
        exported: isExported(node) || elsewhere.has(name.text),
        parameters: parametersOf(node),
        line: node.startPosition.row + 1,
      });
    for (const child of node.namedChildren.reverse()) if (child !== null) open.push(child);
  }
  return found;
}

function kindOf(node: Node): NamedNode['kind'] | null {
  if (/^variable_declarator$/.test(node.type))
    return /function/.test(node.childForFieldName('value')?.type ?? '') ? 'callable' : 'value';
  if (/(?:^|_)(?:function|method|constructor)(?:_|$)/.test(node.type)) return 'callable';
  if (/^(?:abstract_)?(?:class|struct|enum|interface|trait|type|record|protocol)_/.test(node.type))
    return /_(?:body|identifier|parameters?|arguments)$/.test(node.type) ? null : 'type';
  return /^(?:const|static|var)_(?:item|spec)$/.test(node.type) ? 'value' : null;
}

function parametersOf(node: Node): string | null {
  const callable = node.type === 'variable_declarator' ? node.childForFieldName('value') : node;
  const single = callable?.childForFieldName('parameter');
  if (single) return single.text;
  return callable?.childForFieldName('parameters')?.text.replace(/^\(|\)$/g, '') ?? null;
}

function isExported(node: Node): boolean {
  const outer = node.type === 'variable_declarator' ? node.parent?.parent : node.parent;
  return outer?.type === 'export_statement';
}

/** Names that a list of exports gives, of modules and of CommonJS. */
function exportedNames(root: Node): Set<string> {
  const names = root.descendantsOfType('export_specifier').flatMap((node) => {
    const name = (node?.childForFieldName('alias') ?? node?.childForFieldName('name'))?.text;
    return name === undefined ? [] : [name];
  });
  const { text } = root;
  const whole = /\bmodule\.exports\s*=\s*\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const single = [...text.matchAll(/\b(?:module\.)?exports\.([\w$]+)\s*=/g)].map(
    ([, name]) => name,
  );
  return new Set([
    ...names,
    ...(whole.match(/[\w$]+/g) ?? []),
    ...single.filter((name) => name !== undefined),
  ]);
}
