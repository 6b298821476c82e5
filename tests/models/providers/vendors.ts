import type { ResolvedProvider } from '../../../src/config/resolved-config.ts';
import { InterruptedError } from '../../../src/domain/errors.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { ModelProvider, ModelRequest } from '../../../src/models/language-model.ts';
import { anthropicProvider } from '../../../src/models/providers/anthropic.ts';
import { googleProvider } from '../../../src/models/providers/google.ts';
import { openaiCompatibleProvider } from '../../../src/models/providers/openai-compatible.ts';
import { openaiProvider } from '../../../src/models/providers/openai.ts';
import type { ReplyLimits } from '../../../src/models/providers/reply-limits.ts';
import { startAnthropicServer } from '../../helpers/loopback/anthropic-server.ts';
import { startChatServer } from '../../helpers/loopback/chat-server.ts';
import { startGoogleServer } from '../../helpers/loopback/google-server.ts';
import { startOpenAiServer } from '../../helpers/loopback/openai-server.ts';
import type { Handler, LoopbackServer } from '../../helpers/loopback/server.ts';

export interface VendorUnderTest {
  readonly name: string;
  readonly model: string;
  readonly variable: string;
  readonly kind: ResolvedProvider['kind'];
  /** An event whose data is no JSON. */
  readonly brokenEvent: string;
  start(handler: Handler): Promise<LoopbackServer>;
  provider(config: ResolvedProvider, limits: ReplyLimits): ModelProvider;
}

export const vendors: readonly VendorUnderTest[] = [
  {
    name: 'anthropic',
    model: 'claude-sonnet-5-5',
    variable: 'ANTHROPIC_API_KEY',
    kind: 'anthropic',
    brokenEvent: 'event: message_start\ndata: {"type": "mess\n\n',
    start: startAnthropicServer,
    provider: anthropicProvider,
  },
  {
    name: 'openai',
    model: 'gpt-5.6-terra',
    variable: 'OPENAI_API_KEY',
    kind: 'openai',
    brokenEvent: 'event: response.created\ndata: {"type": "resp\n\n',
    start: startOpenAiServer,
    provider: openaiProvider,
  },
  {
    name: 'groq',
    model: 'llama-4-70b',
    variable: 'GROQ_API_KEY',
    kind: 'openai-compatible',
    brokenEvent: 'data: {"id": "chat\n\n',
    start: startChatServer,
    provider: openaiCompatibleProvider,
  },
  {
    name: 'google',
    model: 'gemini-3.1-pro-preview',
    variable: 'GEMINI_API_KEY',
    kind: 'google',
    brokenEvent: 'data: {"candidates": \n\n',
    start: startGoogleServer,
    provider: googleProvider,
  },
];

export const limits: ReplyLimits = { maxReplyBytes: 1_000_000 };
export const key = 'sk-test-0123456789abcdef';

export function configOf(
  vendor: Pick<VendorUnderTest, 'name' | 'kind' | 'variable'>,
  baseUrl: string,
  changes: Partial<ResolvedProvider> = {},
): ResolvedProvider {
  return {
    name: vendor.name,
    kind: vendor.kind,
    baseUrl,
    apiKey: key,
    keyVariables: [vendor.variable],
    keyless: false,
    structured: 'json_schema',
    script: undefined,
    ...changes,
  };
}

export function requestOf(changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    role: 'coder',
    purpose: { stage: 'code', feature: 'shop', task: 'T1', attempt: 1, round: 1 },
    parts: [
      { role: 'system', name: 'rules', text: 'You write code.' },
      { role: 'user', name: 'task', text: 'Write it.' },
    ],
    maxOutputTokens: 1000,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** The error that a call ends with; a call that ends well fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<ModelError> {
  const error = await call.then(
    (result) => new Error(`answered: ${JSON.stringify(result)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ModelError) return error;
  throw error;
}

export async function interruptionOf(call: Promise<unknown>): Promise<InterruptedError> {
  const error = await call.then(
    (result) => new Error(`answered: ${JSON.stringify(result)}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof InterruptedError) return error;
  throw error;
}
