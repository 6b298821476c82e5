import type { FinishReason } from '../language-model.ts';

/** How a reply ended; `broken` where the server gave up, though it did not say so as an error. */
export type ReplyEnd = FinishReason | 'broken';

/**
 * The words of all vendors and servers for an end, as `normalised` spells them. A reply is taken as whole
 * for the words of the first row alone.
 */
const words: Readonly<Record<Exclude<ReplyEnd, 'other'>, string>> = {
  stop: 'stop stopped stop_sequence stop_string stop_token stop_word end end_turn end_of_turn end_of_text end_of_sequence eos eos_found eos_token complete completed finish finished done success normal',
  length: 'length model_length not_finished pause_turn unfinished incomplete truncated',
  refusal:
    'refusal content_filter safety recitation language blocklist prohibited_content spii image_safety model_armor',
  broken:
    'error failed failure aborted abort cancelled canceled interrupted timeout timed_out insufficient_system_resource overloaded',
};

/** What the parts of a word say where the word itself is none of those; the first that fits decides. */
const parts: readonly (readonly [RegExp, ReplyEnd])[] = [
  [
    /^(?:refus|block|prohibit|filter|safety|unsafe|recit|polic|moderat|guardrail|violat|sensitive|harm|toxic|copyright)/,
    'refusal',
  ],
  [
    /^(?:max|maximum|length|limit|exceeded|truncat|incomplete|cut|partial|overflow|pause)/,
    'length',
  ],
  [/^(?:error|fail|abort|cancel|interrupt|timeout|overload|disconnect|shutdown)/, 'broken'],
];

const ends: ReadonlyMap<string, ReplyEnd> = new Map(
  Object.entries(words).flatMap(([end, spellings]) =>
    spellings.split(' ').map((word): [string, ReplyEnd] => [word, end as ReplyEnd]),
  ),
);

/**
 * A vendor's word for the end of a reply, in ours, whatever its vendor and spelling: `MAX_TOKENS`,
 * `maxTokens` and `max_tokens` are one. `other` for a word that nobody knows, and for none.
 */
export function replyEnd(raw: string | null): ReplyEnd {
  const word = normalised(raw ?? '');
  const known = ends.get(word);
  if (known !== undefined) return known;
  const pieces = word.split('_');
  return parts.find(([pattern]) => pieces.some((piece) => pattern.test(piece)))?.[1] ?? 'other';
}

function normalised(raw: string): string {
  return raw
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?:finish|stop)_reason_/, '');
}
