import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ResolvedProvider } from '../../config/resolved-config.ts';
import {
  BlueprintError,
  InterruptedError,
  throwIfAborted,
  messageOf,
} from '../../domain/errors.ts';
import { ModelError } from '../../domain/model-error.ts';
import { toSingleLine } from '../../domain/text.ts';
import type {
  LanguageModel,
  ModelIdentity,
  ModelProvider,
  ModelRequest,
  ModelResult,
} from '../language-model.ts';
import { parseScript, purposeText, scriptedError, type ScriptEntry } from './scripted-format.ts';

/**
 * Answers from a JSONL file (docs/scripts.md) instead of a model. Strict: a request that no entry
 * answers is BlueprintError `script-unmatched`, which shows the request. Entries are matched by what a
 * call is for, not by the order of calls, so that tasks may run at the same time and a stopped run may
 * go on in a new process.
 */
export function scriptedProvider(config: ResolvedProvider): ModelProvider {
  let script: Promise<Script> | undefined;
  const load = (path: string): Promise<Script> => (script ??= loadScript(path));
  return {
    name: config.name,
    unavailable: () =>
      config.script === undefined
        ? {
            reason: `no script file is set: give providers.${config.name}.script in the config`,
            variables: [],
          }
        : null,
    model: (id) => scriptedModel(config, id, load),
  };
}

/** An entry with the number of replies it has given to this process. */
interface Held {
  readonly entry: ScriptEntry;
  used: number;
}

interface Script {
  readonly path: string;
  readonly entries: readonly Held[];
  /** Of the entries those that may answer a task's requests, once it was asked about. */
  readonly byTask: Map<string | null, readonly Held[]>;
}

async function loadScript(path: string): Promise<Script> {
  const entries = parseScript(await readText(path, path), path);
  return { path, entries: entries.map((entry) => ({ entry, used: 0 })), byTask: new Map() };
}

async function readText(path: string, target: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new BlueprintError({
      code: 'script-unreadable',
      message: `The script's file ${path} cannot be read: ${messageOf(cause)}`,
      target,
      fix: 'Check the path; a reply’s `file` is relative to the script.',
      cause,
    });
  }
}

function scriptedModel(
  config: ResolvedProvider,
  id: string,
  load: (path: string) => Promise<Script>,
): LanguageModel {
  const identity: ModelIdentity = {
    ref: { provider: config.name, model: id },
    // `author-large` and `author-small` stand for models of one vendor, `reviewer` for another's.
    family: id.split('-', 1)[0] ?? id,
  };
  return {
    identity,
    generate: async (request) => {
      throwIfAborted(request.signal);
      if (config.script === undefined) throw noScript(config.name, id);
      const script = await load(config.script);
      const entry = takeEntry(script, request);
      const model = `${config.name}/${id}`;
      if (entry.error !== undefined) {
        await pause(entry.delayMs, request.signal);
        throw scriptedError(entry.error, model);
      }
      const text = await replyText(entry, script.path);
      await stream(text, entry, request);
      return result(text, entry, identity, model);
    },
  };
}

function noScript(provider: string, id: string): ModelError {
  return new ModelError({
    kind: 'unavailable',
    model: `${provider}/${id}`,
    message: `The provider «${provider}» has no script file`,
    fix: `Give providers.${provider}.script in the config.`,
  });
}

/** The first entry that fits and has replies left; counts the reply. No await: calls run at once. */
function takeEntry(script: Script, request: ModelRequest): ScriptEntry {
  const found = entriesFor(request.purpose.task, script).find(
    (held) => mismatches(held, request).length === 0,
  );
  if (found === undefined) throw unmatched(script, request);
  found.used += 1;
  return found.entry;
}

/** Those that may answer a task's requests, in their order: a script for many tasks is long. */
function entriesFor(task: string | null, { entries, byTask }: Script): readonly Held[] {
  let found = byTask.get(task);
  if (found === undefined) {
    found = entries.filter(({ entry: { when } }) => when.task === undefined || when.task === task);
    byTask.set(task, found);
  }
  return found;
}

