import { expect, test } from 'vitest';
import { replyEnd } from '../../../src/models/providers/finish-reason.ts';

test.each([
  ['stop', ['stop', 'STOP', 'end_turn', 'endTurn', 'stop_sequence', 'completed', 'COMPLETE']],
  ['stop', ['eos', 'eos_token', 'FINISH_REASON_STOP', 'stop-sequence', 'End Turn', 'finished']],
  ['length', ['length', 'max_tokens', 'MAX_TOKENS', 'model_length', 'max_output_tokens']],
  ['length', ['incomplete', 'model_context_window_exceeded', 'pause_turn', 'maxTokens', 'LENGTH']],
  ['length', ['max_completion_tokens', 'token_limit', 'not_finished', 'truncated', 'MaxLength']],
  ['length', ['max_new_tokens', 'output_limit_reached', 'ERROR_LIMIT', 'length_exceeded']],
  ['refusal', ['content_filter', 'SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'refusal']],
  ['refusal', ['BLOCKLIST', 'SPII', 'IMAGE_SAFETY', 'LANGUAGE', 'content_filtered', 'recitation']],
  ['refusal', ['guardrail_intervened', 'MODEL_ARMOR', 'IMAGE_PROHIBITED_CONTENT', 'ERROR_TOXIC']],
  ['refusal', ['contentFilter', 'blocked', 'policy_violation', 'flagged_as_sensitive', 'refused']],
  ['broken', ['abort', 'aborted', 'cancelled', 'error', 'insufficient_system_resource', 'failed']],
  ['broken', ['user_cancelled', 'internal_error', 'engine_overloaded', 'request_timeout']],
  ['other', ['tool_calls', 'tool_use', 'MALFORMED_FUNCTION_CALL', 'OTHER', 'something_new', '']],
  ['other', ['FINISH_REASON_UNSPECIFIED', '---', null]],
])('%s: %s', (end, words) => {
  expect(words.map(replyEnd)).toEqual(words.map(() => end));
});
