import { BlueprintError, ExitCode } from './errors.ts';
import type { Usage } from './usage.ts';

export const modelErrorKinds = [
  'auth',
  'rate_limit',
  'quota_exhausted',
  'overloaded',
  'timeout',
  'network',
  'bad_request',
  'context_too_long',
  'refused',
  'truncated',
  'malformed',
  'reply_too_large',
  'unavailable',
] as const;
export type ModelErrorKind = (typeof modelErrorKinds)[number];

/**
 * Whether the same call may succeed later, whether another model may succeed now, and what was at fault: the
 * way to the model, or what was asked and replied.
 */
const remedies: Record<
  ModelErrorKind,
  { retry: boolean; fallback: boolean; at: 'provider' | 'reply' }
> = {
  auth: { retry: false, fallback: true, at: 'provider' },
  rate_limit: { retry: true, fallback: true, at: 'provider' },
  quota_exhausted: { retry: false, fallback: true, at: 'provider' },
  overloaded: { retry: true, fallback: true, at: 'provider' },
  timeout: { retry: true, fallback: true, at: 'provider' },
  network: { retry: true, fallback: true, at: 'provider' },
  bad_request: { retry: false, fallback: false, at: 'reply' },
  context_too_long: { retry: false, fallback: true, at: 'reply' },
  refused: { retry: false, fallback: false, at: 'reply' },
  truncated: { retry: false, fallback: false, at: 'reply' },
  malformed: { retry: false, fallback: true, at: 'reply' },
  reply_too_large: { retry: false, fallback: true, at: 'reply' },
  unavailable: { retry: false, fallback: true, at: 'provider' },
};

const kindsAt = (at: 'provider' | 'reply'): ReadonlySet<string> =>
  new Set(modelErrorKinds.filter((kind) => remedies[kind].at === at));

/** Kinds that say nothing of the work: the same may be had when the provider can be reached again. */
export const providerFaults = kindsAt('provider');
/** Kinds of what was asked and replied: asking the same again would be paid, and say the same. */
export const replyFaults = kindsAt('reply');

/** The error of a reply that cannot be used. @throws what is none */
export function asReplyFault(error: unknown): ModelError {
  if (!(error instanceof ModelError) || !replyFaults.has(error.kind)) throw error;
  return error;
}

/** A model call that did not give a usable reply. Classed once, in the provider's adapter. */
export class ModelError extends BlueprintError {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  /** `provider/model`. */
  readonly model: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** What the failed reply cost in tokens; undefined when nothing was counted or nothing was written. */
  readonly usage: Usage | undefined;
  /** What the provider sent instead of a usable reply, so that it can be kept. */
  readonly rawReply: string | undefined;

  constructor(options: {
    kind: ModelErrorKind;
    model: string;
    message: string;
    fix?: string;
    status?: number | undefined;
    retryAfterMs?: number | undefined;
    usage?: Usage | undefined;
    rawReply?: string | undefined;
    cause?: unknown;
  }) {
    super({
      code: `model-${options.kind.replaceAll('_', '-')}`,
      message: options.message,
      target: options.model,
      exitCode: ExitCode.unavailable,
      cause: options.cause,
      ...(options.fix !== undefined && { fix: options.fix }),
    });
    this.kind = options.kind;
    this.model = options.model;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.usage = options.usage;
    this.rawReply = options.rawReply;
  }

  get retryHelps(): boolean {
    return remedies[this.kind].retry;
  }

  get fallbackHelps(): boolean {
    return remedies[this.kind].fallback;
  }
}
