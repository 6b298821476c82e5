import type { ModelErrorKind } from '../../../domain/model-error.ts';
import { errorKind } from '../provider-error.ts';

/**
 * Programs say what went wrong in words for people, with the status of their own HTTP call somewhere in
 * between. The first that fits counts: what is more telling stands before what is more general.
 */
const words: readonly (readonly [RegExp, ModelErrorKind])[] = [
  [
    /unknown option|unknown argument|unrecognized (option|argument)|unexpected argument|invalid option/i,
    'unavailable',
  ],
  [
    /not logged in|please (run|sign|log)\b.{0,30}(log ?in|sign ?in|auth)|log ?in (again|required)|invalid api key|api key (is )?(not|missing|invalid|expired)|(missing|invalid|incorrect) .{0,20}api key|authentication|unauthori[sz]ed|unauthenticated|token .{0,30}(expired|revoked|invalid)|set an auth method|permission_denied/i,
    'auth',
  ],
  [
    /prompt is too long|input is too long|context (length|window|size)|maximum context|token count .{0,40}exceed|too many (input )?tokens|ran out of room/i,
    'context_too_long',
  ],
  // Before the limits of an account: what ends with the minute is no used-up plan.
  [
    /rate.?limit (reached|exceeded|hit|error)|(requests|tokens) per (min|sec)|per.?minute/i,
    'rate_limit',
  ],
  [
    /(usage|session|weekly|daily|monthly|5-hour|spending|spend|message|plan).limit|(hit|reached) your .{0,20}limit|limit reached|credit balance|out of credits|per.?day\b|insufficient[_ ](quota|credit|balance|funds)|quota (exceeded|exhausted)|exhausted your .{0,30}(quota|capacity)|exceeded your .{0,30}quota|billing/i,
    'quota_exhausted',
  ],
  [/rate.?limit|too many requests|resource.?exhausted/i, 'rate_limit'],
  [
    /output token maximum|max(imum)?_?(output)?_?tokens|response exceeded|(truncated|stopped|incomplete) .{0,40}token limit/i,
    'truncated',
  ],
  [
    /usage polic|content.?(policy|filter)|(blocked|flagged|stopped due to|violat\w+) .{0,60}(safety|polic|recitation|content|information|risk|cyber|language)|prohibited.?content|prohibited_content|block_?list|\bspii\b|invalid_prompt|\brefusal\b|refused to (answer|help|comply)/i,
    'refused',
  ],
  [
    /\bmodel\b.{0,120}(not found|not supported|not exist|unavailable|no access)|issue with the selected model|requested entity was not found/i,
    'unavailable',
  ],
  [
    /overloaded|high demand|no capacity|at capacity|internal server error|service unavailable/i,
    'overloaded',
  ],
  [/timed? ?out|ETIMEDOUT|deadline exceeded/i, 'timeout'],
  [
    /ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|getaddrinfo|fetch failed|stream disconnected|error sending request|(connection|network) .{0,20}(error|refused|reset|closed|failed|lost)|unable to connect/i,
    'network',
  ],
];

const statusWords =
  /(?:\b(?:API Error|status(?: code)?|HTTP(?:\/[\d.]+)?|error code|code)"?[:\s]{1,3}"?)([45]\d\d)\b/i;

/** The kind of an error that is stated in words; null when they say nothing. */
export function kindOfWords(message: string): ModelErrorKind | null {
  return words.find(([pattern]) => pattern.test(message))?.[1] ?? kindOfStatus(message);
}

/** @param given the status that the program gives apart from its words. */
export function kindOfStatus(message: string, given?: number): ModelErrorKind | null {
  const status = given ?? Number(statusWords.exec(message)?.[1] ?? Number.NaN);
  return Number.isNaN(status) ? null : errorKind({ status, message });
}

/** Whether the program did not know one of the options that it was given. */
export function isOptionUnknown(message: string): boolean {
  return words[0]?.[0].test(message) ?? false;
}
