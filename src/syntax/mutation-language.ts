import type { Grammar } from './languages.ts';

/** How a language says what mutants say. */
export interface MutationLanguage {
  readonly yes: string;
  readonly no: string;
  readonly not: (condition: string) => string;
  /** Its compiler refuses a value of another type: what is returned instead has to be of the same. */
  readonly typed: boolean;
  /** What stands for no value where nothing has a type; null where there is no such word. */
  readonly nothing: string | null;
}

const plain = { yes: 'true', no: 'false', not: (condition: string) => `!(${condition})` };
const typed: MutationLanguage = { ...plain, typed: true, nothing: null };
const untyped = (nothing: string): MutationLanguage => ({ ...plain, typed: false, nothing });

const languages: Readonly<Record<Grammar, MutationLanguage | null>> = {
  c: typed,
  cpp: typed,
  c_sharp: { ...typed, nothing: 'default' },
  css: null,
  dart: typed,
  go: typed,
  java: { ...typed, nothing: 'null' },
  javascript: untyped('undefined'),
  php: untyped('null'),
  python: {
    yes: 'True',
    no: 'False',
    not: (condition) => `not (${condition})`,
    typed: false,
    nothing: 'None',
  },
  ruby: untyped('nil'),
  rust: typed,
  solidity: typed,
  swift: typed,
  tsx: untyped('undefined as never'),
  typescript: untyped('undefined as never'),
  vue: null,
};

/** Null for a grammar of no programs, or of programs within something else. */
export function mutationLanguage(grammar: Grammar): MutationLanguage | null {
  return languages[grammar];
}

const zeros: readonly (readonly [RegExp, string])[] = [
  [/^(?:u?int(?:\d+|ptr)?|[iu](?:8|16|32|64|128|size)|byte|short|long|char|rune|size_t)$/, '0'],
  [/^(?:float(?:32|64)?|double|f32|f64)$/, '0.0'],
  [/^bool(?:ean)?$/, 'false'],
  [/^(?:string|String|&(?:'\w+ )?str)$/, '""'],
  [/^Option\b/, 'None'],
  [/^Vec\b/, 'Vec::new()'],
];
const nilInGo = /^(?:\*|\[\]|map\[|chan\b|func\b|error$|any$)/;

/** A value of a type as a language writes it, that holds nothing; null where none is known. */
export function emptyOf(type: string, grammar: Grammar): string | null {
  const name = type.trim();
  if (grammar === 'go' && nilInGo.test(name)) return 'nil';
  if (grammar === 'rust' && name === 'String') return 'String::new()';
  if (grammar === 'cpp' && name !== 'void') return '{}';
  const zero = zeros.find(([pattern]) => pattern.test(name))?.[1];
  if (zero !== undefined) return zero;
  return name === 'void' || name === '' ? null : (languages[grammar]?.nothing ?? null);
}

/** What takes the place of an operator. */
export const otherOperator: ReadonlyMap<string, string> = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['==', '!='],
  ['!=', '=='],
  ['===', '!=='],
  ['!==', '==='],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['//', '*'],
  ['%', '*'],
  ['**', '*'],
  ['<<', '>>'],
  ['>>', '<<'],
  ['&', '|'],
  ['|', '&'],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '||'],
  ['and', 'or'],
  ['or', 'and'],
  ['+=', '-='],
  ['-=', '+='],
  ['*=', '/='],
  ['/=', '*='],
  ['&&=', '||='],
  ['||=', '&&='],
  ['++', '--'],
  ['--', '++'],
]);
