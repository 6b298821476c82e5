import type { Node } from 'web-tree-sitter';
import { checkerFor } from '../../syntax/languages.ts';
import { withTree } from '../../syntax/tree-sitter.ts';
import { parametersIn, type Declaration, type Parameters } from './declarations.ts';

/** A name that a file defines. */
export interface Definition {
  readonly name: string;
  readonly kind: Declaration['kind'];
  /** As far as the language has such a thing. */
  readonly exported: boolean;
  readonly parameters: Parameters | null;
  readonly line: number;
}

const limitMs = 20_000;

/** The names that a source file defines; null for a language without a grammar. @throws Error on a time limit */
export async function definitionsIn(path: string, text: string): Promise<Definition[] | null> {
  const checker = checkerFor(path);
  const grammar = checker?.kind === 'code' ? checker.grammars[0] : undefined;
  if (grammar === undefined) return null;
  return withTree(grammar, text, limitMs, (root) => {
    const elsewhere = exportedNames(root);
    const found: Definition[] = [];
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
  });
}

function kindOf(node: Node): Definition['kind'] | null {
  if (/^variable_declarator$/.test(node.type))
    return /function/.test(node.childForFieldName('value')?.type ?? '') ? 'callable' : 'value';
  if (/(?:^|_)(?:function|method|constructor)(?:_|$)/.test(node.type)) return 'callable';
  if (/^(?:abstract_)?(?:class|struct|enum|interface|trait|type|record|protocol)_/.test(node.type))
    return /_(?:body|identifier|parameters?|arguments)$/.test(node.type) ? null : 'type';
  return /^(?:const|static|var)_(?:item|spec)$/.test(node.type) ? 'value' : null;
}

function parametersOf(node: Node): Parameters | null {
  const callable = node.type === 'variable_declarator' ? node.childForFieldName('value') : node;
  if (callable?.childForFieldName('parameter')) return { required: 1, most: 1 };
  const list = callable?.childForFieldName('parameters')?.text;
  return list === undefined ? null : parametersIn(list.replace(/^\(|\)$/g, ''));
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
