import { throwIfAborted } from '../../src/domain/errors.ts';
import type { RoutingDecision } from '../../src/domain/event.ts';
import { formatModelRef, parseModelRef, type ModelRole } from '../../src/domain/model-role.ts';
import { noUsage } from '../../src/domain/usage.ts';
import type {
  LanguageModel,
  ModelIdentity,
  ModelRequest,
  ModelRouter,
  RouteNeed,
} from '../../src/models/language-model.ts';

/** In place of a model in a role's list: rules, which are never asked. */
export const rulesEntry = { ref: 'offline/planner', family: 'rules' };

/** Text, an object to be sent as JSON, an error to be thrown, or what makes one of these of the request. */
export type FakeReply =
  | string
  | object
  | Error
  | ((request: ModelRequest) => string | object | Promise<string | object>);

export interface FakeModel extends LanguageModel {
  /** Every request, in order. */
  readonly requests: readonly ModelRequest[];
  /** Stages whose stored reply was forgotten. */
  readonly forgotten: readonly string[];
  /** `stage` of what was not asked for. */
  unused(): string[];
}

/**
 * A model that follows a script: for each stage (`stage`, or `stage:T1` for one task) its replies in order.
 * A request for which there is none throws, and shows the request.
 */
export function fakeModel(
  script: Readonly<Record<string, readonly FakeReply[]>>,
  options: { ref?: string; family?: string; warnings?: readonly string[] } = {},
): FakeModel {
  const ref = parseModelRef(options.ref ?? 'fake/one');
  if (ref === null) throw new Error(`«${options.ref}» is not provider/model`);
  const identity: ModelIdentity = { ref, family: options.family ?? ref.provider };
  const left = new Map(Object.entries(script).map(([stage, replies]) => [stage, [...replies]]));
  const requests: ModelRequest[] = [];
  const forgotten: string[] = [];
  return {
    identity,
    requests,
    forgotten,
    unused: () => [...left].flatMap(([stage, replies]) => replies.map(() => stage)),
    async generate(request) {
      throwIfAborted(request.signal);
      requests.push(request);
      const { stage, task } = request.purpose;
      const queue = [left.get(`${stage}:${task}`), left.get(stage)].find(
        (replies) => replies !== undefined && replies.length > 0,
      );
      const next = queue?.shift();
      if (next === undefined)
        throw new Error(
          `The script of ${formatModelRef(ref)} has no reply left for this request:\n${shown(request)}`,
        );
      const reply = typeof next === 'function' ? await next(request) : next;
      if (reply instanceof Error) throw reply;
      const text = typeof reply === 'string' ? reply : JSON.stringify(reply);
      const middle = text.length >> 1;
      for (const piece of [text.slice(0, middle), text.slice(middle)])
        if (piece !== '') request.onText?.(piece);
      throwIfAborted(request.signal);
      return {
        text,
        finishReason: 'stop',
        rawFinishReason: 'stop',
        usage: noUsage,
        identity,
        servedBy: ref.model,
        warnings: options.warnings ?? [],
        forget: async () => {
          forgotten.push(stage);
        },
      };
    },
  };
}

export interface FakeRouter extends ModelRouter {
  readonly decisions: readonly { role: ModelRole; need: RouteNeed; chosen: string }[];
}

/** Roles to models; an error stands for a role with no reachable model. A role that is not named throws. */
export function fakeRouter(
  models: Readonly<Partial<Record<ModelRole, LanguageModel | Error>>>,
): FakeRouter {
  const decisions: { role: ModelRole; need: RouteNeed; chosen: string }[] = [];
  const modelFor = (role: ModelRole): LanguageModel => {
    const model = models[role];
    if (model === undefined) throw new Error(`The test names no model for the role ${role}`);
    if (model instanceof Error) throw model;
    return model;
  };
  return {
    decisions,
    decide(role, need = {}): RoutingDecision {
      const chosen = formatModelRef(modelFor(role).identity.ref);
      decisions.push({ role, need, chosen });
      return { role, chosen, reason: `named for ${role}`, passedOver: [], fallbacks: [] };
    },
    model: ({ role }) => modelFor(role),
  };
}

function shown(request: ModelRequest): string {
  return [
    `role ${request.role}, ${JSON.stringify(request.purpose)}`,
    ...request.parts.map(({ role, name, text }) => `--- ${role} ${name}\n${text}`),
  ].join('\n');
}
