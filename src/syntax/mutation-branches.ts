import type { Node } from 'web-tree-sitter';
import type { Grammar } from './languages.ts';
import { emptyOf, type MutationLanguage } from './mutation-language.ts';
import { pointAt, type MutationPoint } from './mutation-point.ts';

/**
 * Where a program goes another way: a condition is forced or turned around, what is returned is nothing.
 * @param turn by which neighbours are changed in different ways
 */
export function branchesOf(
  node: Node,
  grammar: Grammar,
  language: MutationLanguage,
  turn: number,
): MutationPoint[] {
  const condition = conditionOf(node);
  if (condition !== null) return conditionPoints(node, condition, language, turn);
  const value = returnedBy(node);
  if (value === null) return [];
  const empty = language.typed ? emptyOf(resultType(node) ?? '', grammar) : language.nothing;
  // Constants have changes of their own.
  if (empty === null || value.text === empty || nothing.test(value.text)) return [];
  return [pointAt(value, empty, 'branch')];
}

const nothing =
  /^(?:None|null|nil|undefined|\{\}|0(?:\.0)?|""|''|\[\]|[Tt]rue|[Ff]alse|nullptr|NULL)$/;

const branching =
  /^(?:if|elif|elsif|unless|while|until|do|ternary|conditional)(?:_(?:statement|expression|clause|modifier))?$/;
const looping = /^(?:while|until|do)/;
const wrapped = /^(?:parenthesized_expression|condition_clause)$/;

function conditionOf(node: Node): Node | null {
  if (!node.isNamed || !branching.test(node.type)) return null;
  const named = node.childForFieldName('condition');
  // Python writes it between the two values.
  const found = named ?? (node.type === 'conditional_expression' ? node.namedChild(1) : null);
  if (found === null || /\blet\b|\bcase\b|:=/.test(found.text)) return null;
  return /^\(?(?:true|false|True|False|1|0)\)?$/.test(found.text) ? null : found;
}

function conditionPoints(
  node: Node,
  condition: Node,
  { yes, no, not, typed }: MutationLanguage,
  turn: number,
): MutationPoint[] {
  const isWrapped = wrapped.test(condition.type);
  const put = (text: string): string => (isWrapped ? `(${text})` : text);
  const bare = isWrapped ? condition.text.replace(/^\(([^]*)\)$/, '$1') : condition.text;
  const turned = put(not(bare));
  // A loop whose condition always holds says nothing but that it comes to no end.
  if (looping.test(node.type)) return [pointAt(condition, typed ? turned : put(no), 'branch')];
  if (typed) return [pointAt(condition, turned, 'branch')];
  const forced = [put(turn % 2 === 0 ? yes : no), put(turn % 2 === 0 ? no : yes)];
  return [turned, ...forced].map((to, at) => pointAt(condition, to, 'branch', at > 0));
}

const returning = /^return(?:_statement|_expression)?$/;
const arrow = /^arrow_function$/;

/** The value that a return gives, or the last expression of a function where that is what it gives. */
function returnedBy(node: Node): Node | null {
  if (!node.isNamed) return null;
  if (returning.test(node.type)) {
    const values = named(node);
    const [first] = values;
    const list = first !== undefined && /_list$/.test(first.type) ? named(first) : values;
    return list.length === 1 ? (list[0] ?? null) : null;
  }
  if (arrow.test(node.type)) {
    const body = node.childForFieldName('body');
    return body === null || /_block$/.test(body.type) ? null : body;
  }
  if (node.type !== 'function_item') return null;
  const body = node.childForFieldName('body');
  const last = body === null ? undefined : named(body).at(-1);
  return last === undefined || /statement|declaration|_item$/.test(last.type) ? null : last;
}

function named(node: Node): Node[] {
  return node.namedChildren.filter(
    (child): child is Node => child !== null && !/comment/.test(child.type),
  );
}

/** As it is written, of the function around a node; null where it is not. */
function resultType(node: Node): string | null {
  let around: Node | null = node;
  while (around !== null && !/function|method|lambda|closure|func_literal/.test(around.type))
    around = around.parent;
  if (around === null || /lambda|closure/.test(around.type)) return null;
  const written = ['result', 'return_type', 'returns', 'type']
    .map((field) => around.childForFieldName(field))
    .find((found) => found !== null);
  return written?.text ?? null;
}
