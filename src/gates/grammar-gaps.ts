import type { Grammar } from '../syntax/languages.ts';

interface Gap {
  readonly pattern: RegExp;
  /** What the grammar understands instead; keeps every line where it is. */
  readonly instead: string;
}

const typescript: readonly Gap[] = [
  // import('x').T<A>
  { pattern: /\bimport\s*\(\s*(['"])[^'"\n]*\1\s*(?:,[^()\n]*)?\)/g, instead: 'imported' },
  {
    pattern: /\bglobal(?<!\b(?:class|interface|namespace|module|enum)\s+global)(?=\s*\{)/g,
    instead: 'namespace global',
  },
  { pattern: /\babstract(?=\??\s*[:(])/g, instead: 'abstracted' },
  {
    pattern: /([<,]\s*(?:const\s+)?)(?:in\s+out|in|out)\s+(?=[A-Z_$][\w$]*\s*[,>=e])/g,
    instead: '$1',
  },
  { pattern: /\bexport\s+default\s+function\s*\(/g, instead: 'export default function named(' },
  // { [K in T]? : U }
  { pattern: /(\]\??)\s+(?=:)/g, instead: '$1' },
  { pattern: /\bexport\s+type\s+\*/g, instead: 'export *' },
  // export * from 'a' with { type: 'json' }
  {
    pattern: /(\*\s*(?:as\s+\S+\s+)?from\s*(?:'[^'\n]*'|"[^"\n]*"))\s*with\s*\{[\w\s:,'".$-]*\}/g,
    instead: '$1',
  },
  { pattern: /\baccessor\s+(?=[\w$#['"])/g, instead: 'readonly ' },
  { pattern: /\baccessor(?=\s*[;=}])/g, instead: 'accessors' },
  { pattern: /\bstatic\s+(?=(?:readonly\s+)?\[\s*[\w$]+\s*:)/g, instead: '' },
  // @(a[b])
  { pattern: /@(?=\(\s*[^)\s])/g, instead: '@decorate' },
  { pattern: /\(\s*(?:await\s+)?using\s+(?=(?!of\b)[\w$]+\s+of\b)/g, instead: '(const ' },
  // A name of one's own, where it begins no declaration.
  {
    pattern: /\busing\b(?!\s+(?!(?:in|instanceof|as|satisfies)\b)[A-Za-z_$])/g,
    instead: 'usings',
  },
  { pattern: /\btypeof\s+import\.meta\b/g, instead: 'typeof meta' },
  { pattern: /\bimport\s+(?:defer|source)\s+(?=\*|\w+\s+from)/g, instead: 'import ' },
];

/**
 * Valid constructs that the pinned grammars do not know, found by parsing real projects with them. Each
 * pattern takes time linear in the text, whatever the text.
 */
const gaps: Partial<Record<Grammar, readonly Gap[]>> = {
  typescript,
  tsx: typescript,
  javascript: [
    { pattern: /\baccessor\s+(?=[\w$#['"])/g, instead: 'static ' },
    { pattern: /\bimport\s+(?:defer|source)\s+(?=\*|\w+\s+from)/g, instead: 'import ' },
  ],
  // Defaults of type parameters (Python 3.13).
  python: [{ pattern: /(\b(?:def|class|type)\s+\w+\[[^[\]\n=]*)=\s*(?=[\w'"])/g, instead: '$1:' }],
  rust: [
    { pattern: /\bunsafe\s+extern\b/g, instead: 'extern' },
    { pattern: /\bsafe\s+(?=fn\b|static\b)/g, instead: '' },
    { pattern: /\bgen\s+(?=fn\b|move\b|\{)/g, instead: '' },
  ],
  java: [{ pattern: /^[ \t]*import\s+module\s+/gm, instead: 'import ' }],
};

/** Grammars that refuse so much valid code (macros, newer rules) that a gap table would not do. */
export const weakGrammars: ReadonlySet<Grammar> = new Set([
  'c',
  'cpp',
  'css',
  'swift',
  'c_sharp',
  'dart',
  'solidity',
  'vue',
]);

/** The text with constructs that the grammar does not know replaced by ones it does. */
export function withoutGaps(grammar: Grammar, text: string): string {
  return (gaps[grammar] ?? []).reduce(
    (result, { pattern, instead }) =>
      result.replace(pattern, (match: string, ...groups: unknown[]) => {
        const first = typeof groups[0] === 'string' ? groups[0] : '';
        const lines = match.split('\n').length - 1;
        const replacement = instead.replace('$1', () => first);
        return replacement + '\n'.repeat(Math.max(0, lines - (replacement.split('\n').length - 1)));
      }),
    text,
  );
}
