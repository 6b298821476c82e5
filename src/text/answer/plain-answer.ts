const superscripts = new Map(
  [...'⁰¹²³⁴⁵⁶⁷⁸⁹⁻'].map((sign, at) => [sign, '0123456789-'.charAt(at)]),
);

/**
 * What an answer says, without how it is set: of LaTeX, Markdown and the words before it (`The answer is`,
 * `x =`) only what counts is left. Letters keep their case, as those of units matter.
 */
export function plainAnswer(text: string): string {
  return withoutLead(withoutMarks(boxed(text)))
    .replace(
      /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+/g,
      (signs) => `^${[...signs].map((s) => superscripts.get(s)).join('')}`,
    )
    .replace(/[−–—]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(endMarks, '');
}

/** One that calls out; behind a number, a bracket or a single letter it is a factorial. */
const endMarks = /(?:[.;,\s]|(?<=\p{L}{2})!+(?=[\s.;,]*$))+$/u;

/** What stands in the last `\boxed{…}`; the text itself where there is none. */
function boxed(text: string): string {
  const start = text.lastIndexOf('\\boxed{');
  if (start === -1) return text;
  const from = start + '\\boxed{'.length;
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '{') depth += 1;
    if (sign === '}') depth -= 1;
    if (depth === 0) return text.slice(from, at);
  }
  return text;
}

function withoutMarks(text: string): string {
  return (
    text
      .replace(/\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, '$1/$2')
      .replace(/\\(?:text|textbf|mathrm|mathbf|mathit|operatorname)\s*\{([^{}]*)\}/g, '$1')
      .replace(/\\(?:times|cdot)/g, '*')
      .replace(/\^\{?\s*\\circ\s*\}?/g, '°')
      .replace(/\\(?:left|right|displaystyle|quad)\b/g, ' ')
      .replace(/\\[,;:!\s]/g, ' ')
      .replace(/\\([%$€#&_{}])/g, '$1')
      .replace(/\\[()[\]]/g, ' ')
      .replace(/\^\{([^{}]*)\}/g, '^$1')
      // Dollar signs around a formula, not before an amount.
      .replace(/\$([^$]*)\$/g, '$1')
      .replace(/\*\*|__|`/g, '')
  );
}

function withoutLead(text: string): string {
  return text
    .trim()
    .replace(/^(?:so|thus|hence|therefore),?\s+/i, '')
    .replace(/^(?:the\s+)?(?:final\s+)?answer(?:\s+is|:|\s*=)?:?\s*/i, '')
    .replace(/^[A-Za-z](?:_\w+)?\s*=\s*(?=\S)/, '');
}
