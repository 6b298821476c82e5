import type { CallPurpose, RoutingDecision } from '../domain/event.ts';
import type { ModelIdentity, ModelRole } from '../domain/model-role.ts';
import type { Usage } from '../domain/usage.ts';

export type { ModelIdentity } from '../domain/model-role.ts';

export type FinishReason = 'stop' | 'length' | 'refusal' | 'other';
export type Effort = 'low' | 'medium' | 'high';

/** One piece of a prompt. Stable pieces come first, what differs comes last, so that prefix caches hold. */
export interface MessagePart {
  readonly role: 'system' | 'user' | 'assistant';
  /** What the piece is, as `brief`, `spec`, `task`; for people, and for scripts that match by it. */
  readonly name: string;
  readonly text: string;
  /** A good place to end a cached prefix. */
  readonly cache?: boolean;
}

/** The standing instructions that a prompt begins with. */
export function instructionsPart(text: string): MessagePart {
  return { role: 'system', name: 'instructions', text, cache: true };
}

/** What is asked, or shown, after them. */
export function userPart(name: string, text: string): MessagePart {
  return { role: 'user', name, text };
}

/** As `userPart`, at a good place to end a cached prefix. */
export function cachedPart(name: string, text: string): MessagePart {
  return { ...userPart(name, text), cache: true };
}

/** The JSON Schema that a reply must match, in the portable style (see `domain/review.ts`). */
export interface ResponseSchema {
  /** `[a-z_]+`; some providers demand a name. */
  readonly name: string;
  readonly json: Record<string, unknown>;
}

export interface ModelRequest {
  readonly role: ModelRole;
  readonly purpose: CallPurpose;
  readonly parts: readonly MessagePart[];
  readonly schema?: ResponseSchema;
  readonly maxOutputTokens: number;
  readonly effort?: Effort;
  /** Part of the request's hash alone: another salt asks the same question anew. */
  readonly salt?: string;
  readonly signal: AbortSignal;
  /** Called with each piece of text as it arrives; the pieces make up `text`. */
  readonly onText?: (delta: string) => void;
  /** Called at every sign of life of the stream, text or not, so that silence can be told from work. */
  readonly onActivity?: () => void;
  /** Called before the call is tried again; what it throws ends the call. */
  readonly onRetry?: () => void;
  /** The call waits in a queue, before it is sent: no deadline may count that time. */
  readonly onWait?: () => void;
  /** The wait is over: always called once for each `onWait`. */
  readonly onWaitEnd?: () => void;
}

export interface ModelResult {
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly usage: Usage;
  readonly identity: ModelIdentity;
  /** The model's name as the provider reported it. */
  readonly servedBy: string;
  readonly warnings: readonly string[];
  /** The reply was kept from before: nothing was asked. */
  readonly stored?: boolean;
  /** Takes this reply out of the call store, so that the same request is asked anew next time. */
  readonly forget?: () => Promise<void>;
}

/** The port behind which every provider stands. */
export interface LanguageModel {
  readonly identity: ModelIdentity;
  /**
   * @throws ModelError when there is no whole, usable text: also for refusals and replies cut short.
   * @throws InterruptedError when `request.signal` ended it.
   */
  generate(request: ModelRequest): Promise<ModelResult>;
}

/** A vendor's factory: holds keys and base URL. */
export interface ModelProvider {
  readonly name: string;
  /** Null when models can be asked for; else what is missing and how to supply it. Makes no call. */
  unavailable(): { readonly reason: string; readonly variables: readonly string[] } | null;
  model(id: string): LanguageModel;
}

export interface RouteNeed {
  /** Tokens of the content the call is about; the parser and coder lists may differ by size. */
  readonly contentTokens?: number;
  /** Take a model of another family than these where one is reachable, else of one that comes late here. */
  readonly avoidFamilies?: readonly string[];
  /**
   * Models, `provider/model`, whose own work it is, the latest author first: taken only where no other can
   * be reached, be it of another role.
   */
  readonly avoidModels?: readonly string[];
}

/** Role → model. */
export interface ModelRouter {
  /** @throws BlueprintError `no-model` (exit 5), naming the variables that would help. */
  decide(role: ModelRole, need?: RouteNeed): RoutingDecision;
  /**
   * The decision's model; when it cannot answer, the next of the role does.
   * @throws BlueprintError `no-model` for a decision for rules, which are no model
   */
  model(decision: RoutingDecision): LanguageModel;
}
