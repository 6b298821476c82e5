/**
 * The words of a check without what differs from run to run: how long something took, and where and when it
 * ran. Models are told what checks found, and the same work has to make the same prompt. What a test may
 * compare stays: fixed dates, ports and paths, and whatever stands in quotes with them.
 * @param now ms since the epoch
 */
export function steadyText(text: string, now: number): string {
  const isNow = (found: string, unitMs: number | null): boolean => {
    const at = unitMs === null ? Date.parse(found.replace(',', '.')) : Number(found) * unitMs;
    return Math.abs(at - now) <= dayMs;
  };
  const withoutNoise = noise.reduce((left, [pattern, put]) => left.replace(pattern, put), text);
  return times.reduce(
    (left, [pattern, unitMs]) =>
      left.replace(pattern, (found) => (isNow(found, unitMs) ? '<now>' : found)),
    withoutNoise,
  );
}

const dayMs = 86_400_000;

const duration = String.raw`\d+(?:[.,]\d+)?(?: ?(?:[mµun]?s|msecs?|secs?|seconds?|milliseconds?|min(?:utes?)?))\b`;
/** One or several, as `1 m 2 s` and `0m0.12s`. */
const took = String.raw`(?:\d+ ?m ?)?${duration}`;

const expression = (pattern: string, flags = 'g'): RegExp => new RegExp(pattern, flags);

/** What varies, and what is put in its place. */
const noise: readonly (readonly [RegExp, string])[] = [
  // `(12 ms)`, `[0.3s]`: behind the name of a test.
  [expression(String.raw`([([])${took}([)\]])`), '$1…$2'],
  [/\b(duration_ms[ :=]+)\d+(?:\.\d+)?/g, '$1…'],
  [
    expression(
      String.raw`(?<!timed? ?out )\b(in|took|elapsed:?|duration:?|time:?|transform|setup|import|tests|environment|prepare|collect)(\s+)${took}`,
      'gi',
    ),
    '$1$2…',
  ],
  // `ms=5.284`, `time=12ms`
  [
    /\b((?:ms|msecs?|secs?|seconds|time|took|elapsed|duration)=)(?:\d+\.\d+(?:[mµun]?s)?|\d+[mµun]?s)\b/gi,
    '$1…',
  ],
  // What runners put at the end of the lines of their lists.
  [
    expression(
      String.raw`^(\s*(?:[✓✔✗✖✘×√❯]|(?:ok|not ok|PASS|FAIL|real|user|sys)\b).*?\s)${took}\s*$`,
      'gm',
    ),
    '$1…',
  ],
  // From here on systems give ports out by themselves.
  [
    /((?:localhost|\b127\.\d+\.\d+\.\d+|\b0\.0\.0\.0|\[?::1\]?|\bport)[ :=]+)(?:3[3-9]\d{3}|[45]\d{4}|6[0-5]\d{3})\b/gi,
    '$1…',
  ],
  [/\b0x[0-9a-f]{7,16}\b/gi, '0x…'],
  [/\b(pid[ :=]+|process )\d+\b/gi, '$1…'],
  [/\((node|deno|bun):\d+\)/g, '($1:…)'],
  [/==\d+==/g, '==…=='],
  [/\b((?:random(?:ly|ized)?[ -])?seed[ :=]+)\d+/gi, '$1…'],
  // Names that nobody chose, of folders and files below those for temporary ones.
  [
    /((?:\/private)?(?:\/var)?\/tmp|\/var\/folders\/\w\w\/\w+\/T|\\Temp)([\\/])(?=[\w.-]*(?:\d[\w]{3}|[\w]{3}\d|[a-z][A-Z][\w]{3}))[\w.-]+/g,
    '$1$2…',
  ],
  [/(pytest-)\d+(?=\/)/g, '$1…'],
  [/\.git\/blueprint-[0-9a-f]{16}/g, '.git/blueprint-…'],
  [/^(\s*(?:Start at|Started at|\[))(\s*)\d\d:\d\d:\d\d(?:[.,]\d+)?/gim, '$1$2…'],
];

/** Forms of a time, and the ms of its unit where it is a bare number. Those of today vary. */
const times: readonly (readonly [RegExp, number | null])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, null],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:\d{1,2} [A-Z][a-z]{2}|[A-Z][a-z]{2} \d{1,2}) \d{4} \d\d:\d\d:\d\d(?: GMT(?:[+-]\d{4})?)?/g,
    null,
  ],
  [/\b\d{4}-\d\d-\d\d\b/g, null],
  [/\b\d{13}\b/g, 1],
  [/\b\d{10}(?:\.\d+)?\b/g, 1_000],
];
