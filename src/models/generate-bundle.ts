import { applyBundle } from '../domain/bundle/apply.ts';
import { parseFencedBundle } from '../domain/bundle/fenced.ts';
import { parseJsonBundle } from '../domain/bundle/json.ts';
import { fileBundleSchema, type FileBundle, type FileChanges } from '../domain/bundle.ts';
import type { Candidate, ReadBase } from '../domain/candidate.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { responseSchema } from './generate-object.ts';
import type { LanguageModel, ModelRequest, ModelResult } from './language-model.ts';

export type BundleCodec = 'fenced' | 'json';

/**
 * Asks for files. A reply that cannot be read or applied to the base is shown to the model once with its
 * exact faults; a second one ends as ModelError `malformed` with the raw reply.
 */
export async function generateBundle(
  model: LanguageModel,
  request: Omit<ModelRequest, 'schema'>,
  base: ReadBase,
  codec: BundleCodec,
): Promise<Candidate> {
  const asked: ModelRequest =
    codec === 'json'
      ? { ...request, schema: responseSchema('file_bundle', fileBundleSchema) }
      : request;
  const first = await model.generate(asked);
  const firstRead = await readBundle(first.text, base, codec);
  if ('bundle' in firstRead) return candidate(firstRead, first);

  const second = await model.generate({
    ...asked,
    purpose: { ...request.purpose, stage: `${request.purpose.stage}:repair` },
    parts: [
      ...request.parts,
      { role: 'assistant', name: 'reply', text: first.text === '' ? '(empty)' : first.text },
      {
        role: 'user',
        name: 'faults',
        text: [
          'Your reply could not be applied; nothing of it was kept:',
          ...firstRead.faults.map((fault) => `- ${fault}`),
          'Send all of it again in the same form, corrected.',
        ].join('\n'),
      },
    ],
  });
  const secondRead = await readBundle(second.text, base, codec);
  if ('bundle' in secondRead) return candidate(secondRead, second);
  throw new ModelError({
    kind: 'malformed',
    model: formatModelRef(second.identity.ref),
    message: `The files of «${request.purpose.stage}» could not be applied, twice: ${secondRead.faults.join('; ')}`,
    fix: 'Run the task again, or put another model first for this role.',
    rawReply: second.text,
  });
}

type ReadBundle = { bundle: FileBundle; changes: FileChanges } | { faults: string[] };

async function readBundle(text: string, base: ReadBase, codec: BundleCodec): Promise<ReadBundle> {
  const parsed = codec === 'json' ? parseJsonBundle(text) : parseFencedBundle(text);
  if ('faults' in parsed) return parsed;
  const applied = await applyBundle(parsed.bundle, base);
  if ('faults' in applied) return applied;
  if (applied.changes.size === 0) return { faults: ['It changes no file.'] };
  return { bundle: parsed.bundle, changes: applied.changes };
}

function candidate(
  read: { bundle: FileBundle; changes: FileChanges },
  result: ModelResult,
): Candidate {
  return { ...read, author: result.identity };
}
