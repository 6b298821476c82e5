import type { ResolvedConfig, ResolvedRole } from '../../config/resolved-config.ts';
import { BlueprintError, throwIfAborted } from '../../domain/errors.ts';
import {
  formatModelRef,
  isRules,
  modelRoles,
  parseModelRef,
  roleDefaults,
  type ModelRef,
  type ModelRole,
} from '../../domain/model-role.ts';
import type { Redactor } from '../../text/redact.ts';
import type {
  LanguageModel,
  ModelIdentity,
  ModelProvider,
  ModelRequest,
  ModelResult,
} from '../language-model.ts';
import { purposeText, scriptedError } from '../providers/scripted-format.ts';
import { differences, nearestEntry, type RecordedEntry } from './differences.ts';
import { recordedHash } from './recorded-call.ts';

/** A recording that answers in place of the models it was made of. */
export interface Replay {
  /** By name: those of the recording, which need no key. */
  readonly providers: ReadonlyMap<string, ModelProvider>;
  /** For each role the models that it was recorded with; for a role without, its default's, else all. */
  readonly roles: ResolvedConfig['roles'];
  /** Whether a call of this model to this request is still to be answered. */
  holds(ref: ModelRef, request: ModelRequest): boolean;
}

/** The calls with one hash, in the order in which they were recorded. */
interface Queue {
  readonly entries: RecordedEntry[];
  used: number;
}

/**
 * Strict: a request is answered by the call with its hash, the same request twice in the order of the
 * recording, and one that is not there is BlueprintError `replay-unmatched`.
 * @param path as it is shown to people.
 */
export function createReplay(
  entries: readonly RecordedEntry[],
  { path, redactor }: { path: string; redactor: Redactor },
): Replay {
  const queues = new Map<string, Queue>();
  for (const entry of entries) {
    const { hash } = entry.recorded;
    const queue = queues.get(hash) ?? { entries: [], used: 0 };
    queue.entries.push(entry);
    queues.set(hash, queue);
  }

  const answer = async (identity: ModelIdentity, request: ModelRequest): Promise<ModelResult> => {
    throwIfAborted(request.signal);
    const queue = queues.get(recordedHash(identity.ref, request, redactor));
    const entry = queue?.entries[queue.used];
    if (queue === undefined || entry === undefined)
      throw unmatched(identity.ref, cleaned(request, redactor), { path, entries, queue });
    queue.used += 1;
    if (entry.error !== undefined) throw scriptedError(entry.error, formatModelRef(identity.ref));
    return resultOf(entry, identity, request);
  };

  const providers = new Map<string, ModelProvider>();
  for (const { recorded } of entries) {
    if (isRules(recorded.model)) continue;
    const name = parseModelRef(recorded.model)?.provider ?? '';
    providers.set(name, {
      name,
      unavailable: () => null,
      model(id): LanguageModel {
        const identity = identityOf({ provider: name, model: id }, entries);
        return { identity, generate: (request) => answer(identity, request) };
      },
    });
  }
  return {
    providers,
    roles: rolesOf(entries),
    holds(ref, request) {
      const queue = queues.get(recordedHash(ref, request, redactor));
      return queue !== undefined && queue.used < queue.entries.length;
    },
  };
}

function identityOf(ref: ModelRef, entries: readonly RecordedEntry[]): ModelIdentity {
  const name = formatModelRef(ref);
  const known = entries.find(({ recorded }) => recorded.model === name)?.recorded;
  return { ref, family: known?.family ?? ref.model };
}

async function resultOf(
  { reply, recorded, usage, finishReason, line }: RecordedEntry,
  identity: ModelIdentity,
  request: ModelRequest,
): Promise<ModelResult> {
  if (reply === undefined || !('text' in reply))
    throw new Error(`Line ${line} of a recording has no text, which its reading has not noticed`);
  for (const piece of reply.text.split(/(?<=\n)/)) {
    throwIfAborted(request.signal);
    request.onActivity?.();
    if (piece !== '') request.onText?.(piece);
    // Between the pieces others have their turn, as with a stream.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    text: reply.text,
    finishReason,
    rawFinishReason: recorded.rawFinishReason ?? null,
    usage,
    identity,
    servedBy: recorded.servedBy ?? identity.ref.model,
    warnings: recorded.warnings,
  };
}

function rolesOf(entries: readonly RecordedEntry[]): ResolvedConfig['roles'] {
  const models = (role: ModelRole | null): ModelRef[] => {
    const names = entries.flatMap(({ when, recorded }) =>
      role === null || when.role === role ? [recorded.model] : [],
    );
    return [...new Set(names)].flatMap((name) => parseModelRef(name) ?? []);
  };
  const listOf = (role: ModelRole): ModelRef[] => {
    const own = models(role);
    if (own.length > 0) return own;
    const other = roleDefaults[role];
    return other === undefined ? models(null) : listOf(other);
  };
  return Object.fromEntries(
    modelRoles.map((role): [ModelRole, ResolvedRole] => {
      const list = listOf(role);
      return [role, { models: list, large: list, source: 'flag' }];
    }),
  ) as Record<ModelRole, ResolvedRole>;
}

function cleaned(request: ModelRequest, { all }: Redactor): ModelRequest {
  return { ...request, parts: request.parts.map((part) => ({ ...part, text: all(part.text) })) };
}

const fix =
  'Replay into a fresh folder, with the version, brief, files, config and options that it was recorded with; or record anew.';

function unmatched(
  ref: ModelRef,
  request: ModelRequest,
  {
    path,
    entries,
    queue,
  }: { path: string; entries: readonly RecordedEntry[]; queue?: Queue | undefined },
): BlueprintError {
  const about = `${purposeText(request)}, ${formatModelRef(ref)}`;
  const last = queue?.entries.at(-1);
  const nearest = last ?? nearestEntry(entries, ref, request);
  const found =
    last !== undefined
      ? [
          `it answers this request ${queue?.entries.length === 1 ? 'once' : `${queue?.entries.length} times`}, and was asked once more`,
        ]
      : nearest === null
        ? []
        : [
            `the nearest is line ${nearest.line}, from which it differs in`,
            ...differences(nearest, ref, request).map((difference) => `  - ${difference}`),
          ];
  return new BlueprintError({
    code: 'replay-unmatched',
    message: [`The recording has no reply to this request (${about}):`, ...found].join('\n  '),
    target: nearest === null ? path : `${path}:${nearest.line}`,
    fix,
  });
}
