import type { Node } from 'web-tree-sitter';
import type { Grammar } from './languages.ts';
import { branchesOf } from './mutation-branches.ts';
import { pointAt, type MutationPoint } from './mutation-point.ts';
import { mutationLanguage, otherOperator, type MutationLanguage } from './mutation-language.ts';

/** The changes that could be made to a program, in the order of its text. */
export function mutationPoints(root: Node, grammar: Grammar): MutationPoint[] {
  const language = mutationLanguage(grammar);
  if (language === null) return [];
  const found: MutationPoint[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.isError || node.isMissing || passedOver.test(node.type) || isForReaders(node))
      continue;
    found.push(...branchesOf(node, grammar, language, found.length));
    const constant = constantOf(node, language);
    if (constant !== null) {
      if (constant !== node.text) found.push(pointAt(node, constant, 'constant'));
      continue;
    }
    const operator = operatorOf(node);
    if (operator !== null) found.push(pointAt(node, operator, 'operator'));
    for (const child of node.children.reverse()) if (child !== null) open.push(child);
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Says nothing of what a program does, or nothing that a test should hold: types, names, words of errors. */
const passedOver =
  /comment|^import|^library_import$|^use_|^using_directive|^namespace_use|^package_|^preproc_(?:include|def|function_def|call)|^pragma|^attribute_(?:item|list)|annotation|^decorator$|^type_(?!assertion)|_type$|^type$|^interface_|type_arguments|type_parameters|template_parameter|^throw_|^raise_|^echo_|^assert_/;

const called = /call|^macro_invocation$|invocation|^new_|creation/;
const writes =
  /^(?:(?:this|self)\.)?_?(?:console|log(?:ger|ging)?|LOG(?:GER)?|Log|slog|tracing|System\.(?:out|err)|process\.std(?:out|err)|fmt\.F?Print\w*|errors\.New|fmt\.Errorf)\b|^(?:e?print(?:ln|f)?|f?printf|puts|warn(?:ing)?|debug|trace|info|var_dump|panic|unreachable|todo|unimplemented|Err|fail|raise)!?$|(?:Error|Exception)$/;

/** What only a person reads, as a log or the words of an error; what another file brings; a test beside the code. */
function isForReaders(node: Node): boolean {
  if (node.type === 'mod_item' || node.type === 'function_item') return isRustTest(node);
  if (!called.test(node.type)) return false;
  const head = node.text.slice(0, 200);
  if (/^require(?:_relative)?\s*\(?\s*['"]/.test(head)) return true;
  const name = /^(?:new\s+)?[\w$.:]+!?/.exec(head)?.[0].replace(/^new\s+/, '') ?? '';
  return writes.test(name);
}

function isRustTest(node: Node): boolean {
  let above = node.previousNamedSibling;
  for (; above?.type === 'attribute_item'; above = above.previousNamedSibling)
    if (/^#\[(?:cfg\(test\)|(?:\w+::)*test\b)/.test(above.text)) return true;
  return false;
}

const numbers =
  /^(?:number|integer|float|(?:(?:decimal_)?integer|int|float|decimal_floating_point|number|real)_literal)$/;
const booleans = /^(?:true|false|boolean|boolean_literal)$/;
const strings =
  /^(?:string|(?:interpreted_|raw_|line_|verbatim_)?string_literal|template_string|encapsed_string)$/;
const filled = /substitution|interpolation|interpolated|template_(?!string)|variable/;
/** So many words are said to a person. */
const sentence = /\S\s+\S+\s+\S+\s+\S/;

/** What a constant becomes, its own text where it is to stay; null for what is none. */
function constantOf(node: Node, { yes, no }: MutationLanguage): string | null {
  const { type, text, parent } = node;
  if (numbers.test(type)) return parent?.type === 'field_expression' ? text : otherNumber(text);
  if (booleans.test(type) && node.isNamed) return text === yes ? no : text === no ? yes : text;
  if (!strings.test(type)) return null;
  if (node.namedChildren.some((child) => child !== null && filled.test(child.type))) return null;
  // A docstring or a directive; a key, which is a name.
  if (parent?.type === 'expression_statement' || parent?.type === 'jsx_attribute') return text;
  if (parent?.childForFieldName('key')?.id === node.id) return text;
  return sentence.test(text) ? text : otherString(text);
}

function otherNumber(text: string): string {
  const [, whole = '', rest = ''] = /^(\d[\d_]*)(.*)$/s.exec(text) ?? [];
  const value = Number(whole.replaceAll('_', ''));
  // Hexadecimal, octal, or so large that one more is the same.
  if (whole === '' || /^[xXbBoO]/.test(rest) || /^0\d/.test(whole)) return text;
  return Number.isSafeInteger(value + 1) ? `${value + 1}${rest}` : text;
}

function otherString(text: string): string {
  const [, before = '', quote = '', content = ''] =
    /^([a-zA-Z@#]*)("""|'''|"|'|`)(.*)\2#?$/s.exec(text) ?? [];
  if (quote === '' || before.includes('#')) return text;
  return `${before}${quote}${content === '' ? 'mutant' : ''}${quote}`;
}

const holder =
  /expression|operator$|^binary$|comparison|assignment|^(?:inc|dec)_statement$|relational|equality/;
const notHolder =
  /unary|prefix|pointer|reference|template|type|pattern|parameter|arrow|spread|splat|jsx|yield|range/;

/** What an operator between two values becomes; null for what is none. */
function operatorOf(node: Node): string | null {
  const { parent, childCount } = node;
  if (childCount > 0 || parent === null) return null;
  if (!holder.test(parent.type) || notHolder.test(parent.type)) return null;
  const other = otherOperator.get(node.text);
  if (other === undefined) return null;
  const above = parent.childCount === 1 ? (parent.parent ?? parent) : parent;
  // Two texts can be joined, and not taken from one another.
  const isJoining = /^\+=?$/.test(node.text) && above.namedChildren.some(isText);
  return isJoining ? null : other;
}

function isText(node: Node | null): boolean {
  return node !== null && (strings.test(node.type) || /^[fF]?["'`]/.test(node.text));
}