/** Why an entry does not answer the request; empty when it does. */
function mismatches({ entry, used }: Held, request: ModelRequest): string[] {
  const { when, times } = entry;
  const asked = { ...request.purpose, role: request.role };
  const faults = (['stage', 'task', 'role', 'round', 'attempt', 'candidate', 'critic'] as const)
    .filter((field) => when[field] !== undefined && when[field] !== asked[field])
    .map((field) => `its ${field} is ${String(when[field])}, not ${String(asked[field])}`);
  for (const text of when.contains ?? []) {
    if (!request.parts.some((part) => part.text.includes(text)))
      faults.push(`no part contains «${toSingleLine(text, 80)}»`);
  }
  if (times !== null && used >= times)
    faults.push(`it has already answered ${times === 1 ? 'once' : `${times} times`}`);
  return faults;
}

function unmatched(script: Script, request: ModelRequest): BlueprintError {
  const judged = script.entries.map((held) => ({ held, faults: mismatches(held, request) }));
  const last = request.parts.at(-1);
  const nearest = judged.reduce<(typeof judged)[number] | undefined>(
    (best, next) => (best === undefined || next.faults.length < best.faults.length ? next : best),
    undefined,
  );
  const head =
    last === undefined
      ? 'it has no parts'
      : `its last part «${last.name}» begins «${toSingleLine(last.text, 160)}»`;
  const near =
    nearest === undefined
      ? 'The script has no entries'
      : `The nearest entry is line ${nearest.held.entry.line}, but ${nearest.faults.join('; ')}`;
  return new BlueprintError({
    code: 'script-unmatched',
    message: `No entry of the script answers this request: ${purposeText(request)}; ${head}. ${near}.`,
    target: nearest === undefined ? script.path : `${script.path}:${nearest.held.entry.line}`,
    fix: 'Add an entry for it to the script, or raise `times` of one that fits (docs/scripts.md).',
  });
}

async function replyText(entry: ScriptEntry, scriptPath: string): Promise<string> {
  const reply = entry.reply ?? { text: '' };
  if ('text' in reply) return reply.text;
  if ('lines' in reply) return reply.lines.join('\n');
  if ('json' in reply) return JSON.stringify(reply.json, null, 2);
  return readText(join(dirname(scriptPath), reply.file), `${scriptPath}:${entry.line}`);
}

async function stream(text: string, entry: ScriptEntry, request: ModelRequest): Promise<void> {
  // By code points, so that no piece ends in half a character.
  const characters = Array.from(text);
  const size = entry.chunk ?? Math.max(characters.length, 1);
  for (let start = 0; start === 0 || start < characters.length; start += size) {
    await pause(entry.delayMs, request.signal);
    request.onActivity?.();
    const piece = characters.slice(start, start + size).join('');
    if (piece !== '') request.onText?.(piece);
  }
}

async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  throwIfAborted(signal);
  if (delayMs === 0) return;
  try {
    await wait(delayMs, undefined, { signal });
  } catch {
    // The timer rejects for an abort alone.
    throw new InterruptedError();
  }
}

/** @throws ModelError for a reply that the script calls cut short or refused, as any adapter does. */
function result(
  text: string,
  entry: ScriptEntry,
  identity: ModelIdentity,
  model: string,
): ModelResult {
  const unusable = (kind: 'truncated' | 'refused', how: string): ModelError =>
    new ModelError({
      kind,
      model,
      message: `The scripted reply is marked as ${how}`,
      rawReply: text,
    });
  if (entry.finishReason === 'length') throw unusable('truncated', 'cut short');
  if (entry.finishReason === 'refusal') throw unusable('refused', 'a refusal');
  return {
    text,
    finishReason: entry.finishReason,
    rawFinishReason: null,
    usage: entry.usage,
    identity,
    servedBy: model,
    warnings: [],
  };
}
