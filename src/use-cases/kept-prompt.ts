import * as z from 'zod';
import type { BundleCodec } from '../models/generate-bundle.ts';
import { messagesOf, type Message } from '../report/preferences/formats.ts';
import type { SeenAttempt } from '../report/preferences/seen-work.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { sha256 } from '../text/sha256.ts';
import { keptCall, keptPrompt, type ExportSource } from './export-sources.ts';
import type { Program } from './program.ts';

/** What an author was asked, and the form of the reply. */
export interface KeptPrompt {
  readonly messages: readonly Message[];
  /** Equal for the same messages. */
  readonly hash: string;
  readonly codec: BundleCodec;
}

const partsSchema = z.array(
  z.object({ role: z.enum(['system', 'user', 'assistant']), name: z.string(), text: z.string() }),
);

/**
 * What the attempt's author was asked, as it was sent, without what tells the candidates of a tournament
 * apart. An attempt that began with a person's words on earlier work has asked no author: its prompt is the
 * one that was written down for it.
 */
export async function promptOf(
  source: ExportSource,
  { task, attempt, call: hash }: SeenAttempt,
  { redactor }: Pick<Program, 'redactor'>,
): Promise<KeptPrompt | null> {
  const call = hash === null ? null : await keptCall(source, hash);
  const parts =
    hash === null
      ? parseJsonAs(await source.read(`partial/${task}/${attempt}/prompt.json`), partsSchema)
      : call && (await keptPrompt(source, call));
  if (parts === null || parts.length === 0) return null;
  const shared = parts.filter(({ name }) => name !== 'approach');
  const messages = messagesOf(redactor.deep(shared));
  const codec = call?.request?.schema === 'file_bundle' ? 'json' : 'fenced';
  return { messages, hash: sha256(JSON.stringify(messages)), codec };
}
