import type { ErrorFacts } from './provider-error.ts';
import { formatOf, type Question, type Ways } from './ways.ts';

/** Statuses with which servers refuse what they do not know in a request. */
const refusing: ReadonlySet<number> = new Set([400, 415, 422, 500, 501]);
/** Statuses of an address at which there is nothing. */
const nothingThere: ReadonlySet<number> = new Set([404, 405, 501]);

/** Less than this is no room for a reply: the prompt is at fault, not the limit. */
const leastOutput = 256;

/** By so many tokens a server may count the same prompt otherwise a second time. */
const counting = 16;

/** What servers call the parts of a request that not all of them take. */
const names = {
  streamOptions: /stream_options|include_usage/i,
  maxTokens:
    /max_(completion_|output_|new_)?tokens|maxOutputTokens|(completion|output) tokens|in the completion/i,
  format:
    /response_?format|json_?schema|json_?object|json mode|structured[ _]output|output_config|output_format|response_?(json_?)?schema|response_?mime|text\.format|grammar/i,
  effort: /reasoning|effort|thinking|output_config/i,
  cacheMarks: /cache_control|prompt_cache/i,
  system:
    /system_?instruction|developer (instruction|role|message)|(system|developer)['"]? ?(role|message|prompt)|roles?\b.{0,40}(system|developer|alternate)|only user and (assistant|model) roles/i,
} as const;

/** What of a request an error's words are about; null where they name nothing of it. */
export function namedIn(message: string): keyof typeof names | null {
  const found = Object.entries(names).find(([, pattern]) => pattern.test(message));
  return found === undefined ? null : (found[0] as keyof typeof names);
}

/** What a provider's servers have refused in this run. */
export interface Refusals {
  waysOf(model: string): Ways;
  note(model: string, ways: Ways): void;
}

/** @param usual the ways where nothing was refused yet */
export function createRefusals(usual: Ways): Refusals {
  const byModel = new Map<string, Ways>();
  // What is the server's own affair, whichever model answers.
  let shared: Pick<Ways, 'streamOptions' | 'api' | 'below'> = usual;
  return {
    waysOf: (model) => ({
      ...(byModel.get(model) ?? usual),
      streamOptions: shared.streamOptions,
      api: shared.api,
      below: shared.below,
    }),
    note(model, ways) {
      byModel.set(model, ways);
      shared = ways;
    },
  };
}

/** Another way to ask, and whether it holds for further calls too. */
export interface Change {
  readonly ways: Ways;
  readonly lasting: boolean;
}

/**
 * How a server is asked once more that refused something of the request.
 * @returns null where it refused nothing that can be left out or said in another way
 */
export function otherWay(facts: ErrorFacts, ways: Ways, question: Question): Change | null {
  const { status = 0, message } = facts;
  const lasting = (change: Partial<Ways>): Change => ({
    ways: { ...ways, ...change },
    lasting: true,
  });
  // A server that has the older interface alone.
  if (ways.api === 'responses' && isNothingThere(facts)) return lasting({ api: 'chat' });
  if (!refusing.has(status)) return null;
  const { request, prompt } = question;
  const format = formatOf(request, ways);
  if (ways.streamOptions && names.streamOptions.test(message))
    return lasting({ streamOptions: false });
  if (names.maxTokens.test(message)) {
    const change = otherLimit(message, ways, request.maxOutputTokens);
    if (change !== null) return { ways: { ...ways, ...change.ways }, lasting: change.lasting };
  }
  const effort = ways.effort && request.effort !== undefined && names.effort.test(message);
  if (format !== null && names.format.test(message))
    return lasting({
      structured: takesObjects(message) && format === 'json_schema' ? 'json_object' : 'none',
      ...(effort && { effort: false }),
    });
  if (effort) return lasting({ effort: false });
  if (ways.cacheMarks && names.cacheMarks.test(message)) return lasting({ cacheMarks: false });
  if (ways.system && prompt.system.length > 0 && names.system.test(message))
    return lasting({ system: false });
  return null;
}

/** Whether the address of an interface is none of the server's. */
export function isNothingThere({ status = 0 }: ErrorFacts): boolean {
  return nothingThere.has(status);
}

function takesObjects(message: string): boolean {
  return /json_object/i.test(message) && !/json_object['"`]?[^.]{0,30}\b(not|un)/i.test(message);
}

/** @param asked the limit that was sent */
function otherLimit(
  message: string,
  ways: Ways,
  asked: number,
): { readonly ways: Partial<Ways>; readonly lasting: boolean } | null {
  const other = ways.maxTokens === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  const useOther = new RegExp(
    `(use|try|instead|rename).{0,40}\\b${other}\\b|\\b${other}\\b.{0,20}instead`,
    'is',
  );
  if (ways.maxTokens !== 'none' && useOther.test(message))
    return { ways: { maxTokens: other }, lasting: true };
  const room = roomIn(message);
  if (room !== null)
    return room >= leastOutput && room < asked
      ? { ways: { outputLimit: room }, lasting: false }
      : null;
  const limit = limitIn(message, asked);
  if (limit !== null) return { ways: { outputLimit: limit }, lasting: true };
  const unknown =
    /unsupported|not supported|unknown|unrecogni[sz]ed|extra|unexpected|not permitted|not allowed/i;
  return ways.maxTokens !== 'none' && unknown.test(message)
    ? { ways: { maxTokens: 'none' }, lasting: true }
    : null;
}

/** What a context leaves beside this prompt; null where the words are about no context. */
function roomIn(message: string): number | null {
  const context = /context (?:length|window|size)\D{0,20}(\d{3,})/i.exec(message)?.[1];
  const prompt =
    /(\d+) (?:(?:tokens )?(?:in|from) the (?:messages|input|prompt)|(?:input|prompt) tokens)/i.exec(
      message,
    )?.[1];
  return context === undefined || prompt === undefined
    ? null
    : Number(context) - Number(prompt) - counting;
}

/** The largest number below what was asked for is what is allowed. */
function limitIn(message: string, asked: number): number | null {
  const found = [...message.matchAll(/\b(\d+)\b(\s*\(exclusive\))?/g)]
    .map(([, digits, exclusive]) => Number(digits) - (exclusive === undefined ? 0 : 1))
    .filter((number) => number >= leastOutput && number < asked);
  return found.length === 0 ? null : Math.max(...found);
}

/** What a person can write into the config where the program found no way by itself. */
export function adviceFor(message: string, provider: string): string | null {
  const settings = {
    streamOptions: `providers.${provider}.compat.streamOptions to false`,
    maxTokens: `executor.maxOutputTokens lower, or providers.${provider}.compat.maxTokens to max_completion_tokens or none`,
    format: `providers.${provider}.structured to json_object or none`,
    effort: `providers.${provider}.compat.effort to false`,
    cacheMarks: `providers.${provider}.compat.cacheMarks to false`,
    system: `providers.${provider}.compat.system to false`,
  };
  const named = namedIn(message);
  return named === null ? null : `Set ${settings[named]}`;
}
